import { pairKey, slugify, type Pair } from '../../domain/catalog.ts';
import type { Micros } from '../../domain/money.ts';
import { lowerMedian } from '../../domain/price.ts';
import { DAY_MS } from '../../domain/time.ts';
import type { PriceRow } from '../import/price-rows.ts';

/** What one pair costs on one day. */
export interface DailyPrice {
  readonly date: string;
  readonly pair: Pair;
  readonly rateMicros: Micros;
  /** Of the day's start, after the first day's. */
  readonly dueMs: number;
}

/**
 * The rows of a price history as one price per pair and day, the lower median of the day's series, in
 * the order of the days and then of the pairs.
 */
export function dailyPrices(rows: readonly PriceRow[]): DailyPrice[] {
  const groups = Map.groupBy(rows, (row) => `${row.date} ${pairKey(pairOf(row))}`);
  const ordered = [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const firstDay = Date.parse(ordered[0]?.[1][0]?.date ?? '');
  return ordered.flatMap(([, day]) => {
    const [first] = day;
    const rateMicros = lowerMedian(day.map((row) => row.medianMicros));
    if (!first || rateMicros === null) return [];
    const dueMs = Math.round((Date.parse(first.date) - firstDay) / DAY_MS) * DAY_MS;
    return [{ date: first.date, pair: pairOf(first), rateMicros, dueMs }];
  });
}

function pairOf(row: PriceRow): Pair {
  return { gpuType: slugify(row.model), region: slugify(row.region) };
}
