import { sql } from 'kysely';
import type { Pair } from '../domain/catalog.ts';
import { isUuid } from '../domain/ids.ts';
import type { Fill } from '../domain/order.ts';
import { toIso } from '../domain/time.ts';
import type { Db, Tx } from './database.ts';
import type { FillRow } from './exchange-schema.ts';
import { silently } from './statement.ts';

function toFill(row: FillRow): Fill {
  return {
    id: row.id,
    rateMicros: row.rate_micros,
    gpuCount: row.gpu_count,
    durationMs: Number(row.duration_ms),
    at: row.at,
  };
}

/** One execution with what it binds together. */
export interface NewFill {
  readonly fill: Fill;
  readonly orderId: string;
  readonly bookingId: string;
  readonly pair: Pair;
}

const INSERT = silently<{ readonly rows: string }>(
  (slot) => sql`
    INSERT INTO fill (id, order_id, booking_id, gpu_type, region, rate_micros, gpu_count, duration_ms, at)
    SELECT id, order_id, booking_id, gpu_type, region, rate_micros, gpu_count, duration_ms, at
      FROM json_populate_recordset(null::fill, ${slot('rows')}::json)`,
);

/** In the order of execution; orders and bookings are there already. */
export async function insertFills(tx: Tx, fills: readonly NewFill[]): Promise<void> {
  const rows = fills.map(({ fill, orderId, bookingId, pair }) => ({
    id: fill.id,
    order_id: orderId,
    booking_id: bookingId,
    gpu_type: pair.gpuType,
    region: pair.region,
    rate_micros: `${fill.rateMicros}`,
    gpu_count: fill.gpuCount,
    duration_ms: fill.durationMs,
    at: toIso(fill.at),
  }));
  await INSERT(tx, { rows: JSON.stringify(rows) });
}

/** Null for an unknown id, a malformed one included. */
export async function findFill(db: Db, id: string): Promise<Fill | null> {
  const [fill] = await findFills(db, [id]);
  return fill ?? null;
}

/** Those that exist, in order of execution. */
export async function findFills(db: Db, ids: readonly string[]): Promise<Fill[]> {
  const known = ids.filter(isUuid);
  if (known.length === 0) return [];
  const rows = await db
    .selectFrom('fill')
    .selectAll()
    .where('id', 'in', known)
    .orderBy('number')
    .execute();
  return rows.map(toFill);
}

/** In order of execution, strictly after the named fill of the same order; none after a foreign one. */
export async function fillsOfOrder(
  db: Db,
  orderId: string,
  after: string | null,
  limit: number,
): Promise<Fill[]> {
  if (!isUuid(orderId) || (after !== null && !isUuid(after))) return [];
  let rows = db.selectFrom('fill').selectAll().where('order_id', '=', orderId);
  if (after !== null) {
    rows = rows.where(
      sql<boolean>`number > (SELECT number FROM fill WHERE id = ${after}::uuid AND order_id = ${orderId}::uuid)`,
    );
  }
  return (await rows.orderBy('number').limit(limit).execute()).map(toFill);
}

/** Newest first. */
export async function recentFills(db: Db, pair: Pair, limit: number): Promise<Fill[]> {
  const rows = await db
    .selectFrom('fill')
    .selectAll()
    .where('gpu_type', '=', pair.gpuType)
    .where('region', '=', pair.region)
    .orderBy('number', 'desc')
    .limit(limit)
    .execute();
  return rows.map(toFill);
}
