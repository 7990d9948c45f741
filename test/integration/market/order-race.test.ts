import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Pair } from '../../../src/domain/catalog.ts';
import { codeOf, offerOf, orderCancellationOf, orderOf } from '../../support/market-commands.ts';
import { inHours, seedMarket, USD, viewer } from '../../support/market-seed.ts';
import { startMarketNode, type MarketNode } from '../../support/market-node.ts';
import { createTestDatabase } from '../../support/postgres.ts';
import { unmatched } from '../../support/unmatched.ts';
import { until } from '../../support/wait.ts';

describe('orders of one book, on postgres', { timeout: 60_000 }, () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let nodes: readonly MarketNode[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    const start = (nodeId: string) => startMarketNode({ database, nodeId });
    nodes = [await start('one'), await start('two')];
  });

  afterAll(async () => {
    for (const node of nodes) await node.stop();
    await database.drop();
  });

  function nodeOf(turn: number): MarketNode {
    const node = nodes[turn % nodes.length];
    if (!node) throw new Error('the nodes are there once the tests run');
    return node;
  }

  /** What was executed in a book, in order: which unit at which price for which renter. */
  async function executions({ gpuType, region }: Pair): Promise<string[]> {
    const rows = await nodeOf(0)
      .db.selectFrom('fill')
      .innerJoin('booking', 'booking.id', 'fill.booking_id')
      .select(['booking.gpu_id', 'booking.account_id', 'fill.rate_micros'])
      .where('fill.gpu_type', '=', gpuType)
      .where('fill.region', '=', region)
      .orderBy('fill.number')
      .execute();
    return rows.map((row) => `${row.gpu_id.slice(-4)} ${row.account_id} ${row.rate_micros}`);
  }

  test('that come at the same time share the units: none is given twice, none is left', async () => {
    const { market, db } = nodeOf(0);
    const { big, home, unit } = await seedMarket(db);
    for (let units = 0; units < 6; units += 1) await unit();
    const pair = { gpuType: big, region: home };
    const placed = await Promise.all(
      Array.from({ length: 12 }, (_, turn) =>
        nodeOf(turn).market.placeOrder(viewer('RENTER'), orderOf(pair)),
      ),
    );
    const filled = placed.filter(({ order }) => order.status === 'FILLED');
    expect(filled).toHaveLength(6);
    const units = filled.flatMap(({ bookings }) => bookings.map(({ gpuId }) => gpuId));
    expect(new Set(units).size).toBe(6);
    expect(await market.recentFills(pair, 99)).toHaveLength(6);
    expect(await unmatched(db, pair)).toEqual([]);
  });

  test('and offers that come at the same time leave nothing unmatched', async () => {
    const { db } = nodeOf(0);
    const { big, home, provider, unit } = await seedMarket(db);
    const ids: string[] = [];
    for (let units = 0; units < 8; units += 1) ids.push(await unit({ mode: null }));
    const pair = { gpuType: big, region: home };
    const owner = viewer('PROVIDER', provider);
    const attempts = ids.flatMap((id, turn) => [
      nodeOf(turn).market.placeOrder(viewer('RENTER'), orderOf(pair, { quantity: 2 })),
      nodeOf(turn + 1).market.upsertOffer(owner, offerOf(id)),
    ]);
    const codes = await Promise.all(attempts.map(codeOf));
    expect(new Set(codes)).toEqual(new Set(['OK']));
    expect(await executions(pair)).toHaveLength(8);
    expect(await unmatched(db, pair)).toEqual([]);
  });

  test('are served from more asks than one transaction looks at', async () => {
    const { market, db } = nodeOf(0);
    const { big, home, unit } = await seedMarket(db);
    for (let units = 0; units < 60; units += 1) await unit({ mode: 'DYNAMIC', gpuCount: 1 });
    const pair = { gpuType: big, region: home };
    const command = orderOf(pair, { quantity: 58, limitMicros: 1_500_000n });
    const { order } = await market.placeOrder(viewer('RENTER', 'big-spender'), command);
    expect(order.filledQuantity).toBe(0);
    const price = { ...pair, rateMicros: 1_400_000n, reason: 'cheaper' };
    await market.updatePricing(viewer('OPERATOR'), price);
    const fills = await executions(pair);
    expect(new Set(fills).size).toBe(58);
    expect(fills.every((line) => line.endsWith(' big-spender 1500000'))).toBe(true);
    expect((await market.reads.orderBooks([pair]))[0]?.value?.bids).toEqual([]);
    expect(await unmatched(db, pair)).toEqual([]);
  });

  test('expire by themselves where the jobs run, whichever node took them', async () => {
    const { market, db } = nodeOf(0);
    const { big, home } = await seedMarket(db);
    const renter = viewer('RENTER');
    const command = orderOf({ gpuType: big, region: home }, { expiresAt: Date.now() + 700 });
    const { order } = await market.placeOrder(renter, command);
    expect(order.status).toBe('OPEN');
    const worker = await startMarketNode({ database, nodeId: 'worker', jobs: true });
    const hasExpired = async () => (await market.order(renter, order.id))?.status === 'EXPIRED';
    await until(hasExpired, { what: 'the expiry' });
    await worker.stop();
  });

  test('with the same idempotency key are one order', async () => {
    const { db } = nodeOf(0);
    const { big, home } = await seedMarket(db);
    const renter = viewer('RENTER');
    const command = orderOf({ gpuType: big, region: home });
    const codes = await Promise.all(
      Array.from({ length: 6 }, (_, turn) =>
        codeOf(nodeOf(turn).market.placeOrder(renter, command)),
      ),
    );
    expect(codes.filter((code) => code !== 'OK' && code !== 'IDEMPOTENCY_IN_PROGRESS')).toEqual([]);
    const page = await nodeOf(1).market.orders(renter, { first: 9, after: null, status: null });
    expect(page.totalCount).toBe(1);
  });

  test('fill the same way whenever the same things happen', async () => {
    const { db } = nodeOf(0);
    const stories = [await seedMarket(db), await seedMarket(db)];
    const told: string[][] = [];
    for (const [run, { big, home, provider, unit }] of stories.entries()) {
      const pair = { gpuType: big, region: home };
      const owner = viewer('PROVIDER', provider);
      const renters = ['ann', 'bob', 'cid'].map((name) => viewer('RENTER', name));
      const units: string[] = [];
      for (const price of [3n, 2n, 2n, 4n, 1n]) units.push(await unit({ baseMicros: price * USD }));
      for (let turn = 0; turn < 12; turn += 1) {
        const { market } = nodeOf(turn + run);
        const renter = renters[turn % 3] ?? owner;
        const limitMicros = BigInt(1 + ((turn * 7) % 4)) * USD;
        const period = inHours(3 + (turn % 4));
        const terms = { quantity: 1 + (turn % 2), limitMicros, period };
        const { order } = await market.placeOrder(renter, orderOf(pair, terms));
        if (turn % 4 === 3 && order.status === 'OPEN') {
          await market.cancelOrder(renter, orderCancellationOf(order.id));
        }
        const cheaper = offerOf(units[turn % 5] ?? '', {
          baseMicros: BigInt(1 + (turn % 3)) * USD,
        });
        await market.upsertOffer(owner, cheaper);
        expect(await unmatched(db, pair)).toEqual([]);
      }
      told.push(await executions(pair));
    }
    expect(told[0]?.length).toBeGreaterThan(5);
    const numbered = told.map((story) => {
      const names = [...new Set(story.map((line) => line.slice(0, 4)))].toSorted();
      return story.map((line) => `${names.indexOf(line.slice(0, 4))}${line.slice(4)}`);
    });
    expect(numbered[0]).toEqual(numbered[1]);
  });
});
