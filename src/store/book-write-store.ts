import { sql, type RawBuilder } from 'kysely';
import type { Pair } from '../domain/catalog.ts';
import { CHECKSUM_DEPTH, type BookLevels, type LevelChange } from '../domain/order-book.ts';
import type { LevelDelta, OrderSide } from '../domain/order-book.ts';
import { toIso, type EpochMs } from '../domain/time.ts';
import { isAsked, toLevel, toLevels, type LevelJson } from './book-store.ts';
import type { Tx } from './database.ts';
import { soonAfter } from './price-rule-store.ts';
import { statement, type Slots } from './statement.ts';

/** What a transaction did that a book follows from. */
export interface BookTouch {
  /** Units of the pair that may ask something else now. */
  readonly ids: readonly string[];
  /** Those of them whose periods or terms may allow more than before. */
  readonly freer: readonly string[];
  /** What orders add to and take from the bids. */
  readonly bids: readonly LevelDelta[];
  /** Whether the pair was booked or a booking cancelled: the price rule is to look soon. */
  readonly demand: boolean;
}

export interface ChangedLevels {
  readonly previousSequence: bigint;
  /** One more where a level changed. */
  readonly sequence: bigint;
  readonly changes: readonly LevelChange[];
  /** The best levels as they were: enough of them that those of the checksum follow from the changes. */
  readonly before: BookLevels;
  /** An ask became new, cheaper or freer while a resting bid reaches its price. */
  readonly matchDue: boolean;
}

interface Change extends Pair {
  readonly now: string;
  readonly ids: readonly string[];
  readonly freer: readonly string[];
  readonly bidRates: readonly string[];
  readonly bidGpus: readonly number[];
  readonly bidOrders: readonly number[];
  readonly demand: boolean;
}

interface ChangeRow {
  readonly sequence: bigint;
  readonly changes: readonly LevelJson[];
  readonly before: readonly LevelJson[];
  readonly match_due: boolean;
}

/**
 * Stores anew what the units ask, where that is not what they asked before; `part` lists what it adds to
 * and takes from the levels. Each unit is looked up by itself (`OFFSET 0`), because the planner knows
 * neither how many there are nor that few of all bookings are theirs.
 */
function asksOf(slot: Slots<Change>): RawBuilder<unknown> {
  const asked = isAsked(sql`${slot('now')}::timestamptz`);
  return sql`
    unit AS (
      SELECT id, gpus, rate, changed_at, old_gpus, old_rate, old_changed_at, rate IS NOT NULL AND (coalesce(old_due, false)
             OR coalesce(rate <= best, false)
                AND (old_rate IS NULL OR rate < old_rate OR id = ANY(${slot('freer')}::text[]))) AS due,
             old_due
        FROM unnest(${slot('ids')}::text[]) AS touched (id)
        CROSS JOIN LATERAL (
          SELECT g.gpu_count AS gpus, CASE WHEN ${asked} THEN o.rate_micros END AS rate,
                 o.price_changed_at AS changed_at, old.gpu_count AS old_gpus,
                 old.rate_micros AS old_rate, old.price_changed_at AS old_changed_at,
                 old.match_due AS old_due
            FROM gpu g LEFT JOIN offer o ON o.gpu_id = g.id LEFT JOIN book_ask old ON old.gpu_id = g.id
           WHERE g.id = touched.id OFFSET 0) found
        CROSS JOIN (
          SELECT max(limit_micros) AS best FROM market_order
           WHERE ${ofPair(slot)} AND status IN ('OPEN', 'PARTIALLY_FILLED')) bid
    ), withdrawn AS (
      DELETE FROM book_ask WHERE gpu_id = ANY(ARRAY(SELECT id FROM unit WHERE rate IS NULL))
    ), standing AS (
      INSERT INTO book_ask (gpu_id, gpu_type, region, rate_micros, price_changed_at, gpu_count, match_due)
      SELECT id, ${slot('gpuType')}::text, ${slot('region')}::text, rate, changed_at, gpus, due FROM unit
       WHERE rate IS NOT NULL AND (rate, changed_at, gpus, due)
             IS DISTINCT FROM (old_rate, old_changed_at, old_gpus, old_due)
      ON CONFLICT (gpu_id) DO UPDATE SET rate_micros = excluded.rate_micros,
        price_changed_at = excluded.price_changed_at, gpu_count = excluded.gpu_count,
        match_due = excluded.match_due
    ), part AS (
      SELECT 'ASK' AS side, rate AS rate_micros, gpus, 1 AS orders FROM unit WHERE rate IS NOT NULL
      UNION ALL SELECT 'ASK', old_rate, -old_gpus, -1 FROM unit WHERE old_rate IS NOT NULL
      UNION ALL ${bidsOf(slot)}
    )`;
}

function bidsOf(slot: Slots<Change>): RawBuilder<unknown> {
  return sql`
    SELECT 'BID' AS side, * FROM unnest(${slot('bidRates')}::bigint[], ${slot('bidGpus')}::int[],
      ${slot('bidOrders')}::int[]) AS bid_part (rate_micros, gpus, orders)`;
}

