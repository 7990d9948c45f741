import { sql, type RawBuilder } from 'kysely';
import {
  CANDLE_INTERVALS,
  CANDLE_MS,
  candleParts,
  type Candle,
  type CandleInterval,
  type CandlePart,
  type CandleRow,
  type Tick,
} from '../domain/candle.ts';
import type { Pair } from '../domain/catalog.ts';
import type { Micros } from '../domain/money.ts';
import { toIso, type EpochMs, type Interval } from '../domain/time.ts';
import type { Db, Tx } from './database.ts';
import type { CandleColumns } from './exchange-schema.ts';
import { statement } from './statement.ts';

export type { Tick };

/**
 * Adds ticks to the pair's candles of all six intervals, under the book's lock, in one statement.
 * Returns the candle of each interval that holds the newest tick; none for no ticks. Ticks may come in
 * any order of time, and a price change that is there already changes nothing.
 */
export async function recordTicks(tx: Tx, pair: Pair, ticks: readonly Tick[]): Promise<Candle[]> {
  if (ticks.length === 0) return [];
  const parts = CANDLE_INTERVALS.map((interval) => candleParts(interval, ticks));
  const written = await addCandleParts(tx, pair, parts.flat());
  return parts.flatMap((ofInterval) => {
    const newest = ofInterval.at(-1);
    return written.filter(
      ({ interval, openTime }) => interval === newest?.interval && openTime === newest.openTime,
    );
  });
}

interface Merge extends Pair, Readonly<Record<keyof CandlePart, readonly string[]>> {}

const MERGE = statement<Merge, CandleColumns>(
  (slot) => sql`
    INSERT INTO candle (gpu_type, region, interval, open_time, open_micros, high_micros, low_micros,
                        close_micros, gpu_ms, trades, first_at, last_at)
    SELECT ${slot('gpuType')}::text, ${slot('region')}::text, part.*
      FROM unnest(${slot('interval')}::text[], ${slot('openTime')}::timestamptz[],
                  ${slot('openMicros')}::bigint[], ${slot('highMicros')}::bigint[],
                  ${slot('lowMicros')}::bigint[], ${slot('closeMicros')}::bigint[],
                  ${slot('gpuMs')}::bigint[], ${slot('trades')}::int[],
                  ${slot('firstAt')}::timestamptz[], ${slot('lastAt')}::timestamptz[]) AS part
    ON CONFLICT (gpu_type, region, interval, open_time) DO UPDATE SET
      open_micros = CASE WHEN excluded.first_at < candle.first_at
                         THEN excluded.open_micros ELSE candle.open_micros END,
      high_micros = greatest(candle.high_micros, excluded.high_micros),
      low_micros = least(candle.low_micros, excluded.low_micros),
      close_micros = CASE WHEN excluded.last_at >= candle.last_at
                          THEN excluded.close_micros ELSE candle.close_micros END,
      gpu_ms = candle.gpu_ms + excluded.gpu_ms,
      trades = candle.trades + excluded.trades,
      first_at = least(candle.first_at, excluded.first_at),
      last_at = greatest(candle.last_at, excluded.last_at)
    RETURNING interval, open_time, open_micros, high_micros, low_micros, close_micros, gpu_ms, trades`,
);

/** Merges parts into the pair's candles, under the book's lock; each candle at most once per call. */
export async function addCandleParts(
  tx: Tx,
  pair: Pair,
  parts: readonly CandlePart[],
): Promise<Candle[]> {
  const texts = (name: keyof CandlePart): string[] => parts.map((part) => String(part[name]));
  const instants = (name: 'openTime' | 'firstAt' | 'lastAt'): string[] =>
    parts.map((part) => toIso(part[name]));
  const rows = await MERGE(tx, {
    gpuType: pair.gpuType,
    region: pair.region,
    interval: texts('interval'),
    openTime: instants('openTime'),
    openMicros: texts('openMicros'),
    highMicros: texts('highMicros'),
    lowMicros: texts('lowMicros'),
    closeMicros: texts('closeMicros'),
    gpuMs: texts('gpuMs'),
    trades: texts('trades'),
    firstAt: instants('firstAt'),
    lastAt: instants('lastAt'),
  });
  return rows.map(toCandle);
}

