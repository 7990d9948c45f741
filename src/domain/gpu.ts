import { isSlug, type Pair, type ProviderStatus, type TrustTier } from './catalog.ts';
import { overlaps, type EpochMs, type Interval } from './time.ts';
import type { Offer } from './offer.ts';

export const GPU_STATUSES = ['AVAILABLE', 'HELD', 'BOOKED', 'OFFLINE', 'MAINTENANCE'] as const;
export type GpuStatus = (typeof GPU_STATUSES)[number];

/** What a provider may declare; HELD and BOOKED follow from live bookings. */
export const DECLARABLE_STATUSES = ['AVAILABLE', 'OFFLINE', 'MAINTENANCE'] as const;
export type DeclaredStatus = (typeof DECLARABLE_STATUSES)[number];

/**
 * One rentable unit: a machine slice of `gpuCount` cards that is booked as a whole. Its id is its
 * readable name, `region/gpuType/number`, so that whoever holds an id knows its pair and partition.
 */
export interface Unit {
  readonly id: string;
  readonly gpuType: string;
  readonly region: string;
  readonly provider: string;
  readonly gpuCount: number;
  readonly cpuCores: number | null;
  readonly ramGb: number | null;
  readonly diskGb: number | null;
  readonly trustTier: TrustTier;
  readonly reliability: number | null;
  readonly status: GpuStatus;
  /** +1 per booking, hold, confirm, cancel, extend, settlement and status change of the unit. */
  readonly version: number;
  readonly createdAt: EpochMs;
  readonly offer: Offer | null;
  /** Live bookings and holds that have not ended, in order, without their renters. */
  readonly busy: readonly Interval[];
}

const UNIT_NUMBER = /^\d{4,9}$/;

/** `us-east-1/h100-sxm/0042` */
export function unitId(pair: Pair, number: number): string {
  return `${pair.region}/${pair.gpuType}/${String(number).padStart(4, '0')}`;
}

/** The pair that a unit id names, or null for a string that is no unit id. */
export function pairOfUnit(id: string): Pair | null {
  const [region, gpuType, number, ...rest] = id.split('/');
  if (region === undefined || gpuType === undefined || number === undefined || rest.length > 0)
    return null;
  return isSlug(region) && isSlug(gpuType) && UNIT_NUMBER.test(number) ? { gpuType, region } : null;
}

/**
 * The status that follows from what was declared and what is booked now. A provider that is OFFLINE
 * or SUSPENDED takes its units with it; what the provider declares comes before bookings, which stay.
 */
export function currentStatus(
  declared: DeclaredStatus,
  provider: ProviderStatus,
  bookedNow: 'HELD' | 'BOOKED' | null,
): GpuStatus {
  if (provider === 'OFFLINE' || provider === 'SUSPENDED') return 'OFFLINE';
  if (declared !== 'AVAILABLE') return declared;
  return bookedNow ?? 'AVAILABLE';
}

/** Whether the unit could be booked at all: it is not switched off and somebody offers it. */
export function isBookable(unit: Unit): boolean {
  return (
    unit.status !== 'OFFLINE' && unit.status !== 'MAINTENANCE' && unit.offer?.status === 'ACTIVE'
  );
}

/** Whether no live booking touches the period. */
export function isFree(unit: Pick<Unit, 'busy'>, period: Interval): boolean {
  return !unit.busy.some((taken) => overlaps(taken, period));
}
