import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Pair } from '../../../src/domain/catalog.ts';
import { MINUTE_MS, SECOND_MS, toIso } from '../../../src/domain/time.ts';
import type { Db } from '../../../src/store/database.ts';
import { describeOnBothEngines } from '../../support/engines.ts';
import { bookingOf, cancellationOf, offerOf } from '../../support/market-commands.ts';
import { startMarketNode, type MarketNode } from '../../support/market-node.ts';
import { fromNow, seedMarket, USD, viewer } from '../../support/market-seed.ts';
import { eventsSince, markOutbox } from '../../support/outbox.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';

async function row(db: Db, { gpuType, region }: Pair) {
  return await db
    .selectFrom('pair')
    .selectAll()
    .where('gpu_type', '=', gpuType)
    .where('region', '=', region)
    .executeTakeFirstOrThrow();
}

/** Makes the rule look at this pair, and at no other. */
async function callRule(db: Db, { gpuType, region }: Pair, smoothed: number | null = null) {
  const later = toIso(Date.now() + 60 * MINUTE_MS);
  await db.updateTable('pair').set({ price_due_at: later }).execute();
  await db
    .updateTable('pair')
    .set({ price_due_at: toIso(Date.now() - SECOND_MS), utilisation_smoothed: smoothed })
    .where('gpu_type', '=', gpuType)
    .where('region', '=', region)
    .execute();
}

/** The prices told since the mark, in order. */
async function told(db: Db, mark: bigint): Promise<unknown[]> {
  const events = await eventsSince(db, mark);
  const pricing = events.filter(({ type }) => type === 'PRICING_UPDATED');
  return pricing.map(({ data }) => data['usdPerGpuHour']);
}

async function dynamicMarket({ db }: MarketNode) {
  const seed = await seedMarket(db);
  const pair = { gpuType: seed.big, region: seed.home };
  const gpuId = await seed.unit({ mode: 'DYNAMIC' });
  const fixed = await seed.unit();
  return { seed, pair, gpuId, fixed };
}

