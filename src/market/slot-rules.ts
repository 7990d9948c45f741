import type { Booking } from '../domain/booking.ts';
import { GpuUnavailableError } from '../domain/errors.ts';
import { isBookable, type Unit } from '../domain/gpu.ts';
import type { Offer } from '../domain/offer.ts';
import { HORIZON_MS, MINUTE_MS, floorMinute, freeWindows, overlaps } from '../domain/time.ts';
import type { EpochMs, Interval } from '../domain/time.ts';

/** A new booking may start a little in the past; completed ones that far back still count as taken. */
export const LOOK_BACK_MS = 5 * MINUTE_MS;

/** A unit with what occupies it: under its locks where it is to be booked, without them for a quote. */
export interface Slot {
  readonly unit: Unit;
  /** Live ones, and those completed or settled just now, by start. */
  readonly bookings: readonly Booking[];
  readonly now: EpochMs;
}

/** Live and completed bookings do; a hold only until it runs out, settled or not. */
function occupies({ status, holdExpiresAt }: Booking, now: EpochMs): boolean {
  if (status === 'HELD') return (holdExpiresAt ?? 0) > now;
  return status !== 'EXPIRED' && status !== 'CANCELLED';
}

/** What occupies any part of the period, by start; `except` leaves one booking out. */
export function conflicts(slot: Slot, period: Interval, except?: string): Booking[] {
  return slot.bookings.filter(
    (booking) =>
      booking.id !== except && occupies(booking, slot.now) && overlaps(booking.period, period),
  );
}

/** The unit runs. @throws GpuUnavailableError when its provider has switched it off. */
export function requireOn(slot: Slot, period: Interval): void {
  const { status } = slot.unit;
  if (status !== 'OFFLINE' && status !== 'MAINTENANCE') return;
  throw unavailable(slot, period, `The GPU is ${status.toLowerCase()}.`);
}

/** The offer that a booking made now pays. @throws GpuUnavailableError when the unit is off or not offered. */
export function requireOffer(slot: Slot, period: Interval): Offer {
  requireOn(slot, period);
  const { offer } = slot.unit;
  if (offer?.status === 'ACTIVE') return offer;
  throw unavailable(slot, period, 'The GPU is not offered at the moment.');
}

/** The slot is free, apart from the booking `except`. @throws GpuUnavailableError that helps. */
export function requireFree(slot: Slot, period: Interval, except?: string): void {
  if (conflicts(slot, period, except).length === 0) return;
  throw unavailable(slot, period, 'The GPU is taken in this period.', except);
}

function unavailable(
  slot: Slot,
  period: Interval,
  message: string,
  except?: string,
): GpuUnavailableError {
  const inTheWay = conflicts(slot, period, except);
  const lengthMs = period.end - period.start;
  const range = { start: period.start, end: floorMinute(slot.now + HORIZON_MS) };
  const busy = conflicts(slot, range, except).map((booking) => booking.period);
  const windows = isBookable(slot.unit) ? freeWindows(busy, range) : [];
  return new GpuUnavailableError(message, {
    gpuId: slot.unit.id,
    period,
    conflictingUntil:
      inTheWay.length > 0 ? Math.max(...inTheWay.map(({ period: taken }) => taken.end)) : null,
    nextFreeWindow: windows.find((window) => window.end - window.start >= lengthMs) ?? null,
  });
}
