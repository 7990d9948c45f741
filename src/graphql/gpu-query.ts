import { isFree, pairOfUnit, type GpuStatus, type Unit } from '../domain/gpu.ts';
import type { TrustTier } from '../domain/catalog.ts';
import type { Micros } from '../domain/money.ts';
import type { Interval } from '../domain/time.ts';
import { decodePageCursor, encodePageCursor } from './page-cursor.ts';
import { compareText } from './paging.ts';

export const GPU_ORDER_FIELDS = [
  'USD_PER_GPU_HOUR',
  'RELIABILITY',
  'VRAM_GB',
  'CREATED_AT',
] as const;
export type GpuOrderField = (typeof GPU_ORDER_FIELDS)[number];

export interface GpuOrder {
  readonly field: GpuOrderField;
  readonly direction: 'ASC' | 'DESC';
}

/** Both ends count; an absent end is open. */
export interface Range<N extends number | Micros> {
  readonly gte?: N | null | undefined;
  readonly lte?: N | null | undefined;
}

/** What a unit must be; every absent part lets everything pass. Types and regions choose the lists. */
export interface UnitFilter {
  /** The slug of the only provider that counts. */
  readonly owner?: string | null | undefined;
  /** Slugs; null stands for an id that names no provider. */
  readonly providers?: ReadonlySet<string | null> | null | undefined;
  readonly status?: readonly GpuStatus[] | null | undefined;
  readonly vramGb?: Range<number> | null | undefined;
  readonly gpuCount?: Range<number> | null | undefined;
  readonly usdPerGpuHour?: Range<Micros> | null | undefined;
  readonly trustTier?: readonly TrustTier[] | null | undefined;
  readonly minReliability?: number | null | undefined;
  readonly freeDuring?: Interval | null | undefined;
}

type VramOf = (gpuType: string) => number;

/** Whether a unit passes. A price range asks for an offer, a reliability for a measured one. */
export function unitMatcher(filter: UnitFilter, vramOf: VramOf): (unit: Unit) => boolean {
  const { providers, status, vramGb, gpuCount, usdPerGpuHour, trustTier, minReliability } = filter;
  return (unit) =>
    unit.provider === (filter.owner ?? unit.provider) &&
    (providers?.has(unit.provider) ?? true) &&
    (status?.includes(unit.status) ?? true) &&
    (trustTier?.includes(unit.trustTier) ?? true) &&
    inRange(unit.gpuCount, gpuCount) &&
    (!vramGb || inRange(vramOf(unit.gpuType), vramGb)) &&
    (!usdPerGpuHour || inRange(unit.offer?.rateMicros, usdPerGpuHour)) &&
    (unit.reliability ?? -1) >= (minReliability ?? -1) &&
    (!filter.freeDuring || isFreeDuring(unit, filter.freeDuring));
}

function inRange<N extends number | Micros>(
  value: N | undefined,
  range: Range<N> | null | undefined,
): boolean {
  if (!range) return true;
  if (value === undefined) return false;
  return value >= (range.gte ?? value) && value <= (range.lte ?? value);
}

/** A unit that is switched off is not free, whatever its bookings say. */
function isFreeDuring(unit: Unit, period: Interval): boolean {
  return unit.status !== 'OFFLINE' && unit.status !== 'MAINTENANCE' && isFree(unit, period);
}

/** A place in the sorted list of units; `value` is null for a unit without what it is sorted by. */
export interface UnitPlace {
  readonly value: number | null;
  readonly id: string;
}

/** The sort value of a unit; micro-dollars of a rate are exact in a double (at most 10^12). */
export function sortValue(unit: Unit, field: GpuOrderField, vramOf: VramOf): number | null {
  switch (field) {
    case 'USD_PER_GPU_HOUR':
      return unit.offer ? Number(unit.offer.rateMicros) : null;
    case 'RELIABILITY':
      return unit.reliability;
    case 'VRAM_GB':
      return vramOf(unit.gpuType);
    case 'CREATED_AT':
      return unit.createdAt;
  }
}

/** By value in the asked direction, without a value last in both, equals by id. */
export function unitComparator({ direction }: GpuOrder): (a: UnitPlace, b: UnitPlace) => number {
  const sign = direction === 'ASC' ? 1 : -1;
  return (a, b) => {
    if (a.value === b.value) return compareText(a.id, b.id);
    if (a.value === null) return 1;
    if (b.value === null) return -1;
    return a.value < b.value ? -sign : sign;
  };
}

/** The cursor of a unit in this order. */
export function encodeUnitCursor(order: GpuOrder, { value, id }: UnitPlace): string {
  return encodePageCursor([orderName(order), value === null ? '' : String(value), id]);
}

/** Null for a cursor of another order, and for what is no cursor at all. */
export function decodeUnitCursor(order: GpuOrder, cursor: string): UnitPlace | null {
  const [text, id, ...rest] = decodePageCursor(orderName(order), cursor) ?? [];
  if (text === undefined || id === undefined || rest.length > 0 || !pairOfUnit(id)) return null;
  if (text === '') return { value: null, id };
  const value = Number(text);
  return Number.isFinite(value) ? { value, id } : null;
}

function orderName({ field, direction }: GpuOrder): string {
  return `gpus ${field} ${direction}`;
}