function ofPair(slot: Slots<Change>): RawBuilder<boolean> {
  return sql<boolean>`gpu_type = ${slot('gpuType')} AND region = ${slot('region')}`;
}

const AS_JSON = sql`json_agg(json_build_array(side, rate_micros::text, gpu_count, order_count))`;

/** Adds up what `part` lists and changes the levels by it; the answer's levels are those from before. */
function changing(
  slot: Slots<Change>,
  parts: RawBuilder<unknown>,
  matchDue: RawBuilder<unknown>,
): RawBuilder<ChangeRow> {
  const best = (side: OrderSide) => sql`(
    SELECT side, rate_micros, gpu_count, order_count FROM book_level
     WHERE ${ofPair(slot)} AND side = ${sql.lit(side)}
     ORDER BY rate_micros ${side === 'ASK' ? sql`ASC` : sql`DESC`}
     LIMIT ${sql.lit(CHECKSUM_DEPTH)} + (SELECT count(*) FROM delta))`;
  const now = sql`${slot('now')}::timestamptz`;
  const soon = soonAfter(now);
  return sql<ChangeRow>`
    WITH ${parts}, delta AS (
      SELECT side, rate_micros, sum(gpus)::int AS gpus, sum(orders)::int AS orders
        FROM part GROUP BY side, rate_micros HAVING sum(gpus) <> 0 OR sum(orders) <> 0
    ), next AS (
      SELECT d.side, d.rate_micros, coalesce(l.gpu_count, 0) + d.gpus AS gpu_count,
             coalesce(l.order_count, 0) + d.orders AS order_count, l.place
        FROM delta d LEFT JOIN LATERAL (
          SELECT gpu_count, order_count, ctid AS place FROM book_level
           WHERE ${ofPair(slot)} AND side = d.side AND rate_micros = d.rate_micros OFFSET 0) l ON true
    ), gone AS (
      DELETE FROM book_level WHERE ctid = ANY(ARRAY(SELECT place FROM next WHERE gpu_count = 0))
    ), kept AS (
      INSERT INTO book_level (gpu_type, region, side, rate_micros, gpu_count, order_count)
      SELECT ${slot('gpuType')}::text, ${slot('region')}::text, side, rate_micros, gpu_count, order_count
        FROM next WHERE gpu_count <> 0
      ON CONFLICT (gpu_type, region, side, rate_micros) DO UPDATE
        SET gpu_count = excluded.gpu_count, order_count = excluded.order_count
    ), numbered AS (
      UPDATE pair SET book_sequence = book_sequence + 1, book_changed_at = ${now},
             price_due_at = CASE WHEN ${slot('demand')} THEN least(price_due_at, ${soon})
                                 ELSE price_due_at END
       WHERE ${ofPair(slot)} AND EXISTS (SELECT FROM delta)
    ), called AS (
      UPDATE pair SET price_due_at = ${soon}
       WHERE ${ofPair(slot)} AND NOT EXISTS (SELECT FROM delta)
         AND ${slot('demand')} AND price_due_at > ${soon}
    )
    SELECT book_sequence AS sequence, ${matchDue} AS match_due,
           coalesce((SELECT ${AS_JSON} FROM next), '[]') AS changes,
           coalesce((SELECT ${AS_JSON} FROM (${best('ASK')} UNION ALL ${best('BID')}) level), '[]') AS before
      FROM pair WHERE ${ofPair(slot)}`;
}

const CHANGE_BOTH_SIDES = statement<Change, ChangeRow>((slot) =>
  changing(slot, asksOf(slot), sql`coalesce((SELECT bool_or(due) FROM unit), false)`),
);

const CHANGE_BIDS = statement<Change, ChangeRow>((slot) =>
  changing(slot, sql`part AS (${bidsOf(slot)})`, sql`false`),
);

/**
 * Stores anew what units of a pair ask, adds that and what orders changed to its levels and, where any
 * level changed, 1 to its sequence; the book's lock is held. What it reads is from before it, because it
 * is one statement. It calls the price rule where demand changed: most such calls write nothing.
 */
export async function changeBook(
  tx: Tx,
  pair: Pair,
  { ids, freer, bids, demand }: BookTouch,
  now: EpochMs,
): Promise<ChangedLevels> {
  const change = ids.length > 0 ? CHANGE_BOTH_SIDES : CHANGE_BIDS;
  const [row] = await change(tx, {
    ...pair,
    now: toIso(now),
    ids,
    freer,
    demand,
    bidRates: bids.map(({ rateMicros }) => `${rateMicros}`),
    bidGpus: bids.map(({ gpuCount }) => gpuCount),
    bidOrders: bids.map(({ orderCount }) => orderCount),
  });
  if (!row) throw new Error(`${pair.gpuType}@${pair.region} has no book`);
  return {
    previousSequence: row.sequence,
    sequence: row.changes.length > 0 ? row.sequence + 1n : row.sequence,
    changes: row.changes.map(toLevel),
    before: toLevels(row.before),
    matchDue: row.match_due,
  };
}