describeOnBothEngines('the price rule', (node) => {
  test('steps towards the multiplier, reprices DYNAMIC offers and leaves FIXED ones', async () => {
    const { db, market, priceDue } = node();
    const { pair, gpuId, fixed } = await dynamicMarket(node());
    const mark = await markOutbox(db);
    await callRule(db, pair);
    await priceDue();
    await callRule(db, pair, 0);
    await priceDue();
    expect(await told(db, mark)).toEqual(['1.80', '1.62']);
    const units = await market.reads.units([gpuId, fixed]);
    expect(units.map(({ value }) => value?.offer?.rateMicros)).toEqual([1_620_000n, 2n * USD]);
    const [price] = await market.reads.prices([pair]);
    expect(price?.value).toMatchObject({ rateMicros: 1_620_000n, multiplierMillionths: 810_000n });
    const now = Date.now();
    const range = { start: now - MINUTE_MS, end: now + MINUTE_MS };
    const [candle] = (await market.reads.candles(pair, 'M1', range)).toReversed();
    expect(candle?.closeMicros).toBe(1_620_000n);
  });

  test('looks again after 300 s and says nothing of less than 1 %', async () => {
    const { db, priceDue } = node();
    const { pair } = await dynamicMarket(node());
    await db.updateTable('pair').set({ rate_micros: 1_601_000n }).execute();
    const mark = await markOutbox(db);
    await callRule(db, pair);
    await priceDue();
    const { price_ran_at: ranAt, price_due_at: dueAt, ...after } = await row(db, pair);
    expect(after).toMatchObject({ rate_micros: 1_601_000n, utilisation_smoothed: 0 });
    expect(dueAt - (ranAt ?? 0)).toBe(300 * SECOND_MS);
    await priceDue();
    expect(await told(db, mark)).toEqual([]);
    expect((await row(db, pair)).price_ran_at).toBe(ranAt);
  });

  test('leaves an operator’s price alone for 300 s', async () => {
    const { db, market, priceDue } = node();
    const { pair } = await dynamicMarket(node());
    const command = { ...pair, rateMicros: 3n * USD, reason: 'demand' };
    await market.updatePricing(viewer('OPERATOR'), command);
    const mark = await markOutbox(db);
    await callRule(db, pair);
    await priceDue();
    expect(await told(db, mark)).toEqual([]);
    const { price_due_at: dueAt, price_held_until: heldUntil } = await row(db, pair);
    expect(dueAt).toBe(heldUntil);
  });

  test('leaves a market of FIXED offers alone', async () => {
    const { db, priceDue } = node();
    const seed = await seedMarket(db);
    const pair = { gpuType: seed.big, region: seed.home };
    await seed.unit();
    await seed.unit({ mode: 'DYNAMIC', offerStatus: 'PAUSED' });
    const mark = await markOutbox(db);
    await callRule(db, pair);
    await priceDue();
    expect(await eventsSince(db, mark)).toEqual([]);
    const after = await row(db, pair);
    expect(after).toMatchObject({ rate_micros: 2n * USD, utilisation_smoothed: null });
    expect(after.price_due_at).toBeGreaterThan(Date.now() + 4 * MINUTE_MS);
  });

  test('is called by a booking and by a cancellation, at most every 30 s', async () => {
    const { db, market, priceDue } = node();
    const { pair, gpuId, fixed } = await dynamicMarket(node());
    await callRule(db, pair);
    await priceDue();
    const ranAt = (await row(db, pair)).price_ran_at ?? 0;
    const renter = viewer('RENTER');
    const { booking } = await market.createBooking(renter, bookingOf(gpuId, fromNow()));
    expect((await row(db, pair)).price_due_at).toBe(ranAt + 30 * SECOND_MS);
    await market.createBooking(renter, bookingOf(fixed, fromNow()));
    expect((await row(db, pair)).price_due_at).toBe(ranAt + 30 * SECOND_MS);
    await db
      .updateTable('pair')
      .set({
        price_ran_at: sql<string>`price_ran_at - interval '60 seconds'`,
        price_due_at: sql<string>`price_due_at + interval '60 seconds'`,
      })
      .execute();
    await market.cancelBooking(renter, cancellationOf(booking.id));
    const { price_due_at: dueAt } = await row(db, pair);
    expect(dueAt).toBeLessThanOrEqual(Date.now() + SECOND_MS);
  });

  test('keeps a DYNAMIC offer inside its own bounds', async () => {
    const { db, market, priceDue } = node();
    const { seed, pair, gpuId } = await dynamicMarket(node());
    const owner = viewer('PROVIDER', seed.provider);
    const terms = { mode: 'DYNAMIC' as const, baseMicros: 2n * USD, floorMicros: 1_950_000n };
    await market.upsertOffer(owner, offerOf(gpuId, terms));
    const mark = await markOutbox(db);
    await callRule(db, pair);
    await priceDue();
    expect(await told(db, mark)).toEqual(['1.95']);
  });
});

describe('two nodes that price at once', () => {
  let database: TestDatabase;
  const nodes: MarketNode[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    for (const nodeId of ['one', 'two']) nodes.push(await startMarketNode({ database, nodeId }));
  });
  afterAll(async () => {
    for (const node of nodes) await node.stop();
    await database.drop();
  });

  test('take each step once', async () => {
    const [first] = nodes;
    if (!first) throw new Error('there are two nodes');
    const { db } = first;
    const { pair } = await dynamicMarket(first);
    const steps: string[] = [];
    for (let round = 0; round < 10; round += 1) {
      const mark = await markOutbox(db);
      await db
        .updateTable('pair')
        .set({ rate_micros: 2n * USD })
        .execute();
      await callRule(db, pair, 0);
      await Promise.all(nodes.map((node) => node.priceDue()));
      steps.push(...((await told(db, mark)) as string[]));
    }
    expect(steps).toEqual(Array.from({ length: 10 }, () => '1.80'));
  });
});
