import { expect, test } from 'vitest';
import { CANDLE_INTERVALS, candleStart, type Tick } from '../../../src/domain/candle.ts';
import type { Pair } from '../../../src/domain/catalog.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, toIso } from '../../../src/domain/time.ts';
import { readCandles, recordTicks } from '../../../src/store/candle-store.ts';
import type { Db } from '../../../src/store/database.ts';
import { deleteExpired } from '../../../src/store/retention-store.ts';
import { describeOnBothEngines } from '../../support/engines.ts';
import { seedMarket } from '../../support/market-seed.ts';

const NOON = candleStart('D1', Date.now()) - 2 * DAY_MS + 12 * HOUR_MS;

async function newPair(db: Db): Promise<Pair> {
  const { big, home } = await seedMarket(db);
  return { gpuType: big, region: home };
}

function price(rateMicros: bigint, at: number): Tick {
  return { rateMicros, at, gpuMs: 0n, trades: 0 };
}

function record(db: Db, pair: Pair, ticks: readonly Tick[]) {
  return db.transaction().execute((tx) => recordTicks(tx, pair, ticks));
}

function stored(db: Db, pair: Pair) {
  return db
    .selectFrom('candle')
    .selectAll()
    .where('gpu_type', '=', pair.gpuType)
    .orderBy('interval')
    .orderBy('open_time')
    .execute();
}

describeOnBothEngines('candles', (node) => {
  test('of all six intervals take a tick at once and are answered as they run', async () => {
    const { db } = node();
    const pair = await newPair(db);
    await record(db, pair, [price(3n, NOON)]);
    const fill: Tick = { rateMicros: 7n, at: NOON + 30_000, gpuMs: 8n * 3_600_000n, trades: 1 };
    const running = await record(db, pair, [fill, price(5n, NOON + 40_000)]);
    expect(running.map(({ interval }) => interval)).toEqual([...CANDLE_INTERVALS]);
    for (const candle of running) {
      expect(candle).toEqual({
        interval: candle.interval,
        openTime: candleStart(candle.interval, NOON),
        openMicros: 3n,
        highMicros: 7n,
        lowMicros: 3n,
        closeMicros: 5n,
        gpuMs: 28_800_000n,
        trades: 1,
      });
    }
    expect(await record(db, pair, [])).toEqual([]);
  });

  test('of ticks in two candles answer the newer one', async () => {
    const { db } = node();
    const pair = await newPair(db);
    const running = await record(db, pair, [price(3n, NOON), price(4n, NOON + MINUTE_MS)]);
    const opens = running.map((candle) => [candle.interval, candle.openTime, candle.openMicros]);
    expect(opens.slice(0, 2)).toEqual([
      ['M1', NOON + MINUTE_MS, 4n],
      ['M5', NOON, 3n],
    ]);
  });

  test('come out the same whatever the order of history, and however often it is told', async () => {
    const { db } = node();
    const [forward, backward] = [await newPair(db), await newPair(db)];
    const ticks = [3n, 9n, 2n, 6n].map((rate, index) => price(rate, NOON + index * 7 * MINUTE_MS));
    await record(db, forward, ticks);
    for (const tick of [...ticks.toReversed(), ...ticks]) await record(db, backward, [tick]);
    const [expected, found] = [await stored(db, forward), await stored(db, backward)];
    expect(found.map(({ gpu_type: _type, region: _region, ...candle }) => candle)).toEqual(
      expected.map(({ gpu_type: _type, region: _region, ...candle }) => candle),
    );
  });

  test('remember the last close before a stretch from whichever interval knows it nearest', async () => {
    const { db } = node();
    const pair = await newPair(db);
    await record(db, pair, [price(3n, NOON), price(4n, NOON + 90_000), price(5n, NOON + 150_000)]);
    const before = async (start: number): Promise<bigint | null | undefined> => {
      const stretch = { pair, interval: 'M1' as const, range: { start, end: start + MINUTE_MS } };
      return (await readCandles(db, [stretch]))[0]?.closeBefore;
    };
    expect(await before(NOON)).toBe(null);
    expect(await before(NOON + 2 * MINUTE_MS)).toBe(4n);
    await db.deleteFrom('candle').where('interval', 'in', ['M1', 'M5', 'M15']).execute();
    expect(await before(NOON + 30 * MINUTE_MS)).toBe(null);
    expect(await before(NOON + HOUR_MS)).toBe(5n);
  });

  test('answer several stretches from one snapshot, in the order asked', async () => {
    const { db } = node();
    const [one, other] = [await newPair(db), await newPair(db)];
    await record(db, one, [price(1n, NOON)]);
    await record(db, other, [price(2n, NOON)]);
    const range = { start: candleStart('D1', NOON), end: candleStart('D1', NOON) + DAY_MS };
    const rows = await readCandles(
      db,
      [other, one, other].map((pair) => ({ pair, interval: 'D1' as const, range })),
    );
    expect(rows.map(({ candles }) => candles.map((candle) => candle.closeMicros))).toEqual([
      [2n],
      [1n],
      [2n],
    ]);
    expect(await readCandles(db, [])).toEqual([]);
  });

  test('are deleted when their interval is not kept that long', async () => {
    const { db } = node();
    const pair = await newPair(db);
    const old = Date.now() - 100 * DAY_MS;
    await record(db, pair, [price(3n, old)]);
    await deleteExpired(db);
    const left = (await stored(db, pair)).map((row) => [row.interval, toIso(row.open_time)]);
    expect(left.map(([interval]) => interval)).toEqual(['D1', 'H1', 'H4', 'M15']);
  });
});
