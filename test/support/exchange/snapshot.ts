import { sql } from 'kysely';
import { LIVE_STATUSES } from '../../../src/domain/booking.ts';
import type { Pair } from '../../../src/domain/catalog.ts';
import type { OrderSide } from '../../../src/domain/order-book.ts';
import type { OrderStatus } from '../../../src/domain/order.ts';
import type { EpochMs } from '../../../src/domain/time.ts';
import type { Db } from '../../../src/store/database.ts';
import type { Levels, ReferenceMatcher } from './reference-matcher.ts';
import { centsOf, minutesOf, totalOf } from './scale.ts';

/** Everything that the rules decide, in the stories' words: equal for the reference and the market. */
export interface Snapshot {
  readonly sequence: number;
  readonly levels: readonly string[];
  readonly orders: readonly string[];
  /** Executions, first one first. */
  readonly fills: readonly string[];
  /** Sorted; what is paid included. */
  readonly bookings: readonly string[];
}

/** The rows behind a snapshot; orders and bookings in the order of their making. */
export interface BookRows {
  readonly sequence: string;
  readonly levels: readonly {
    readonly side: OrderSide;
    readonly rate: string;
    readonly gpus: number;
    readonly orders: number;
  }[];
  readonly orders: readonly {
    readonly id: string;
    readonly status: OrderStatus;
    readonly filled: number;
  }[];
  readonly fills: readonly {
    readonly order: string;
    readonly unit: string;
    readonly rate: string;
    readonly gpus: number;
    readonly ms: string;
  }[];
  readonly bookings: readonly BookingRow[];
}

export interface BookingRow {
  readonly id: string;
  readonly unit: string;
  readonly order: string | null;
  readonly live: boolean;
  /** ms */
  readonly start: number;
  readonly end: number;
  readonly rate: string;
  readonly total: string;
}

/** Reads one book in one statement, so that all of it is of one moment. */
export async function readBook(db: Db, { gpuType, region }: Pair): Promise<BookRows> {
  const ofPair = sql`gpu_type = ${gpuType} AND region = ${region}`;
  const { rows } = await sql<{ book: BookRows }>`SELECT json_build_object(
    'sequence', book_sequence::text,
    'levels', (SELECT coalesce(json_agg(json_build_object('side', side, 'rate', rate_micros::text,
        'gpus', gpu_count, 'orders', order_count) ORDER BY side, rate_micros), '[]')
      FROM book_level WHERE ${ofPair}),
    'orders', (SELECT coalesce(json_agg(json_build_object('id', id, 'status', status,
        'filled', filled_quantity) ORDER BY number), '[]') FROM market_order WHERE ${ofPair}),
    'fills', (SELECT coalesce(json_agg(json_build_object('order', f.order_id, 'unit', b.gpu_id,
        'rate', f.rate_micros::text, 'gpus', f.gpu_count, 'ms', f.duration_ms::text)
        ORDER BY f.number), '[]')
      FROM fill f JOIN booking b ON b.id = f.booking_id WHERE ${ofPair}),
    'bookings', (SELECT coalesce(json_agg(json_build_object('id', b.id, 'unit', b.gpu_id,
        'order', b.order_id, 'live', b.status = ANY(${sql.val([...LIVE_STATUSES])}),
        'start', extract(epoch FROM b.starts_at) * 1000, 'end', extract(epoch FROM b.ends_at) * 1000,
        'rate', b.rate_micros::text, 'total', b.total_micros::text)), '[]')
      FROM booking b JOIN gpu g ON g.id = b.gpu_id WHERE ${ofPair})
    ) AS book FROM pair WHERE ${ofPair}`.execute(db);
  const book = rows[0]?.book;
  if (!book) throw new Error(`there is no book of ${gpuType}@${region}`);
  return book;
}

/** What the market holds, told in the story's words. */
export function snapshotOfRows(rows: BookRows, origin: EpochMs): Snapshot {
  const orderNumber = (id: string | null): string =>
    id === null ? 'direct' : `order ${rows.orders.findIndex((order) => order.id === id)}`;
  return {
    sequence: Number(rows.sequence),
    levels: rows.levels.map(({ side, rate, gpus, orders }) =>
      levelText(side, centsOf(BigInt(rate)), [gpus, orders]),
    ),
    orders: rows.orders.map(({ status, filled }) => `${status} ${filled}`),
    fills: rows.fills.map(
      ({ order, unit, rate, gpus, ms }) =>
        `${orderNumber(order)}: ${unit} at ${centsOf(BigInt(rate))}, ${gpus} GPUs for ${Number(ms) / 60_000} min`,
    ),
    bookings: rows.bookings
      .map((row) => {
        const [start, end] = minutesOf(row, origin);
        const paid = `${centsOf(BigInt(row.rate))} = ${row.total}`;
        const { unit, live } = row;
        return bookingText({ unit, start, end, order: orderNumber(row.order), live, paid });
      })
      .toSorted(),
  };
}

/** What the rules say, told in the same words. */
export function snapshotOfReference(reference: ReferenceMatcher): Snapshot {
  const { orders, bookings, sequence, asks, bids } = reference;
  const fills = bookings.filter(({ order }) => order !== null);
  return {
    sequence,
    levels: [...sideTexts('ASK', asks), ...sideTexts('BID', bids)],
    orders: orders.map(({ status, filled }) => `${status} ${filled}`),
    fills: fills.map(
      ({ order, unit, cents, period: [start, end] }) =>
        `order ${order}: ${unit.id} at ${cents}, ${unit.gpuCount} GPUs for ${end - start} min`,
    ),
    bookings: bookings
      .map(({ unit, period, cents, order, live }) => {
        const [start, end] = period;
        const paid = `${cents} = ${totalOf(cents, unit.gpuCount, period)}`;
        const by = order === null ? 'direct' : `order ${order}`;
        return bookingText({ unit: unit.id, start, end, order: by, live, paid });
      })
      .toSorted(),
  };
}

function sideTexts(side: OrderSide, levels: Levels): string[] {
  return [...levels].map(([cents, level]) => levelText(side, cents, level));
}

function levelText(
  side: OrderSide,
  cents: number,
  [gpus, orders]: readonly [number, number],
): string {
  return `${side} ${cents}: ${gpus} GPUs of ${orders}`;
}

function bookingText(booking: {
  readonly unit: string;
  readonly start: number;
  readonly end: number;
  readonly order: string;
  readonly live: boolean;
  readonly paid: string;
}): string {
  const { unit, start, end, order, live, paid } = booking;
  return `${unit} [${start}, ${end}) ${order} at ${paid}${live ? '' : ', over'}`;
}
