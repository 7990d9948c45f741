import type { Micros } from './money.ts';
import type { EpochMs } from './time.ts';

/** Reference price of one (gpuType, region). */
export interface Price {
  readonly gpuType: string;
  readonly region: string;
  readonly rateMicros: Micros;
  /** Applied to DYNAMIC offers; 1,000,000 = 1. */
  readonly multiplierMillionths: bigint;
  readonly updatedAt: EpochMs;
  readonly version: number;
}

/** The middle value; of an even count the lower of the two middles, so that it is a price somebody asks. */
export function lowerMedian(values: readonly Micros[]): Micros | null {
  const sorted = values.toSorted((a, b) => (a < b ? -1 : Number(a > b)));
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}
