import { describe, expect, test } from 'vitest';
import { HOUR_MS } from '../../../src/domain/time.ts';
import { describeOnBothEngines } from '../../support/engines.ts';
import * as commands from '../../support/market-commands.ts';
import { startMarketNode, type MarketNode } from '../../support/market-node.ts';
import { fromNow, inHours, seedMarket, USD, viewer } from '../../support/market-seed.ts';
import { eventsSince, markOutbox } from '../../support/outbox.ts';
import { createTestDatabase } from '../../support/postgres.ts';
import { moveBooking } from '../../support/time-travel.ts';
import { until } from '../../support/wait.ts';

async function statsOf({ market }: MarketNode, gpuType: string | null, region: string | null) {
  const [answer] = await market.reads.marketStats([{ gpuType, region }]);
  if (!answer) throw new Error('there is one answer per scope');
  return answer.value;
}

describeOnBothEngines('market statistics', (node) => {
  test('count units and running bookings of a pair, a type, a region and the market', async () => {
    const { db, market } = node();
    const seed = await seedMarket(db);
    const { big, small, home, away } = seed;
    const booked = await seed.unit();
    await seed.unit({ region: away });
    await seed.unit({ gpuType: small, declared: 'MAINTENANCE' });
    await seed.unit({ gpuType: small });
    await market.createBooking(viewer('RENTER'), commands.bookingOf(booked, fromNow()));
    const scopes = [
      { gpuType: big, region: home },
      { gpuType: big, region: null },
      { gpuType: null, region: home },
    ];
    const answers = await market.reads.marketStats(scopes);
    const counts = answers.map(({ value }) => [
      value.totalGpus,
      value.availableGpus,
      value.utilisation,
      value.activeBookings,
    ]);
    expect(counts).toEqual([
      [1, 0, 1, 1],
      [2, 1, 0.5, 1],
      [3, 1, 0.5, 1],
    ]);
    const all = await statsOf(node(), null, null);
    expect(all.activeBookings).toBeGreaterThanOrEqual(1);
    expect(await statsOf(node(), big, 'nowhere')).toEqual({
      gpuType: big,
      region: 'nowhere',
      totalGpus: 0,
      availableGpus: 0,
      utilisation: 0,
      activeBookings: 0,
      medianMicros: null,
      p10Micros: null,
      p90Micros: null,
      volume24hGpuMs: 0n,
      turnover24hMicros: 0n,
    });
  });

  test('have percentiles of what ACTIVE offers ask', async () => {
    const { db } = node();
    const seed = await seedMarket(db);
    for (const usd of [1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n, 9n, 10n, 11n])
      await seed.unit({ baseMicros: usd * USD });
    await seed.unit({ baseMicros: 99n * USD, offerStatus: 'PAUSED' });
    const stats = await statsOf(node(), seed.big, seed.home);
    expect([stats.p10Micros, stats.medianMicros, stats.p90Micros]).toEqual([
      2n * USD,
      6n * USD,
      10n * USD,
    ]);
  });

  test('add up the bookings made in 24 hours that stand', async () => {
    const { db, market } = node();
    const seed = await seedMarket(db);
    const gpuId = await seed.unit({ gpuCount: 4 });
    const renter = viewer('RENTER');
    const book = async (from: number) =>
      (await market.createBooking(renter, commands.bookingOf(gpuId, inHours(from, 2)))).booking;
    await book(4);
    await market.holdGpu(renter, commands.holdOf(gpuId, { period: inHours(8) }));
    const cancelled = await book(12);
    await market.cancelBooking(renter, commands.cancellationOf(cancelled.id));
    const earlier = await book(16);
    await moveBooking(db, earlier.id, { createdAt: Date.now() - 25 * HOUR_MS });
    const stats = await statsOf(node(), seed.big, seed.home);
    expect(stats.volume24hGpuMs).toBe(BigInt(4 * 2 * HOUR_MS));
    expect(stats.turnover24hMicros).toBe(16n * USD);
  });

  test('of every scope are told to be old a second after a booking', async () => {
    const { db, market } = node();
    const seed = await seedMarket(db);
    const { big, home } = seed;
    const gpuId = await seed.unit();
    const mark = await markOutbox(db);
    await market.createBooking(viewer('RENTER'), commands.bookingOf(gpuId));
    const events = await eventsSince(db, mark);
    const keys = events.find(({ type }) => type === 'MARKET_STATS_UPDATED')?.keys ?? [];
    expect(keys.map(({ key, region }) => [key, region])).toEqual([
      [`stats:${big}@${home}`, home],
      [`stats:*@${home}`, home],
      [`stats:${big}@*`, '*'],
      ['stats:*@*', '*'],
    ]);
  });

  test('follow an operator’s price at once', async () => {
    const { db, market } = node();
    const seed = await seedMarket(db);
    await seed.unit({ mode: 'DYNAMIC' });
    expect((await statsOf(node(), seed.big, null)).medianMicros).toBe(2n * USD);
    const command = { gpuType: seed.big, region: seed.home, rateMicros: 3n * USD, reason: 'x' };
    await market.updatePricing(viewer('OPERATOR'), command);
    expect((await statsOf(node(), seed.big, null)).medianMicros).toBe(3n * USD);
  });
});

describe('market statistics of a node at work', () => {
  test('follow a changed offer after the debounce', async () => {
    const database = await createTestDatabase();
    const node = await startMarketNode({ database, jobs: true });
    try {
      const seed = await seedMarket(node.db);
      const gpuId = await seed.unit();
      expect((await statsOf(node, null, seed.home)).medianMicros).toBe(2n * USD);
      const owner = viewer('PROVIDER', seed.provider);
      await node.market.upsertOffer(owner, commands.offerOf(gpuId, { baseMicros: 5n * USD }));
      await until(async () => (await statsOf(node, null, seed.home)).medianMicros === 5n * USD);
    } finally {
      await node.stop();
      await database.drop();
    }
  });
});
