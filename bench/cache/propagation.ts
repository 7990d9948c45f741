import { fork } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import type { CacheEvent } from '../../src/domain/cache-event.ts';
import { priceKey } from '../../src/domain/cache-key.ts';
import { partitionOf } from '../../src/domain/partition.ts';
import { startMarketNode, type MarketNode } from '../../test/support/market-node.ts';
import { startRedis } from '../../test/support/redis.ts';
import { until } from '../../test/support/wait.ts';
import { interleaved, quantile, type Sample } from '../support/measure.ts';
import { short, spread, times, type Aim, type BenchResult } from '../support/result.ts';
import { invalidationOf } from './events.ts';

const CHANNEL = 'bench:raw';
const SINGLE_EVENTS = 200;
const BATCHES = 30;
const BATCH = 100;
const FOREIGN_KEYS = [100, 100_000];
const REGION = 'bench-1';
const POPULATE_LUA = `for i = 1, ARGV[1] do redis.call('SET', 'foreign:' .. i, i) end`;
const PADDING = 'x'.repeat(400);

type Send = (sentAtNs: string) => Promise<unknown>;

/** (c) How soon and how many events reach another process, against a bare PUBLISH in the same run. */
export async function benchPropagation(): Promise<BenchResult> {
  const redis = await startRedis();
  const node = await startMarketNode({ database: { path: 'memory://' }, redisUrl: redis.url });
  const admin = new Redis(redis.url);
  // Every node hears every event, its own too: so does the sender of the bare messages.
  const ear = new Redis(redis.url);
  await ear.subscribe(CHANNEL);
  const listener = await startListener(redis.url);
  const found: [foreignKeys: number, samples: Samples][] = [];
  for (const foreignKeys of FOREIGN_KEYS) {
    await admin.eval(POPULATE_LUA, 0, foreignKeys);
    found.push([foreignKeys, await measure(node, admin, listener)]);
  }
  listener.stop();
  ear.disconnect();
  admin.disconnect();
  await node.stop();
  await redis.stop();
  return report(found);
}

interface Listener {
  /** Latencies of all that was heard since the last call, once there are so many. */
  heard(count: number): Promise<number[]>;
  stop(): void;
}

async function startListener(url: string): Promise<Listener> {
  const main = fileURLToPath(new URL('./listener-main.ts', import.meta.url));
  const child = fork(main, [url, CHANNEL], { execArgv: [] });
  let latenciesMs: number[] = [];
  const ready = Promise.withResolvers<void>();
  child.on('message', (message: 'ready' | number[]) => {
    if (message === 'ready') ready.resolve();
    else latenciesMs = latenciesMs.concat(message);
  });
  child.on('exit', () => ready.reject(new Error('the listener has ended')));
  await ready.promise;
  return {
    heard: async (count) => {
      await until(() => latenciesMs.length >= count, {
        what: `${count} messages`,
        timeoutMs: 30_000,
      });
      const heard = latenciesMs;
      latenciesMs = [];
      return heard;
    },
    stop: () => void child.kill('SIGKILL'),
  };
}

async function measure(node: MarketNode, admin: Redis, listener: Listener) {
  const key = priceKey({ gpuType: 'bench', region: REGION });
  const event = (sentAtNs: string) => invalidationOf(key, { reason: sentAtNs, padding: PADDING });
  const ours: Send = (at) => publish(node, [event(at)]);
  const raw: Send = (at) => admin.publish(CHANNEL, `${at}|${PADDING}`);
  const oneByOne = async (send: Send, share: number): Promise<number> => {
    for (let count = 0; count < SINGLE_EVENTS; count += 1) {
      await send(`${process.hrtime.bigint()}`);
      await sleep(1);
    }
    return quantile(await listener.heard(SINGLE_EVENTS), share);
  };
  const rate = async (sendBatch: (at: string) => Promise<unknown>): Promise<number> => {
    const start = performance.now();
    for (let batch = 0; batch < BATCHES; batch += 1) await sendBatch(`${process.hrtime.bigint()}`);
    await listener.heard(BATCHES * BATCH);
    return (BATCHES * BATCH * 1000) / (performance.now() - start);
  };
  return interleaved([
    { name: 'p50 edgebook', run: () => oneByOne(ours, 0.5) },
    { name: 'p50 raw', run: () => oneByOne(raw, 0.5) },
    { name: 'p99 edgebook', run: () => oneByOne(ours, 0.99) },
    { name: 'p99 raw', run: () => oneByOne(raw, 0.99) },
    {
      name: 'rate edgebook',
      run: () =>
        rate((at) =>
          node.bus.publish(
            partitionOf(REGION),
            batchOf(() => event(at)),
          ),
        ),
    },
    { name: 'rate raw', run: () => rate((at) => Promise.all(batchOf(() => raw(at)))) },
  ]);
}

function batchOf<T>(make: () => T): T[] {
  return Array.from({ length: BATCH }, make);
}

/** As an outbox does: again, until the bus takes it. A busy machine may miss the bus's 150 ms. */
function publish({ bus }: MarketNode, events: readonly CacheEvent[]): Promise<unknown> {
  return until(() => bus.publish(partitionOf(REGION), events));
}

type Samples = Record<`${'p50' | 'p99' | 'rate'} ${'edgebook' | 'raw'}`, Sample>;

function report(found: readonly [number, Samples][]): BenchResult {
  const rates = found.map(([, samples]) => samples['rate edgebook'].median);
  const kept = (rates.at(-1) ?? 0) / (rates[0] ?? 1);
  return {
    title: '(c) Propagation to another process',
    parameters:
      `${SINGLE_EVENTS} events one by one per round; ${BATCHES} batches of ${BATCH} for the rate; ` +
      'both processes hear both; raw = PUBLISH → message; edgebook = INVALIDATE (tombstone, log, PUBLISH) → applied and told',
    columns: ['', 'foreign keys', 'edgebook', 'raw', 'ratio'],
    rows: found.flatMap(([foreignKeys, samples]) =>
      (['p50', 'p99', 'rate'] as const).map((what) => {
        const [ours, raw] = [samples[`${what} edgebook`], samples[`${what} raw`]];
        const unit = what === 'rate' ? 'events/s' : 'ms';
        const name = what === 'rate' ? 'throughput' : what;
        return [
          name,
          foreignKeys.toLocaleString('en-US'),
          spread(ours, unit),
          spread(raw, unit),
          times(ours.median, raw.median),
        ];
      }),
    ),
    aims: [
      ...found.map(([foreignKeys, samples]): Aim => {
        const ratio = samples['p50 edgebook'].median / samples['p50 raw'].median;
        const text = `p50 ≤ 2× raw at ${foreignKeys} foreign keys: ${short(ratio)}×`;
        return { text, met: ratio <= 2 };
      }),
      {
        text: `events/s do not depend on foreign keys (≥ 0.7 of the rate): ${short(kept)}×`,
        met: kept >= 0.7,
      },
    ],
  };
}
