import type { Micros } from './money.ts';

/** What statistics are about: null means all types or all regions. */
export interface StatsScope {
  readonly gpuType: string | null;
  readonly region: string | null;
}

/** Statistics of a scope, computed by the database when they are read. */
export interface MarketStats extends StatsScope {
  readonly totalGpus: number;
  readonly availableGpus: number;
  /** Booked divided by rentable, 0..1. */
  readonly utilisation: number;
  /** Bookings that run now. */
  readonly activeBookings: number;
  /** Percentiles of what ACTIVE offers ask, per GPU-hour; null without any. */
  readonly medianMicros: Micros | null;
  readonly p10Micros: Micros | null;
  readonly p90Micros: Micros | null;
  /** GPUs × milliseconds and USD of the bookings made in the last 24 h and not cancelled or expired. */
  readonly volume24hGpuMs: bigint;
  readonly turnover24hMicros: Micros;
}

/** The statistics of a scope that holds no units. */
export function noStats(scope: StatsScope): MarketStats {
  return {
    ...scope,
    totalGpus: 0,
    availableGpus: 0,
    utilisation: 0,
    activeBookings: 0,
    medianMicros: null,
    p10Micros: null,
    p90Micros: null,
    volume24hGpuMs: 0n,
    turnover24hMicros: 0n,
  };
}
