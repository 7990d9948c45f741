import type { Booking, BookingChange } from './booking.ts';
import type { JsonObject } from './cache-event.ts';
import type { GpuStatus, Unit } from './gpu.ts';
import { formatDecimal, parseDecimal, type Micros } from './money.ts';
import type { Offer } from './offer.ts';
import { parseIso, toIso, type EpochMs } from './time.ts';

/**
 * What events carry in `data`, so that a push costs no read. Every shape here is written into the
 * outbox by the market and read back by the live feed; `docs/events.md` documents them.
 */

/** The unit as of its version, with its offer; busy intervals are read when a client asks for them. */
export type PushedUnit = Omit<Unit, 'busy'>;

/** `data` of GPU_AVAILABILITY_CHANGED: `unit`, `previousStatus`, `reason`. */
export interface AvailabilityData {
  readonly unit: PushedUnit;
  readonly previousStatus: GpuStatus;
  /** BOOKED, HELD, RELEASED, STARTED, ENDED, PROVIDER, MAINTENANCE or the caller's text. */
  readonly reason: string;
}

/** `data` of PRICING_UPDATED. */
export interface PricingData {
  readonly gpuType: string;
  readonly region: string;
  readonly rateMicros: Micros;
  readonly previousMicros: Micros | null;
}

/** `data.booking` and `data.change`, on whichever event tells of a booking. */
export interface BookingData {
  readonly booking: Booking;
  readonly change: BookingChange;
}

type Writable = Record<string, JsonObject[string]>;

function offerToJson(offer: Offer): JsonObject {
  const { rateMicros, baseMicros, floorMicros, capMicros, ...rest } = offer;
  return {
    ...rest,
    usdPerGpuHour: formatDecimal(rateMicros),
    baseUsdPerGpuHour: formatDecimal(baseMicros),
    floorUsdPerGpuHour: formatDecimal(floorMicros),
    capUsdPerGpuHour: formatDecimal(capMicros),
  };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function money(value: unknown): Micros {
  return parseDecimal(text(value)) ?? 0n;
}

function offerFromJson(json: Writable): Offer {
  const { usdPerGpuHour, baseUsdPerGpuHour, floorUsdPerGpuHour, capUsdPerGpuHour, ...rest } = json;
  return {
    ...(rest as unknown as Omit<Offer, 'rateMicros' | 'baseMicros' | 'floorMicros' | 'capMicros'>),
    rateMicros: money(usdPerGpuHour),
    baseMicros: money(baseUsdPerGpuHour),
    floorMicros: money(floorUsdPerGpuHour),
    capMicros: money(capUsdPerGpuHour),
  };
}

function instant(value: unknown): EpochMs {
  return parseIso(text(value)) ?? 0;
}

function instantOrNull(value: unknown): EpochMs | null {
  return value === null || value === undefined ? null : instant(value);
}

export function availabilityToJson({ unit, previousStatus, reason }: AvailabilityData): JsonObject {
  const { offer, createdAt, ...scalars } = unit;
  return {
    unit: { ...scalars, createdAt: toIso(createdAt), offer: offer && offerToJson(offer) },
    previousStatus,
    reason,
  };
}

/** Null for an event that carries no unit (an import's, one per pair and batch). */
export function availabilityFromJson(data: JsonObject): AvailabilityData | null {
  if (!data['unit']) return null;
  const { offer, createdAt, ...scalars } = data['unit'] as Writable;
  const unit = {
    ...(scalars as unknown as Omit<PushedUnit, 'offer' | 'createdAt'>),
    createdAt: instant(createdAt),
    offer: offer ? offerFromJson(offer as Writable) : null,
  };
  return {
    unit,
    previousStatus: data['previousStatus'] as GpuStatus,
    reason: text(data['reason']),
  };
}

export function pricingToJson(data: PricingData): JsonObject {
  return {
    gpuType: data.gpuType,
    region: data.region,
    usdPerGpuHour: formatDecimal(data.rateMicros),
    previousUsdPerGpuHour: data.previousMicros === null ? null : formatDecimal(data.previousMicros),
  };
}

/** Null for an event that names no price. */
export function pricingFromJson(data: JsonObject): PricingData | null {
  if (typeof data['usdPerGpuHour'] !== 'string') return null;
  const previous = data['previousUsdPerGpuHour'];
  return {
    gpuType: text(data['gpuType']),
    region: text(data['region']),
    rateMicros: money(data['usdPerGpuHour']),
    previousMicros: previous === null ? null : money(previous),
  };
}

export function bookingToJson({ booking, change }: BookingData): JsonObject {
  const {
    rateMicros,
    totalMicros,
    refundedMicros,
    period,
    holdExpiresAt,
    createdAt,
    cancelledAt,
    ...rest
  } = booking;
  return {
    change,
    booking: {
      ...rest,
      usdPerGpuHour: formatDecimal(rateMicros),
      totalUsd: formatDecimal(totalMicros),
      refundedUsd: formatDecimal(refundedMicros),
      start: toIso(period.start),
      end: toIso(period.end),
      holdExpiresAt: holdExpiresAt === null ? null : toIso(holdExpiresAt),
      createdAt: toIso(createdAt),
      cancelledAt: cancelledAt === null ? null : toIso(cancelledAt),
    },
  };
}

/** Null for an event that tells of no booking. */
export function bookingFromJson(data: JsonObject): BookingData | null {
  if (!data['booking']) return null;
  const { usdPerGpuHour, totalUsd, refundedUsd, start, end, ...rest } = data['booking'] as Writable;
  const booking = {
    ...(rest as unknown as Booking),
    rateMicros: money(usdPerGpuHour),
    totalMicros: money(totalUsd),
    refundedMicros: money(refundedUsd),
    period: { start: instant(start), end: instant(end) },
    holdExpiresAt: instantOrNull(rest['holdExpiresAt']),
    createdAt: instant(rest['createdAt']),
    cancelledAt: instantOrNull(rest['cancelledAt']),
  };
  return { booking, change: data['change'] as BookingChange };
}
