import { expect, test } from 'vitest';
import { CANDLE_MS, MAX_CANDLES, candleStart, type Tick } from '../../../src/domain/candle.ts';
import type { Pair } from '../../../src/domain/catalog.ts';
import { InvalidInputError } from '../../../src/domain/errors.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/domain/time.ts';
import { recordTicks } from '../../../src/store/candle-store.ts';
import type { Db } from '../../../src/store/database.ts';
import { describeOnBothEngines } from '../../support/engines.ts';
import { offerOf, refusalOf } from '../../support/market-commands.ts';
import type { MarketNode } from '../../support/market-node.ts';
import { seedMarket, USD, viewer } from '../../support/market-seed.ts';

const BLOCK_MS = 200 * MINUTE_MS;
/** Two blocks of M1 candles that have long been over. */
const BLOCKS = Math.floor(Date.now() / BLOCK_MS) * BLOCK_MS - 4 * BLOCK_MS;

async function newPair(db: Db): Promise<Pair> {
  const { big, home } = await seedMarket(db);
  return { gpuType: big, region: home };
}

function record(db: Db, pair: Pair, ...prices: readonly (readonly [bigint, number])[]) {
  const ticks = prices.map(([rateMicros, at]): Tick => ({ rateMicros, at, gpuMs: 0n, trades: 0 }));
  return db.transaction().execute((tx) => recordTicks(tx, pair, ticks));
}

/** Lookups of history that memory answered. */
function hits({ cache }: MarketNode): number {
  return cache.stats().namespaces.HISTORICAL.l1.hits;
}

describeOnBothEngines('the candles of a range', (node) => {
  test('begin in it, stand without gaps and begin with the first price', async () => {
    const { db, market } = node();
    const pair = await newPair(db);
    await record(db, pair, [3n, BLOCKS + 5 * MINUTE_MS], [4n, BLOCKS + BLOCK_MS - MINUTE_MS]);
    const range = { start: BLOCKS + 1, end: BLOCKS + BLOCK_MS + 2 * MINUTE_MS + 1 };
    const candles = await market.reads.candles(pair, 'M1', range);
    expect(candles[0]).toMatchObject({ openTime: BLOCKS + 5 * MINUTE_MS, closeMicros: 3n });
    expect(candles.map((candle) => candle.openTime)).toEqual(
      Array.from({ length: 198 }, (_, index) => BLOCKS + (5 + index) * MINUTE_MS),
    );
    expect(candles.slice(-4).map((candle) => candle.openMicros)).toEqual([4n, 4n, 4n, 4n]);
  });

  test('end with the running one', async () => {
    const { db, market } = node();
    const pair = await newPair(db);
    const now = Date.now();
    await record(db, pair, [3n, now - 10 * HOUR_MS]);
    const range = { start: now - 3 * HOUR_MS, end: now + 9 * HOUR_MS };
    const candles = await market.reads.candles(pair, 'H1', range);
    expect(candles.at(-1)?.openTime).toBe(candleStart('H1', now));
    expect(candles).toHaveLength(3);
  });

  test('show a price as soon as it is set', async () => {
    const { db, market } = node();
    const pair = await newPair(db);
    const operator = viewer('OPERATOR');
    for (const usd of [3n, 5n, 4n]) {
      await market.updatePricing(operator, { ...pair, rateMicros: usd * USD, reason: 'x' });
      const now = Date.now();
      const range = { start: candleStart('D1', now), end: now + DAY_MS };
      const [candle] = await market.reads.candles(pair, 'D1', range);
      expect(candle?.closeMicros).toBe(usd * USD);
    }
  });

  test('begin with a pair’s first offer', async () => {
    const { db, market } = node();
    const seed = await seedMarket(db);
    const gpuId = await seed.unit({ mode: null });
    await db
      .updateTable('pair')
      .set({ rate_micros: null })
      .where('region', '=', seed.home)
      .execute();
    await market.upsertOffer(viewer('PROVIDER', seed.provider), offerOf(gpuId));
    const pair = { gpuType: seed.big, region: seed.home };
    const range = { start: Date.now() - DAY_MS, end: Date.now() + DAY_MS };
    expect(await market.reads.candles(pair, 'D1', range)).toMatchObject([{ openMicros: 2n * USD }]);
  });

  test('are kept in memory once their block is over, and never before', async () => {
    const { db, market } = node();
    const pair = await newPair(db);
    await record(db, pair, [3n, BLOCKS]);
    const old = { start: BLOCKS + 1, end: BLOCKS + BLOCK_MS };
    await market.reads.candles(pair, 'M1', old);
    const before = hits(node());
    await market.reads.candles(pair, 'M1', { ...old, start: BLOCKS + HOUR_MS });
    expect(hits(node())).toBe(before + 1);
    const running = { start: Date.now() - 5 * MINUTE_MS, end: Date.now() + MINUTE_MS };
    for (const rate of [4n, 5n]) {
      await record(db, pair, [rate, Date.now()]);
      const candles = await market.reads.candles(pair, 'M1', running);
      expect(candles.at(-1)?.closeMicros).toBe(rate);
    }
  });

  test('are none where retention has removed them', async () => {
    const { db, market } = node();
    const pair = await newPair(db);
    const old = candleStart('M5', Date.now() - 40 * DAY_MS);
    await record(db, pair, [3n, old]);
    const range = { start: old, end: old + 10 * MINUTE_MS };
    expect(await market.reads.candles(pair, 'M1', range)).toEqual([]);
    expect(await market.reads.candles(pair, 'M5', range)).toHaveLength(2);
  });

  test('are at most 2,000', async () => {
    const { db, market } = node();
    const pair = await newPair(db);
    const ask = (count: number): Promise<unknown> => {
      const end = candleStart('D1', Date.now());
      return market.reads.candles(pair, 'M5', { start: end - count * CANDLE_MS.M5, end });
    };
    expect(await ask(MAX_CANDLES)).toEqual([]);
    const refusal = await refusalOf(InvalidInputError, ask(MAX_CANDLES + 1));
    expect(refusal.message).toBe('This range has 2001 candles of M5; ask for at most 2000.');
    const backwards = market.reads.candles(pair, 'M1', { start: 1, end: 0 });
    expect((await refusalOf(InvalidInputError, backwards)).path).toEqual(['to']);
  });

  test('may be asked for at any time that a calendar has', async () => {
    const { db, market } = node();
    const pair = await newPair(db);
    for (const year of [0, 1, 1969, 9999]) {
      const start = new Date(0).setUTCFullYear(year);
      const range = { start, end: start + DAY_MS };
      expect(await market.reads.candles(pair, 'D1', range)).toEqual([]);
    }
    expect(await market.reads.candles(pair, 'D1', { start: 5, end: 5 })).toEqual([]);
    const unknown = { gpuType: 'no-such-type', region: 'nowhere' };
    expect(await market.reads.candles(unknown, 'D1', { start: 0, end: DAY_MS })).toEqual([]);
  });

  test('tell a price what it was a day ago', async () => {
    const { db, market } = node();
    const pair = await newPair(db);
    const [first] = await market.reads.prices([pair]);
    expect(first?.value?.rate24hAgoMicros).toBe(null);
    const other = await newPair(db);
    await record(db, other, [3n, Date.now() - 30 * HOUR_MS], [9n, Date.now() - 23 * HOUR_MS]);
    const [price] = await market.reads.prices([other]);
    expect(price?.value?.rate24hAgoMicros).toBe(3n);
  });
});
