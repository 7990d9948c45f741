import { clampMicros, timesMillionths, type Micros } from './money.ts';

export const PRICING_MODES = ['FIXED', 'DYNAMIC'] as const;
export type PricingMode = (typeof PRICING_MODES)[number];

export const OFFER_STATUSES = ['ACTIVE', 'PAUSED', 'WITHDRAWN'] as const;
export type OfferStatus = (typeof OFFER_STATUSES)[number];

/** A provider's ask for one unit; a unit has at most one, so the offer's id is the unit's. */
export interface Offer {
  readonly gpuId: string;
  readonly mode: PricingMode;
  /** What a booking made now pays, per GPU-hour. */
  readonly rateMicros: Micros;
  readonly baseMicros: Micros;
  readonly floorMicros: Micros;
  readonly capMicros: Micros;
  readonly minDurationMinutes: number;
  readonly maxDurationMinutes: number;
  readonly status: OfferStatus;
  readonly version: number;
}

/** Where a provider names no floor or cap: half and three times the base (price rule). */
export function defaultBounds(base: Micros): { floorMicros: Micros; capMicros: Micros } {
  return { floorMicros: timesMillionths(base, 500_000n), capMicros: base * 3n };
}

/** What an offer costs now: FIXED its base; DYNAMIC `clamp(base × multiplier, floor, cap)`. */
export function offerRate(
  offer: Pick<Offer, 'mode' | 'baseMicros' | 'floorMicros' | 'capMicros'>,
  multiplierMillionths: bigint,
): Micros {
  if (offer.mode === 'FIXED') return offer.baseMicros;
  return clampMicros(
    timesMillionths(offer.baseMicros, multiplierMillionths),
    offer.floorMicros,
    offer.capMicros,
  );
}
