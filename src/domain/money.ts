/**
 * Money is a bigint of micro-dollars inside (1 USD = 1,000,000) and a decimal string outside; it is
 * never a float. Rates are per GPU-hour, never per machine. Source: design "The market", Units.
 */
export type Micros = bigint;

const MICROS_PER_USD = 1_000_000n;
const MS_PER_HOUR = 3_600_000n;
const DECIMAL = /^(\d{1,12})(?:\.(\d{1,6}))?$/;

/** The dearest rate an offer, an order or an operator may name: 1,000,000 USD per GPU-hour. */
export const MAX_RATE_MICROS: Micros = 1_000_000n * MICROS_PER_USD;

/** Parses a non-negative decimal of at most 6 fraction digits; anything else gives `null`. */
export function parseDecimal(text: string): Micros | null {
  const match = DECIMAL.exec(text);
  if (!match) return null;
  const [, whole = '0', fraction = ''] = match;
  return BigInt(whole) * MICROS_PER_USD + BigInt(fraction.padEnd(6, '0'));
}

/** Prints micro-dollars as the shortest exact decimal with at least two fraction digits: `1.50`. */
export function formatDecimal(micros: Micros): string {
  const sign = micros < 0n ? '-' : '';
  const absolute = micros < 0n ? -micros : micros;
  const fraction = (absolute % MICROS_PER_USD)
    .toString()
    .padStart(6, '0')
    .replace(/0{1,4}$/, '');
  return `${sign}${absolute / MICROS_PER_USD}.${fraction}`;
}

/** `numerator / denominator` for non-negative operands, rounded half-up to a whole micro-dollar. */
export function divideHalfUp(numerator: bigint, denominator: bigint): bigint {
  return (2n * numerator + denominator) / (2n * denominator);
}

/** What `gpuCount` GPUs cost for `durationMs` at a rate per GPU-hour; rounded half-up once. */
export function totalCost(rate: Micros, gpuCount: number, durationMs: number): Micros {
  return divideHalfUp(rate * BigInt(gpuCount) * BigInt(durationMs), MS_PER_HOUR);
}

/** GPU-hours of a stay, a float for reports only; money never goes through it. */
export function gpuHours(gpuCount: number, durationMs: number): number {
  return (gpuCount * durationMs) / Number(MS_PER_HOUR);
}

/** Multiplies by a factor given in millionths (1,150,000 = 1.15), rounded half-up. */
export function timesMillionths(micros: Micros, millionths: bigint): Micros {
  return divideHalfUp(micros * millionths, 1_000_000n);
}

/** Keeps a value inside `[low, high]`. */
export function clampMicros(value: Micros, low: Micros, high: Micros): Micros {
  if (value < low) return low;
  return value > high ? high : value;
}
