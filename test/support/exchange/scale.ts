import type { Micros } from '../../../src/domain/money.ts';
import { MINUTE_MS, type EpochMs, type Interval } from '../../../src/domain/time.ts';
import type { Minutes } from './commands.ts';

/** Not a round number, so that totals have fractions of a micro-dollar to round. */
const MICROS_PER_CENT = 10_007n;

/** The stories' prices in the market's units. */
export function microsOf(cents: number): Micros {
  return BigInt(cents) * MICROS_PER_CENT;
}

export function centsOf(micros: Micros): number {
  return Number(micros) / Number(MICROS_PER_CENT);
}

/** The stories' minutes as instants, from the minute in which the story began. */
export function periodOf([start, end]: Minutes, origin: EpochMs): Interval {
  return { start: origin + start * MINUTE_MS, end: origin + end * MINUTE_MS };
}

export function minutesOf({ start, end }: Interval, origin: EpochMs): Minutes {
  return [(start - origin) / MINUTE_MS, (end - origin) / MINUTE_MS];
}

/** What a stay costs, in whole numbers: micro-dollars × GPUs × minutes / 60, rounded half-up. */
export function totalOf(cents: number, gpuCount: number, [start, end]: Minutes): Micros {
  return (microsOf(cents) * BigInt(gpuCount) * BigInt(end - start) + 30n) / 60n;
}
