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
  /** Best levels of the pair's order book; null while there is none. */
  readonly bestAskMicros: Micros | null;
  readonly bestBidMicros: Micros | null;
  /** The price 24 hours before it was read; null where history does not reach back that far. */
  readonly rate24hAgoMicros: Micros | null;
  readonly version: number;
}

/** The middle value; of an even count the lower of the two middles, so that it is a price somebody asks. */
export function lowerMedian(values: readonly Micros[]): Micros | null {
  const sorted = values.toSorted((a, b) => (a < b ? -1 : Number(a > b)));
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}

/** How far the price has moved in 24 hours, in percent to four places; null where that is not known. */
export function change24hPercent({
  rateMicros,
  rate24hAgoMicros,
}: Pick<Price, 'rateMicros' | 'rate24hAgoMicros'>): number | null {
  if (rate24hAgoMicros === null || rate24hAgoMicros === 0n) return null;
  return Number(((rateMicros - rate24hAgoMicros) * 1_000_000n) / rate24hAgoMicros) / 10_000;
}
