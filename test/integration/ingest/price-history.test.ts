import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readRows } from '../../../bench/support/data.ts';
import { readPriceRow, type PriceCells } from '../../../src/cli/import/price-rows.ts';
import { PriceSeries } from '../../../src/cli/import/price-series.ts';
import { DAY_MS, toIso } from '../../../src/domain/time.ts';
import { createIngest } from '../../../src/market/ingest.ts';
import type { Db } from '../../../src/store/database.ts';
import { describeOnBothEngines } from '../../support/engines.ts';
import { eventsSince, markOutbox } from '../../support/outbox.ts';

const FILE = 'gpu_prices_daily.csv.gz';
const REAL = readRows(FILE);

/** Labels that fold, days out of order, one price per machine, one at the limit of rounding. */
const SMALL = [
  ['2026-07-01', 'vast', 'ZZ_1', 'SE', '2.00'],
  ['2026-07-01', 'vast', 'ZZ_1', 'se', '5.00'],
  ['2026-07-01', 'other', 'ZZ_1', 'SE', '1.50'],
  ['2026-07-01', 'vast', 'ZZ_1', 'SE', '3.00'],
  ['2026-07-04', 'vast', 'ZZ_1', 'SE', '2.00'],
  ['2026-07-02', 'vast', 'ZZ_1', 'SE', '99.00'],
  ['2026-07-02', 'vast', 'ZZ_1', 'NO', '0.0000015'],
].map(([date, provider, gpu_model, region, price]) => ({
  date,
  provider,
  gpu_model,
  gpu_count: '8',
  region,
  rental_type: 'on_demand',
  price_min_usd: price,
  price_median_usd: price,
  price_max_usd: price,
  n_offers: '1',
})) as PriceCells[];

async function importHistory(db: Db, rows: readonly PriceCells[]): Promise<void> {
  const series = new PriceSeries();
  for (const row of rows) series.add(readPriceRow(row));
  const { references, histories } = series.catalogue();
  const ingest = createIngest({ db, sourceNode: 'import' });
  await ingest.references(references);
  for (const history of histories) await ingest.history(history);
  await ingest.tellHistory(references.pairs);
}

/** What the import wrote for days, as `type region day open high low close`. */
async function storedDays(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('candle').selectAll().where('interval', '=', 'D1').execute();
  const texts = rows.map((row) => {
    const day = toIso(row.open_time).slice(0, 10);
    const rates = [row.open_micros, row.high_micros, row.low_micros, row.close_micros].join(' ');
    return `${row.gpu_type} ${row.region} ${day} ${rates}`;
  });
  return texts.toSorted();
}

function slug(label: string): string {
  return (
    label
      .toLowerCase()
      .match(/[a-z0-9]+/g)
      ?.join('-') ?? ''
  );
}

/** The same computed from the file alone, with nothing of the product. */
function expectedDays(rows: readonly PriceCells[]): string[] {
  const priced = rows.map((row) => ({
    type: slug(row.gpu_model),
    place: slug(row.region),
    day: row.date,
    micros: Math.round(Number(row.price_median_usd) * 1e6),
  }));
  const limits = new Map<string, number>();
  for (const [type, ofType] of Map.groupBy(priced, (row) => row.type)) {
    const sorted = ofType.map((row) => row.micros).toSorted((a, b) => a - b);
    limits.set(type, 5 * (sorted[Math.ceil(sorted.length / 2) - 1] ?? 0));
  }
  const days = Map.groupBy(priced, (row) => `${row.type} ${row.place} ${row.day}`);
  const texts = [...days].map(([name, ofDay]) => {
    const rates = ofDay.map((row) => Math.min(row.micros, limits.get(row.type) ?? 0));
    const range = `${Math.max(...rates)} ${Math.min(...rates)}`;
    return `${name} ${rates[0]} ${range} ${rates.at(-1)}`;
  });
  return texts.toSorted();
}

describeOnBothEngines('an imported price history', (node) => {
  beforeAll(async () => {
    await node().db.deleteFrom('candle').execute();
  });
  afterAll(async () => {
    await node().db.deleteFrom('candle').execute();
  });

  test('gives each day the file’s first and last price and its extremes', async () => {
    const { db } = node();
    await importHistory(db, SMALL);
    expect(await storedDays(db)).toEqual([
      'zz-1 no 2026-07-02 2 2 2 2',
      'zz-1 se 2026-07-01 2000000 5000000 1500000 3000000',
      'zz-1 se 2026-07-02 10000000 10000000 10000000 10000000',
      'zz-1 se 2026-07-04 2000000 2000000 2000000 2000000',
    ]);
    expect(await storedDays(db)).toEqual(expectedDays(SMALL));
  });

  test('is the same after a second import', async () => {
    const { db } = node();
    const before = await db.selectFrom('candle').selectAll().orderBy('open_time').execute();
    await importHistory(db, SMALL);
    const after = await db.selectFrom('candle').selectAll().orderBy('open_time').execute();
    expect(after.length).toBe(before.length);
    expect(await storedDays(db)).toEqual(expectedDays(SMALL));
    expect(new Set(after)).toEqual(new Set(before));
  });

  test('is read as candles whose quiet days repeat the last close', async () => {
    const { market } = node();
    const start = Date.parse('2026-06-30');
    const range = { start, end: start + 6 * DAY_MS };
    const pair = { gpuType: 'zz-1', region: 'se' };
    const candles = await market.reads.candles(pair, 'D1', range);
    const closes = candles.map(({ openTime, closeMicros }) => [openTime, closeMicros]);
    expect(closes).toEqual(
      [3_000_000n, 10_000_000n, 10_000_000n, 2_000_000n, 2_000_000n].map((close, index) => [
        start + (index + 1) * DAY_MS,
        close,
      ]),
    );
  });

  test('makes cached history and prices old', async () => {
    const { db } = node();
    const mark = await markOutbox(db);
    await importHistory(db, SMALL);
    const events = await eventsSince(db, mark);
    const told = events.map(({ type, affectedNamespaces, keys }) => [
      type,
      affectedNamespaces[0],
      keys.map(({ key }) => key),
    ]);
    expect(told).toEqual([
      ['MANUAL_INVALIDATION', 'HISTORICAL', []],
      ['MANUAL_INVALIDATION', 'GPU_PRICING', ['price:zz-1@no', 'price:zz-1@se']],
    ]);
  });
});

describe.skipIf(REAL === null)(`the real price history (needs ${FILE})`, () => {
  describeOnBothEngines('imported', (node) => {
    test('has the days that the file has', { timeout: 120_000 }, async () => {
      const { db } = node();
      const rows = (REAL ?? []) as unknown as PriceCells[];
      await importHistory(db, rows);
      const [stored, expected] = [await storedDays(db), expectedDays(rows)];
      expect(expected.length).toBeGreaterThan(8000);
      expect(stored).toEqual(expected);
    });
  });
});
