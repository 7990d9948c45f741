import { expect, test } from 'vitest';
import type { Pair } from '../../../src/domain/catalog.ts';
import { createIngest } from '../../../src/market/ingest.ts';
import type { UnitDraft } from '../../../src/market/ingest-draft.ts';
import { describeOnBothEngines } from '../../support/engines.ts';
import { orderOf } from '../../support/market-commands.ts';
import type { MarketNode } from '../../support/market-node.ts';
import { seedMarket, USD, viewer } from '../../support/market-seed.ts';
import { bookDataSince, expectTrueBook, replayBook, storedBook } from '../../support/order-book.ts';
import { markOutbox } from '../../support/outbox.ts';

/** A pair without units, and units of 8 cards to import. */
async function cast({ db }: MarketNode) {
  const { big, home, provider } = await seedMarket(db);
  const pair: Pair = { gpuType: big, region: home };
  const unit = (sourceKey: string, usd: bigint, change: Partial<UnitDraft> = {}): UnitDraft => ({
    provider,
    sourceKey: `${big}/${sourceKey}`,
    gpuCount: 8,
    cpuCores: null,
    ramGb: null,
    diskGb: null,
    trustTier: 'VERIFIED',
    reliability: null,
    offer: {
      mode: 'FIXED',
      baseMicros: usd * USD,
      minDurationMinutes: 60,
      maxDurationMinutes: 43_200,
    },
    ...change,
  });
  const ingest = createIngest({ db, sourceNode: 'importer' });
  const asks = async () =>
    (await storedBook(db, pair)).asks.map(({ rateMicros, gpuCount, orderCount }) => [
      rateMicros / USD,
      gpuCount,
      orderCount,
    ]);
  return { pair, unit, ingest, asks, series: [{ provider, key: big }] };
}

describeOnBothEngines('the book of imported units', (node) => {
  test('has the asks of what was added, changed and paused, and tells of each batch', async () => {
    const { db } = node();
    const { pair, unit, ingest, asks, series } = await cast(node());
    const before = await storedBook(db, pair);
    const mark = await markOutbox(db);
    await ingest.pair({ pair, units: [unit('1', 2n), unit('2', 2n), unit('3', 3n)], series });
    expect(await asks()).toEqual([
      [2n, 16, 2],
      [3n, 8, 1],
    ]);
    const units = [unit('1', 1n), unit('2', 2n, { gpuCount: 4 })];
    await ingest.pair({ pair, units, series });
    expect(await asks()).toEqual([
      [1n, 8, 1],
      [2n, 4, 1],
    ]);
    await expectTrueBook(db, pair);
    const told = await bookDataSince(db, mark, pair);
    expect(told).toHaveLength(2);
    const { asks: now, sequence } = await storedBook(db, pair);
    expect(replayBook(before, told)).toEqual({ asks: now, bids: [], sequence });
  });

  test('moves the running candle with the pair’s price', async () => {
    const { db } = node();
    const { pair, unit, ingest } = await cast(node());
    const mark = await markOutbox(db);
    await ingest.pair({ pair, units: [unit('1', 5n)], series: [] });
    const [told] = await bookDataSince(db, mark, pair);
    expect(told?.candles.map(({ interval, closeMicros }) => [interval, closeMicros])).toEqual(
      ['M1', 'M5', 'M15', 'H1', 'H4', 'D1'].map((interval) => [interval, 5n * USD]),
    );
  });

  test('serves bids that waited for it with the next round of any node', async () => {
    const { db, market, settleDue } = node();
    const { pair, unit, ingest, asks } = await cast(node());
    const { order } = await market.placeOrder(viewer('RENTER'), orderOf(pair));
    await ingest.pair({ pair, units: [unit('1', 1n)], series: [] });
    expect(await asks()).toEqual([[1n, 8, 1]]);
    await settleDue();
    const found = await market.order(viewer('OPERATOR'), order.id);
    expect(found?.status).toBe('FILLED');
    await expectTrueBook(db, pair);
  });
});
