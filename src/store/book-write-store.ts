import { sql, type RawBuilder } from 'kysely';
import type { Pair } from '../domain/catalog.ts';
import { CHECKSUM_DEPTH, type BookLevels, type LevelChange } from '../domain/order-book.ts';
import type { LevelDelta, OrderSide } from '../domain/order-book.ts';
import { toIso, type EpochMs } from '../domain/time.ts';
import { isAsked, toLevel, toLevels, type LevelJson } from './book-store.ts';
import type { Tx } from './database.ts';

export interface RefreshedAsks {
  /** What the units' asks add to and take from the levels now. */
  readonly deltas: readonly LevelDelta[];
  /** An ask became new, cheaper or freer while a resting bid reaches its price. */
  readonly matchDue: boolean;
}

/**
 * Stores anew what units of one pair ask; the book's lock is held. `freer` are those of them whose
 * periods or terms may allow more than before.
 */
export async function refreshAsks(
  tx: Tx,
  { gpuType, region }: Pair,
  units: { readonly ids: readonly string[]; readonly freer: readonly string[] },
  now: EpochMs,
): Promise<RefreshedAsks> {
  const ids = sql`ANY(${[...units.ids]}::text[])`;
  const freer = sql`ANY(${[...units.freer]}::text[])`;
  const { rows } = await sql<{ deltas: readonly LevelJson[]; match_due: boolean }>`
    WITH asked AS (
      SELECT g.id, o.rate_micros, g.gpu_count FROM gpu g JOIN offer o ON o.gpu_id = g.id
       WHERE g.id = ${ids} AND ${isAsked(sql`${toIso(now)}::timestamptz`)}
    ), before AS (
      SELECT gpu_id, rate_micros, gpu_count FROM book_ask WHERE gpu_id = ${ids}
    ), bid AS (
      SELECT max(limit_micros) AS best FROM market_order
       WHERE gpu_type = ${gpuType} AND region = ${region} AND status IN ('OPEN', 'PARTIALLY_FILLED')
    ), gone AS (
      DELETE FROM book_ask WHERE gpu_id = ${ids} AND gpu_id NOT IN (SELECT id FROM asked)
    ), kept AS (
      INSERT INTO book_ask AS ask (gpu_id, gpu_type, region, rate_micros, gpu_count, match_due)
      SELECT a.id, ${gpuType}::text, ${region}::text, a.rate_micros, a.gpu_count,
             coalesce(a.rate_micros <= bid.best, false) AND
             (old.gpu_id IS NULL OR a.rate_micros < old.rate_micros OR a.id = ${freer})
        FROM asked a CROSS JOIN bid LEFT JOIN before old ON old.gpu_id = a.id
      ON CONFLICT (gpu_id) DO UPDATE SET rate_micros = excluded.rate_micros,
        gpu_count = excluded.gpu_count, match_due = ask.match_due OR excluded.match_due
      RETURNING match_due
    ), delta AS (
      SELECT rate_micros, sum(gpus) AS gpus, sum(orders) AS orders
        FROM (SELECT rate_micros, gpu_count AS gpus, 1 AS orders FROM asked
              UNION ALL SELECT rate_micros, -gpu_count, -1 FROM before) part
       GROUP BY rate_micros HAVING sum(gpus) <> 0 OR sum(orders) <> 0
    )
    SELECT coalesce((SELECT json_agg(json_build_array('ASK', rate_micros::text, gpus, orders))
                       FROM delta), '[]') AS deltas,
           coalesce((SELECT bool_or(match_due) FROM kept), false) AS match_due`.execute(tx);
  const row = rows[0];
  return { deltas: row?.deltas.map(toLevel) ?? [], matchDue: row?.match_due === true };
}

export interface ChangedLevels {
  readonly previousSequence: bigint;
  /** One more where a level changed. */
  readonly sequence: bigint;
  readonly changes: readonly LevelChange[];
  /** The best levels as they were: enough of them that those of the checksum follow from the changes. */
  readonly before: BookLevels;
}

