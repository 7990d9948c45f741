import { sql } from 'kysely';
import { LIVE_STATUSES, type Booking, type BookingStatus } from '../domain/booking.ts';
import { isUuid } from '../domain/ids.ts';
import { toIso, type EpochMs } from '../domain/time.ts';
import type { Db, Tx } from './database.ts';
import type { BookingRow } from './schema.ts';

export function toBooking(row: BookingRow): Booking {
  return {
    id: row.id,
    gpuId: row.gpu_id,
    accountId: row.account_id,
    status: row.status,
    period: { start: row.starts_at, end: row.ends_at },
    rateMicros: row.rate_micros,
    gpuCount: row.gpu_count,
    totalMicros: row.total_micros,
    refundedMicros: row.refunded_micros,
    holdExpiresAt: row.hold_expires_at,
    version: row.version,
    createdAt: row.created_at,
    cancelledAt: row.cancelled_at,
    orderId: row.order_id,
  };
}

/** The units' live bookings and those that were completed after `since`, by start. */
export async function bookingsOfUnits(
  tx: Tx,
  gpuIds: readonly string[],
  since: EpochMs,
): Promise<Booking[]> {
  const rows = await tx
    .selectFrom('booking')
    .selectAll()
    .where(sql<boolean>`gpu_id = ANY(${[...gpuIds]}::text[])`)
    .where((eb) =>
      eb.or([
        eb('status', 'in', [...LIVE_STATUSES]),
        eb.and([
          eb('status', '=', 'COMPLETED'),
          eb('ends_at', '>', sql<number>`${toIso(since)}::timestamptz`),
        ]),
      ]),
    )
    .orderBy('starts_at')
    .execute();
  return rows.map(toBooking);
}

export async function insertBooking(tx: Tx, booking: Booking): Promise<void> {
  await tx
    .insertInto('booking')
    .values({
      id: booking.id,
      gpu_id: booking.gpuId,
      account_id: booking.accountId,
      status: booking.status,
      starts_at: toIso(booking.period.start),
      ends_at: toIso(booking.period.end),
      rate_micros: booking.rateMicros,
      gpu_count: booking.gpuCount,
      total_micros: booking.totalMicros,
      hold_expires_at: booking.holdExpiresAt === null ? null : toIso(booking.holdExpiresAt),
      created_at: toIso(booking.createdAt),
      order_id: booking.orderId,
    })
    .execute();
}

/** Writes what may change about a booking; its version must already be raised. */
export async function updateBooking(tx: Tx, booking: Booking): Promise<void> {
  await tx
    .updateTable('booking')
    .set({
      status: booking.status,
      ends_at: toIso(booking.period.end),
      total_micros: booking.totalMicros,
      refunded_micros: booking.refundedMicros,
      hold_expires_at: booking.holdExpiresAt === null ? null : toIso(booking.holdExpiresAt),
      cancelled_at: booking.cancelledAt === null ? null : toIso(booking.cancelledAt),
      version: booking.version,
    })
    .where('id', '=', booking.id)
    .execute();
}

/** Null for an unknown id, a malformed one included. */
export async function findBooking(db: Db | Tx, id: string): Promise<Booking | null> {
  if (!isUuid(id)) return null;
  const row = await db.selectFrom('booking').selectAll().where('id', '=', id).executeTakeFirst();
  return row ? toBooking(row) : null;
}

/** Those that exist, in the order of the ids. */
export async function findBookings(db: Db, ids: readonly string[]): Promise<Booking[]> {
  const known = ids.filter(isUuid);
  if (known.length === 0) return [];
  const rows = await db.selectFrom('booking').selectAll().where('id', 'in', known).execute();
  const byId = new Map(rows.map((row) => [row.id, toBooking(row)]));
  return known.flatMap((id) => byId.get(id) ?? []);
}

/** Live holds of an account whose time has not run out. */
export async function countLiveHolds(tx: Tx, accountId: string, now: EpochMs): Promise<number> {
  const row = await tx
    .selectFrom('booking')
    .select(({ fn }) => fn.countAll<bigint>().as('holds'))
    .where('account_id', '=', accountId)
    .where('status', '=', 'HELD')
    .where('hold_expires_at', '>', sql<number>`${toIso(now)}::timestamptz`)
    .executeTakeFirstOrThrow();
  return Number(row.holds);
}

/**
 * Units with a hold, start or end that is due, read without locks; whoever settles them looks again. A
 * hold has its own end, and its period makes the unit HELD when that begins.
 */
export async function unitsDue(db: Db, limit: number): Promise<string[]> {
  const { rows } = await sql<{ gpu_id: string }>`
    SELECT DISTINCT gpu_id FROM (
      (SELECT gpu_id FROM booking WHERE status = 'HELD' AND hold_expires_at <= clock_timestamp() LIMIT ${limit})
      UNION ALL
      (SELECT b.gpu_id FROM booking b JOIN gpu g ON g.id = b.gpu_id
        WHERE b.status = 'HELD' AND b.starts_at <= clock_timestamp() AND g.current_status = 'AVAILABLE'
        LIMIT ${limit})
      UNION ALL
      (SELECT gpu_id FROM booking WHERE status = 'CONFIRMED' AND starts_at <= clock_timestamp() LIMIT ${limit})
      UNION ALL
      (SELECT gpu_id FROM booking WHERE status = 'ACTIVE' AND ends_at <= clock_timestamp() LIMIT ${limit})
    ) due ORDER BY gpu_id LIMIT ${limit}`.execute(db);
  return rows.map((row) => row.gpu_id);
}

export interface BookingQuery {
  /** As renter; null = anybody's. */
  readonly accountId: string | null;
  /** Of this provider's units; null = anybody's. */
  readonly provider: string | null;
  readonly gpuId: string | null;
  readonly status: readonly BookingStatus[] | null;
}

function matching(db: Db, query: BookingQuery) {
  let rows = db.selectFrom('booking');
  if (query.accountId !== null) rows = rows.where('account_id', '=', query.accountId);
  if (query.gpuId !== null) rows = rows.where('gpu_id', '=', query.gpuId);
  if (query.status !== null) rows = rows.where('status', 'in', [...query.status]);
  if (query.provider !== null) {
    const provider = query.provider;
    rows = rows.where('gpu_id', 'in', (eb) =>
      eb.selectFrom('gpu').select('id').where('provider', '=', provider),
    );
  }
  return rows;
}

/** Newest first, strictly after the given position. */
export async function pageBookings(
  db: Db,
  query: BookingQuery,
  after: { readonly createdAt: EpochMs; readonly id: string } | null,
  limit: number,
): Promise<Booking[]> {
  if (query.status?.length === 0 || (after && !isUuid(after.id))) return [];
  let rows = matching(db, query)
    .selectAll()
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit);
  if (after) {
    rows = rows.where(
      sql<boolean>`(created_at, id) < (${toIso(after.createdAt)}::timestamptz, ${after.id}::uuid)`,
    );
  }
  return (await rows.execute()).map(toBooking);
}

export async function countBookings(db: Db, query: BookingQuery): Promise<number> {
  if (query.status?.length === 0) return 0;
  const row = await matching(db, query)
    .select(({ fn }) => fn.countAll<bigint>().as('bookings'))
    .executeTakeFirstOrThrow();
  return Number(row.bookings);
}
