import { clampMicros, timesMillionths, type Micros } from './money.ts';
import { MINUTE_MS, SECOND_MS } from './time.ts';

/** The rule looks at a pair at most this often by itself. */
export const PRICE_CADENCE_MS = 5 * MINUTE_MS;
/** After a booking or a cancellation it looks sooner, but at most this often. */
export const PRICE_TRIGGER_MS = 30 * SECOND_MS;

/** How much of a change of utilisation one look takes over. */
const SMOOTHING = 0.3;
/** One step moves a price by a tenth at most. */
const STEP_DIVISOR = 10n;
/** A move of less than a hundredth is not worth telling. */
const PUBLISHED_DIVISOR = 100n;

/** What the rule knows of a pair; base, floor and cap are those of its ACTIVE DYNAMIC offers. */
export interface PriceState {
  readonly rateMicros: Micros;
  readonly baseMicros: Micros;
  readonly floorMicros: Micros;
  readonly capMicros: Micros;
  /** Booked divided by rentable, 0..1. */
  readonly utilisation: number;
  /** Of the look before; null at the first. */
  readonly smoothed: number | null;
}

export interface PriceStep {
  readonly smoothed: number;
  /** The price to publish; null when it stays. */
  readonly rateMicros: Micros | null;
}

/** `s + 0.3 (u - s)`; the first look takes utilisation as it is. */
export function smooth(smoothed: number | null, utilisation: number): number {
  return smoothed === null ? utilisation : smoothed + SMOOTHING * (utilisation - smoothed);
}

/**
 * What scarcity multiplies the base with, in millionths: 0.8 for an idle market, 1 at half, 1.65 for a
 * full one. Continuous and rising throughout: a price never falls because demand rose.
 */
export function multiplierMillionths(smoothed: number): bigint {
  return BigInt(Math.round(1_000_000 * multiplier(smoothed)));
}

function multiplier(s: number): number {
  if (s <= 0.5) return 0.8 + 0.4 * s;
  if (s <= 0.8) return 1 + 0.5 * (s - 0.5);
  return 1.15 + 2.5 * (s - 0.8);
}

/** Where the price is heading: base × multiplier, inside floor and cap and half to three times the base. */
export function targetRate(
  { baseMicros, floorMicros, capMicros }: Omit<PriceState, 'utilisation' | 'smoothed'>,
  smoothed: number,
): Micros {
  const half = timesMillionths(baseMicros, 500_000n);
  const low = floorMicros > half ? floorMicros : half;
  const high = capMicros < baseMicros * 3n ? capMicros : baseMicros * 3n;
  return clampMicros(timesMillionths(baseMicros, multiplierMillionths(smoothed)), low, high);
}

/**
 * One look at a pair: a step of at most 10 % towards the target, published when it is 1 % or more.
 * Deterministic. Source: design "The market", Price rule.
 */
export function priceStep(state: PriceState): PriceStep {
  const { rateMicros, utilisation } = state;
  const smoothed = smooth(state.smoothed, utilisation);
  const reach = rateMicros / STEP_DIVISOR;
  const next = clampMicros(targetRate(state, smoothed), rateMicros - reach, rateMicros + reach);
  const moved = next > rateMicros ? next - rateMicros : rateMicros - next;
  const isWorthTelling = moved > 0n && moved * PUBLISHED_DIVISOR >= rateMicros;
  return { smoothed, rateMicros: isWorthTelling ? next : null };
}
