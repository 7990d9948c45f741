import { sql } from 'kysely';
import { LIVE_STATUSES, type Booking, type BookingStatus } from '../domain/booking.ts';
import { isUuid } from '../domain/ids.ts';
import { toIso, type EpochMs } from '../domain/time.ts';
import type { Db, Tx } from './database.ts';
import { olderThan, type PagePosition } from './page-position.ts';
import type { BookingRow } from './schema.ts';
import { silently, statement } from './statement.ts';

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

/** A booking as its row takes it. */
function bookingValues(booking: Booking) {
  return {
    ...booking,
    startsAt: toIso(booking.period.start),
    endsAt: toIso(booking.period.end),
    holdExpiresAt: booking.holdExpiresAt === null ? null : toIso(booking.holdExpiresAt),
    createdAt: toIso(booking.createdAt),
    cancelledAt: booking.cancelledAt === null ? null : toIso(booking.cancelledAt),
  };
}

type BookingValues = ReturnType<typeof bookingValues>;

const OF_UNITS = statement<
  { readonly gpuIds: readonly string[]; readonly completedMs: number },
  BookingRow
>(
  (slot) => sql`
    SELECT id, gpu_id, account_id, status, starts_at, ends_at, rate_micros, gpu_count, total_micros,
           refunded_micros, hold_expires_at, version, created_at, cancelled_at, order_id
      FROM booking
     WHERE gpu_id = ANY(${slot('gpuIds')}::text[])
       AND (status IN (${sql.join(LIVE_STATUSES.map((status) => sql.lit(status)))})
            OR status = 'COMPLETED' AND ends_at > clock_timestamp()
               - make_interval(secs => ${slot('completedMs')}::float8 / 1000))
     ORDER BY starts_at`,
);

/** The units' live bookings and those that were completed in the last `completedMs`, by start. */
export async function bookingsOfUnits(
  tx: Tx,
  gpuIds: readonly string[],
  completedMs: number,
): Promise<Booking[]> {
  return (await OF_UNITS(tx, { gpuIds, completedMs })).map(toBooking);
}

const INSERT = silently<BookingValues>((slot, db) =>
  db.insertInto('booking').values({
    id: slot('id'),
    gpu_id: slot('gpuId'),
    account_id: slot('accountId'),
    status: slot('status'),
    starts_at: slot('startsAt'),
    ends_at: slot('endsAt'),
    rate_micros: slot('rateMicros'),
    gpu_count: slot('gpuCount'),
    total_micros: slot('totalMicros'),
    hold_expires_at: slot('holdExpiresAt'),
    created_at: slot('createdAt'),
    order_id: slot('orderId'),
  }),
);

export async function insertBooking(tx: Tx, booking: Booking): Promise<void> {
  await INSERT(tx, bookingValues(booking));
}

const UPDATE = silently<BookingValues>((slot, db) =>
  db
    .updateTable('booking')
    .set({
      status: slot('status'),
      ends_at: slot('endsAt'),
      total_micros: slot('totalMicros'),
      refunded_micros: slot('refundedMicros'),
      hold_expires_at: slot('holdExpiresAt'),
      cancelled_at: slot('cancelledAt'),
      version: slot('version'),
    })
    .where('id', '=', slot('id')),
);

/** Writes what may change about a booking; its version must already be raised. */
export async function updateBooking(tx: Tx, booking: Booking): Promise<void> {
  await UPDATE(tx, bookingValues(booking));
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
  after: PagePosition | null,
  limit: number,
): Promise<Booking[]> {
  if (query.status?.length === 0 || (after && !isUuid(after.id))) return [];
  let rows = matching(db, query)
    .selectAll()
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit);
  if (after) rows = rows.where(olderThan(after));
  return (await rows.execute()).map(toBooking);
}

export async function countBookings(db: Db, query: BookingQuery): Promise<number> {
  if (query.status?.length === 0) return 0;
  const row = await matching(db, query)
    .select(({ fn }) => fn.countAll<bigint>().as('bookings'))
    .executeTakeFirstOrThrow();
  return Number(row.bookings);
}
