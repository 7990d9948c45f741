import { priceKey } from '../../src/domain/cache-key.ts';
import { partitionOf } from '../../src/domain/partition.ts';
import { startMarketNode, type MarketNode } from '../../test/support/market-node.ts';
import { startRedis } from '../../test/support/redis.ts';
import { interleaved } from '../support/measure.ts';
import { spread, times, type BenchResult } from '../support/result.ts';
import { invalidationOf } from './events.ts';
import { createNaiveCache, type NaiveCache } from './naive-cache.ts';

const OPERATIONS = 3_000;
const AT_ONCE = 32;
const BATCH = 100;
const REGION = 'bench-1';
const VALUE = { rateMicros: 2_000_000, version: 1, updatedAt: 1_790_000_000_000 };

/** (b) What a miss with its fill, and an invalidation, cost against a cache without a protocol. */
export async function benchThroughput(): Promise<BenchResult> {
  const redis = await startRedis();
  const node = await startMarketNode({ database: { path: 'memory://' }, redisUrl: redis.url });
  const naive = await createNaiveCache({
    url: redis.url,
    load: async () => VALUE,
    ttlMs: 60_000,
    maxEntries: 2000,
  });
  const get = fillThrough(node);
  const found = await interleaved([
    { name: 'miss and fill: edgebook', run: () => rate((id) => get(`ours-${id}`)) },
    { name: 'miss and fill: naive', run: () => rate((id) => naive.get(`theirs-${id}`)) },
    { name: 'invalidation: edgebook', run: () => rate((id) => invalidate(node, `ours-${id}`)) },
    { name: 'invalidation: edgebook, as a relay does it', run: () => relayed(node) },
    { name: 'invalidation: naive', run: () => rate((id) => invalidateNaively(naive, id)) },
  ]);
  naive.stop();
  await node.stop();
  await redis.stop();
  const naiveOf = (name: string): number =>
    found[name.startsWith('miss') ? 'miss and fill: naive' : 'invalidation: naive'].median;
  return {
    title: '(b) Throughput of misses and invalidations',
    parameters: `${OPERATIONS} operations per round, ${AT_ONCE} at once, one process, one Redis; operations/s`,
    columns: ['', 'operations/s', 'against naive'],
    rows: Object.entries(found).map(([name, sample]) => [
      name,
      spread(sample),
      times(sample.median, naiveOf(name)),
    ]),
    aims: [],
  };
}

function fillThrough(node: MarketNode): (id: string) => Promise<unknown> {
  const values = node.cache.collection({
    keyOf: (id: string) => priceKey({ gpuType: id, region: REGION }),
    load: async (ids: readonly string[]) => ids.map(() => ({ value: VALUE, asOf: 0 })),
  });
  return (id) => values.get(id);
}

/** What a relay does with rows of the outbox. */
async function invalidate({ bus, cache }: MarketNode, ...ids: string[]): Promise<void> {
  const events = ids.map((id) => invalidationOf(priceKey({ gpuType: id, region: REGION })));
  const partition = partitionOf(REGION);
  const { base, sequences } = await bus.publish(partition, events);
  for (const [index, event] of events.entries()) {
    cache.apply({ event, partition, base, sequence: sequences[index] ?? 0n });
  }
}

/** One batch after the other, as many rows in each as a relay takes. */
async function relayed(node: MarketNode): Promise<number> {
  const start = performance.now();
  for (let done = 0; done < OPERATIONS; done += BATCH) {
    await invalidate(node, ...Array.from({ length: BATCH }, (_, index) => `ours-${done + index}`));
  }
  return (OPERATIONS * 1000) / (performance.now() - start);
}

function invalidateNaively(naive: NaiveCache<typeof VALUE>, id: number): Promise<void> {
  return naive.invalidate(`theirs-${id}`, 1);
}

let used = 0;

/** Operations per second; every operation gets a number that no other had. */
async function rate(operation: (id: number) => Promise<unknown>): Promise<number> {
  const start = performance.now();
  let left = OPERATIONS;
  const work = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      used += 1;
      await operation(used);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return (OPERATIONS * 1000) / (performance.now() - start);
}
