import type { Micros } from './money.ts';
import { SECOND_MS, type EpochMs, type Interval } from './time.ts';

/** A quote honours its price this long and reserves nothing. */
export const QUOTE_TTL_MS = 60 * SECOND_MS;

/** A price promised for one unit and period; bound to its asker when that one was signed in. */
export interface Quote {
  readonly id: string;
  readonly gpuId: string;
  readonly gpuCount: number;
  readonly period: Interval;
  readonly rateMicros: Micros;
  readonly totalMicros: Micros;
  readonly validUntil: EpochMs;
}
