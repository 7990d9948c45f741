import { totalCost, type Micros } from './money.ts';
import { HOUR_MS, MINUTE_MS, type EpochMs, type Interval } from './time.ts';

export const BOOKING_STATUSES = [
  'HELD',
  'CONFIRMED',
  'ACTIVE',
  'COMPLETED',
  'CANCELLED',
  'EXPIRED',
] as const;
export type BookingStatus = (typeof BOOKING_STATUSES)[number];

/** The statuses that occupy their period; the exclusion constraint counts exactly these. */
export const LIVE_STATUSES = [
  'HELD',
  'CONFIRMED',
  'ACTIVE',
] as const satisfies readonly BookingStatus[];

/** What happened to a booking, as `bookingChanged` tells it. */
export const BOOKING_CHANGES = [
  'HELD',
  'CREATED',
  'CONFIRMED',
  'STARTED',
  'EXTENDED',
  'CANCELLED',
  'EXPIRED',
  'COMPLETED',
] as const;
export type BookingChange = (typeof BOOKING_CHANGES)[number];

export interface Booking {
  readonly id: string;
  readonly gpuId: string;
  readonly accountId: string;
  readonly status: BookingStatus;
  readonly period: Interval;
  /** Locked when the booking was made, per GPU-hour. */
  readonly rateMicros: Micros;
  readonly gpuCount: number;
  readonly totalMicros: Micros;
  readonly refundedMicros: Micros;
  readonly holdExpiresAt: EpochMs | null;
  readonly version: number;
  readonly createdAt: EpochMs;
  readonly cancelledAt: EpochMs | null;
  /** The order that it filled; null for a booking made directly. */
  readonly orderId: string | null;
}

export interface CancellationTerms {
  readonly feeMicros: Micros;
  readonly refundMicros: Micros;
  /** Until when cancelling costs nothing; null when that is over or does not apply. */
  readonly freeUntil: EpochMs | null;
  /** Until when this answer holds. */
  readonly validUntil: EpochMs;
}

const FREE_BEFORE_START_MS = HOUR_MS;
const FREE_AFTER_CREATION_MS = 10 * MINUTE_MS;
const MAX_FEE_DURATION_MS = HOUR_MS;

/**
 * What cancelling at `now` costs. A hold is free. A booking is free until 1 h before its start or
 * 10 min after its creation, whichever is later; then the fee is min(1 h, remaining), and a booking
 * under way pays the time used (in started minutes, so that a quote holds until the next one) plus at
 * most 1 h. Source: design "The market", Bookings.
 */
export function cancellationTerms(booking: Booking, now: EpochMs): CancellationTerms {
  const { start, end } = booking.period;
  if (booking.status === 'HELD') return free(booking, booking.holdExpiresAt ?? end);
  const freeUntil = Math.max(
    start - FREE_BEFORE_START_MS,
    booking.createdAt + FREE_AFTER_CREATION_MS,
  );
  if (now < freeUntil) return free(booking, freeUntil);
  const usedMs = Math.min(Math.ceil(Math.max(0, now - start) / MINUTE_MS) * MINUTE_MS, end - start);
  const feeMs = usedMs + Math.min(MAX_FEE_DURATION_MS, end - start - usedMs);
  const fee = totalCost(booking.rateMicros, booking.gpuCount, feeMs);
  const feeMicros = fee < booking.totalMicros ? fee : booking.totalMicros;
  const validUntil = start + usedMs;
  return { feeMicros, refundMicros: booking.totalMicros - feeMicros, freeUntil: null, validUntil };
}

function free(booking: Booking, until: EpochMs): CancellationTerms {
  return { feeMicros: 0n, refundMicros: booking.totalMicros, freeUntil: until, validUntil: until };
}
