import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Pair } from '../../../src/domain/catalog.ts';
import type { Viewer } from '../../../src/domain/viewer.ts';
import { runCli, type CliRun } from '../../support/cli.ts';
import { startEdgebook, type TestEdgebook } from '../../support/edgebook.ts';
import { cancellationOf, orderCancellationOf, orderOf } from '../../support/market-commands.ts';
import { startMarketNode, type MarketNode } from '../../support/market-node.ts';
import { seedMarket, USD, viewer } from '../../support/market-seed.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import { startRedis, type TestRedis } from '../../support/redis.ts';
import * as files from './files.ts';

/** Levels that change, as each follower counts them. */
const CHANGES = 5_000;
const UNITS = 60;
const CENT = USD / 100n;

function levelChanges({ stdout }: CliRun): number {
  const [, count = ''] = /deltas with ([\d,]+) level changes/.exec(stdout) ?? [];
  return Number(count.replaceAll(',', ''));
}

describe('edgebook verify-book, on a node whose books another node changes', () => {
  let created: TestDatabase;
  let redis: TestRedis;
  let writer: MarketNode;
  let server: TestEdgebook;
  let pair: Pair;
  let input: files.InputFiles;

  beforeAll(async () => {
    [created, redis] = await Promise.all([createTestDatabase(), startRedis()]);
    writer = await startMarketNode({ database: created, redisUrl: redis.url, jobs: true });
    const seed = await seedMarket(writer.db);
    pair = { gpuType: seed.big, region: seed.home };
    for (let index = 0; index < UNITS; index += 1)
      await seed.unit({ mode: 'DYNAMIC', baseMicros: 3n * USD + BigInt(index) * CENT });
    input = await files.createInputFiles();
    server = await startEdgebook({
      DATABASE_URL: created.url,
      REDIS_URL: redis.url,
      RATE_LIMIT: 'off',
    });
  });
  afterAll(async () => {
    await server?.stop();
    await writer?.stop();
    await redis?.stop();
    await created?.drop();
    await input?.remove();
  });

  /** Follows until it has seen the changes; the time is only for a node that sends none. */
  function follow(transport: string, record: string): Promise<CliRun> {
    const { gpuType, region } = pair;
    const book = ['--gpu-type', gpuType, '--region', region, '--depth', '100'];
    const until = ['--changes', String(CHANGES), '--seconds', '50'];
    const args = [...book, ...until, '--transport', transport, '--record', record];
    return runCli(['verify-book', `${server.origin}/graphql`, ...args]);
  }

  /** Each price moves every level of the asks. */
  async function reprice(step: number): Promise<void> {
    const rateMicros = 3n * USD + BigInt(step % 50) * CENT;
    const command = { ...pair, rateMicros, reason: 'a burst' };
    await writer.market.updatePricing(viewer('OPERATOR'), command);
  }

  /** Bids come, rest below the asks and go. */
  async function bid(renter: Viewer, step: number): Promise<void> {
    const limitMicros = USD + BigInt(step % 40) * CENT;
    const { order } = await writer.market.placeOrder(renter, orderOf(pair, { limitMicros }));
    await writer.market.cancelOrder(renter, orderCancellationOf(order.id));
  }

  /** One unit is bought and given back. */
  async function buy(renter: Viewer): Promise<void> {
    const order = orderOf(pair, { limitMicros: 99n * USD, timeInForce: 'IOC' });
    const { bookings } = await writer.market.placeOrder(renter, order);
    for (const { id } of bookings) await writer.market.cancelBooking(renter, cancellationOf(id));
  }

  async function tradeUntil(isOver: () => boolean): Promise<void> {
    const renters = [viewer('RENTER'), viewer('RENTER')] as const;
    const repeat = async (act: (step: number) => Promise<void>): Promise<void> => {
      for (let step = 0; !isOver(); step += 1) await act(step);
    };
    await Promise.all([
      repeat(reprice),
      repeat((step) => bid(renters[0], step)),
      repeat(() => buy(renters[1])),
    ]);
  }

  test('sees a burst of thousands of changes without a break, over SSE and WebSocket at once', async () => {
    let over = false;
    const transports = ['sse', 'ws'];
    const records = await Promise.all(transports.map((name) => input.raw(`${name}.jsonl`, '')));
    const following = transports.map((name, index) => follow(name, records[index] ?? ''));
    const all = Promise.all(following).finally(() => (over = true));
    await tradeUntil(() => over);
    for (const run of await all) {
      expect(run.exitCode).toBe(0);
      expect(levelChanges(run)).toBeGreaterThanOrEqual(CHANGES);
      expect(run.stdout).toMatch(/^1 snapshot, /m);
      expect(run.stdout).toContain('0 breaks (chain 0, checksum 0, levels 0)');
    }
    const [sse = ''] = records;
    expect(await runCli(['verify-book', sse])).toMatchObject({ exitCode: 0 });
  });

  test('ends with one sentence for a book that nobody has', async () => {
    const book = ['--gpu-type', 'none', '--region', pair.region];
    const run = await runCli(['verify-book', `${server.origin}/graphql`, ...book]);
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain('`gpuType` and `region`');
  });
});