/** The sum of deltas per level, without those that amount to nothing. */
function netDeltas(deltas: readonly LevelDelta[]): LevelDelta[] {
  const net = new Map<string, LevelDelta>();
  for (const delta of deltas) {
    const level = `${delta.side}:${delta.rateMicros}`;
    const { gpuCount, orderCount } = net.get(level) ?? { gpuCount: 0, orderCount: 0 };
    net.set(level, {
      ...delta,
      gpuCount: gpuCount + delta.gpuCount,
      orderCount: orderCount + delta.orderCount,
    });
  }
  return [...net.values()].filter((delta) => delta.gpuCount !== 0 || delta.orderCount !== 0);
}

/**
 * Adds deltas to a pair's levels and, where that changes any, 1 to its sequence; the book's lock is
 * held. What it reads is from before it, because it is one statement.
 */
export async function changeLevels(
  tx: Tx,
  pair: Pair,
  deltas: readonly LevelDelta[],
  now: EpochMs,
): Promise<ChangedLevels> {
  const net = netDeltas(deltas);
  const { rows } = await changing(pair, net, now).execute(tx);
  const row = rows[0];
  if (!row) throw new Error(`${pair.gpuType}@${pair.region} has no book`);
  return {
    previousSequence: row.sequence,
    sequence: net.length > 0 ? row.sequence + 1n : row.sequence,
    changes: row.changes.map(toLevel),
    before: toLevels(row.before),
  };
}

interface ChangingRow {
  readonly sequence: bigint;
  readonly changes: readonly LevelJson[];
  readonly before: readonly LevelJson[];
}

function changing(
  { gpuType, region }: Pair,
  net: readonly LevelDelta[],
  now: EpochMs,
): RawBuilder<ChangingRow> {
  const ofPair = sql`gpu_type = ${gpuType} AND region = ${region}`;
  const best = (side: OrderSide) => sql`(
    SELECT side, rate_micros, gpu_count, order_count FROM book_level WHERE ${ofPair} AND side = ${side}
     ORDER BY rate_micros ${side === 'ASK' ? sql`ASC` : sql`DESC`} LIMIT ${CHECKSUM_DEPTH + net.length})`;
  const asJson = sql`json_agg(json_build_array(side, rate_micros::text, gpu_count, order_count))`;
  return sql<ChangingRow>`
    WITH delta AS (
      ${unnested(net)}
    ), next AS (
      SELECT side, rate_micros, coalesce(l.gpu_count, 0) + d.gpus AS gpu_count,
             coalesce(l.order_count, 0) + d.orders AS order_count
        FROM delta d LEFT JOIN (SELECT * FROM book_level WHERE ${ofPair}) l USING (side, rate_micros)
    ), gone AS (
      DELETE FROM book_level USING next WHERE ${ofPair} AND book_level.side = next.side
         AND book_level.rate_micros = next.rate_micros AND next.gpu_count = 0
    ), kept AS (
      INSERT INTO book_level (gpu_type, region, side, rate_micros, gpu_count, order_count)
      SELECT ${gpuType}::text, ${region}::text, side, rate_micros, gpu_count, order_count
        FROM next WHERE gpu_count <> 0
      ON CONFLICT (gpu_type, region, side, rate_micros) DO UPDATE
        SET gpu_count = excluded.gpu_count, order_count = excluded.order_count
    ), numbered AS (
      UPDATE pair SET book_sequence = book_sequence + 1, book_changed_at = ${toIso(now)}::timestamptz
       WHERE ${ofPair} AND EXISTS (SELECT FROM delta)
    )
    SELECT book_sequence AS sequence,
           coalesce((SELECT ${asJson} FROM next), '[]') AS changes,
           coalesce((SELECT ${asJson} FROM (${best('ASK')} UNION ALL ${best('BID')}) level), '[]') AS before
      FROM pair WHERE ${ofPair}`;
}

function unnested(net: readonly LevelDelta[]): RawBuilder<unknown> {
  return sql`SELECT * FROM unnest(
    ${net.map((delta) => delta.side)}::text[], ${net.map((delta) => `${delta.rateMicros}`)}::bigint[],
    ${net.map((delta) => delta.gpuCount)}::int[], ${net.map((delta) => delta.orderCount)}::int[]
  ) AS d (side, rate_micros, gpus, orders)`;
}
