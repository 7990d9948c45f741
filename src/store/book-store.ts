import { sql, type RawBuilder } from 'kysely';
import { pairKey, type Pair } from '../domain/catalog.ts';
import { betterFirst, type BookLevels, type LevelChange } from '../domain/order-book.ts';
import type { OrderBook, OrderSide } from '../domain/order-book.ts';
import type { EpochMs } from '../domain/time.ts';
import type { Snapshot } from './catalog-store.ts';
import type { Db, Tx } from './database.ts';
import { databaseNow } from './locks.ts';
import { inPairs } from './unit-store.ts';

/** A level as `json_build_array` writes it: the rate as text, because JSON numbers end at 2^53. */
export type LevelJson = readonly [side: OrderSide, rate: string, gpus: number, orders: number];

export function toLevel([side, rate, gpuCount, orderCount]: LevelJson): LevelChange {
  return { side, rateMicros: BigInt(rate), gpuCount, orderCount };
}

export function toLevels(rows: readonly LevelJson[]): BookLevels {
  const levels = (wanted: OrderSide) =>
    rows
      .map(toLevel)
      .filter(({ side }) => side === wanted)
      .map(({ side: _side, ...level }) => level)
      .toSorted(betterFirst(wanted));
  return { bids: levels('BID'), asks: levels('ASK') };
}

/**
 * Whether unit `g` with offer `o` is asked at `now`: offered, AVAILABLE, and no live booking in the next
 * hour. Bookings are looked up unit by unit (`OFFSET 0`), because few of all are a unit's. Source: design
 * "The market", Order book and matching.
 */
export function isAsked(now: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql<boolean>`o.status = 'ACTIVE' AND g.current_status = 'AVAILABLE' AND NOT EXISTS (
    SELECT FROM booking b
     WHERE b.gpu_id = g.id AND b.status IN ('HELD', 'CONFIRMED', 'ACTIVE')
       AND b.starts_at < ${now} + interval '1 hour' AND b.ends_at > ${now} OFFSET 0)`;
}

/** One result per pair, in order; null for an unknown pair. Levels and sequence are of one snapshot. */
export async function loadBooks(
  db: Db,
  pairs: readonly Pair[],
): Promise<Snapshot<OrderBook | null>[]> {
  const asOf = await databaseNow(db);
  const { rows } = await sql<{
    gpu_type: string;
    region: string;
    sequence: bigint;
    at: EpochMs;
    levels: readonly LevelJson[];
  }>`
    SELECT gpu_type, region, book_sequence AS sequence, book_changed_at AS at,
           coalesce((SELECT json_agg(json_build_array(side, rate_micros::text, gpu_count, order_count))
                       FROM book_level l
                      WHERE l.gpu_type = pair.gpu_type AND l.region = pair.region), '[]') AS levels
      FROM pair WHERE ${inPairs(pairs, sql`gpu_type`, sql`region`)}`.execute(db);
  const books = new Map<string, OrderBook>();
  for (const { gpu_type, region, sequence, at, levels } of rows) {
    const pair = { gpuType: gpu_type, region };
    books.set(pairKey(pair), { ...pair, sequence, at, ...toLevels(levels) });
  }
  return pairs.map((pair) => ({ value: books.get(pairKey(pair)) ?? null, asOf }));
}

/** A pair's levels as they follow from units, offers, bookings and orders alone, by the database's clock. */
export async function rebuildLevels(db: Db | Tx, { gpuType, region }: Pair): Promise<BookLevels> {
  const now = sql`(SELECT clock_timestamp())`;
  const { rows } = await sql<{ level: LevelJson }>`
    SELECT json_build_array(side, rate_micros::text, sum(gpus), count(*)) AS level
      FROM (SELECT 'ASK' AS side, o.rate_micros, g.gpu_count AS gpus
              FROM gpu g JOIN offer o ON o.gpu_id = g.id
             WHERE g.gpu_type = ${gpuType} AND g.region = ${region} AND ${isAsked(now)}
            UNION ALL
            SELECT 'BID', limit_micros, (quantity - filled_quantity) * coalesce(gpus_per_unit, 1)
              FROM market_order
             WHERE gpu_type = ${gpuType} AND region = ${region}
               AND status IN ('OPEN', 'PARTIALLY_FILLED')) part
     GROUP BY side, rate_micros`.execute(db);
  return toLevels(rows.map((row) => row.level));
}

/** Asks whose unit has a booking to come that begins within the hour; what runs is settled elsewhere. */
const DUE_ASKS = sql`
  SELECT DISTINCT ask.gpu_id, ask.gpu_type, ask.region FROM (
    SELECT gpu_id, starts_at, ends_at FROM booking WHERE status = 'CONFIRMED'
    UNION ALL
    SELECT gpu_id, starts_at, ends_at FROM booking WHERE status = 'HELD') coming
    JOIN book_ask ask USING (gpu_id)
   WHERE starts_at < clock_timestamp() + interval '1 hour' AND ends_at > clock_timestamp()`;

/** Pairs whose books still have asks of units that are free for less than an hour, read without locks. */
export async function pairsWithAsksDue(db: Db): Promise<Pair[]> {
  const { rows } = await sql<Pair>`
    SELECT DISTINCT gpu_type AS "gpuType", region FROM (${DUE_ASKS}) due ORDER BY 1, 2`.execute(db);
  return rows;
}

/** Those units of one pair; the book's lock is held. */
export async function unitsWithAskDue(tx: Tx, { gpuType, region }: Pair): Promise<string[]> {
  const { rows } = await sql<{ gpu_id: string }>`
    SELECT gpu_id FROM (${DUE_ASKS}) due
     WHERE gpu_type = ${gpuType} AND region = ${region} ORDER BY gpu_id`.execute(tx);
  return rows.map((row) => row.gpu_id);
}