function toCandle(row: CandleColumns): Candle {
  return {
    interval: row.interval,
    openTime: row.open_time,
    openMicros: row.open_micros,
    highMicros: row.high_micros,
    lowMicros: row.low_micros,
    closeMicros: row.close_micros,
    gpuMs: row.gpu_ms,
    trades: row.trades,
  };
}

/** A stretch of candles of one pair, aligned to the interval. */
export interface CandleStretch {
  readonly pair: Pair;
  readonly interval: CandleInterval;
  readonly range: Interval;
}

/** What each stretch holds, in the order asked; one statement, so one snapshot. */
export async function readCandles(
  db: Db,
  stretches: readonly CandleStretch[],
): Promise<CandleRow[]> {
  const instants = (of: (stretch: CandleStretch) => EpochMs): string[] =>
    stretches.map((stretch) => toIso(of(stretch)));
  const { rows } = await sql<
    CandleColumns & { number: bigint; before: Micros | null; open_time: EpochMs | null }
  >`
    SELECT asked.number, before.close_micros AS before, candle.interval, candle.open_time,
           candle.open_micros, candle.high_micros, candle.low_micros, candle.close_micros,
           candle.gpu_ms, candle.trades
      FROM unnest(${stretches.map(({ pair }) => pair.gpuType)}::text[],
                  ${stretches.map(({ pair }) => pair.region)}::text[],
                  ${stretches.map(({ interval }) => interval)}::text[],
                  ${instants(({ range }) => range.start)}::timestamptz[],
                  ${instants(({ range }) => range.end)}::timestamptz[])
           WITH ORDINALITY AS asked (gpu_type, region, interval, starts_at, ends_at, number)
      LEFT JOIN LATERAL (${closeAt(sql`asked.gpu_type`, sql`asked.region`, sql`asked.starts_at`)})
           AS before ON true
      LEFT JOIN candle ON candle.gpu_type = asked.gpu_type AND candle.region = asked.region
           AND candle.interval = asked.interval
           AND candle.open_time >= asked.starts_at AND candle.open_time < asked.ends_at
     ORDER BY asked.number, candle.open_time`.execute(db);
  const byNumber = Map.groupBy(rows, (row) => Number(row.number));
  return stretches.map((_, index) => {
    const found = byNumber.get(index + 1) ?? [];
    const candles = found.filter((row) => row.open_time !== null).map(toCandle);
    return { closeBefore: found[0]?.before ?? null, candles };
  });
}

/**
 * The last close of a candle that was over at `at`: of the candles of each interval that ended by then,
 * the one with the newest tick. Fine candles know it nearest, coarse ones remember longest.
 */
export function closeAt(
  gpuType: RawBuilder<unknown>,
  region: RawBuilder<unknown>,
  at: RawBuilder<unknown>,
): RawBuilder<{ close_micros: Micros }> {
  const newestOf = (interval: CandleInterval): RawBuilder<unknown> => sql`
    (SELECT c.close_micros, c.last_at FROM candle c
      WHERE c.gpu_type = ${gpuType} AND c.region = ${region} AND c.interval = ${sql.lit(interval)}
        AND c.open_time <= ${at} - ${sql.lit(`${CANDLE_MS[interval]} milliseconds`)}::interval
      ORDER BY c.open_time DESC LIMIT 1)`;
  return sql`
    SELECT newest.close_micros
      FROM (${sql.join(CANDLE_INTERVALS.map(newestOf), sql` UNION ALL `)}) AS newest
     ORDER BY newest.last_at DESC LIMIT 1`;
}
