import { availabilityToJson, bookingToJson, pricingToJson } from '../domain/event-data.ts';
import type { BookingData, PricingData } from '../domain/event-data.ts';
import type { CacheEvent } from '../domain/cache-event.ts';
import {
  bookKey,
  priceKey,
  providerKey,
  statsKey,
  summaryKey,
  unitKey,
  unitListKey,
} from '../domain/cache-key.ts';
import { pairKey, type Pair, type Provider, type ProviderStatus } from '../domain/catalog.ts';
import type { GpuStatus, Unit } from '../domain/gpu.ts';
import { GLOBAL_REGION } from '../domain/partition.ts';

/** An event before the unit of work gives it id, time and source. */
export type EventDraft = Omit<CacheEvent, 'eventId' | 'timestamp' | 'sourceNode'>;

/** A unit has a new version; `told` adds the booking whose change this is. */
export function availabilityChanged(
  unit: Unit,
  previousStatus: GpuStatus,
  reason: string,
  told: BookingData | null,
): EventDraft {
  const { busy: _busy, ...pushed } = unit;
  return {
    type: 'GPU_AVAILABILITY_CHANGED',
    resourceId: unit.id,
    data: {
      ...availabilityToJson({ unit: pushed, previousStatus, reason }),
      ...(told && bookingToJson(told)),
    },
    affectedNamespaces: ['GPU_AVAILABILITY'],
    keys: [unitKey(unit.id), unitListKey(unit), summaryKey(unit)],
    region: unit.region,
    version: unit.version,
  };
}

/** A booking was made or confirmed, or was cancelled. */
export function bookingEvent(
  type: 'BOOKING_CREATED' | 'BOOKING_CANCELLED',
  unit: Unit,
  told: BookingData,
): EventDraft {
  return {
    type,
    resourceId: told.booking.id,
    data: bookingToJson(told),
    affectedNamespaces: ['GPU_AVAILABILITY', 'ORDER_BOOK', 'MARKET_STATS'],
    keys: [unitKey(unit.id), unitListKey(unit), summaryKey(unit)],
    region: unit.region,
    version: told.booking.version,
  };
}

/** The pair's asks or bids may have changed; without a level change `changes` is empty and the sequence stays. */
export function orderBookUpdated(pair: Pair, sequence: bigint): EventDraft {
  return {
    type: 'ORDER_BOOK_UPDATED',
    resourceId: pairKey(pair),
    data: {
      gpuType: pair.gpuType,
      region: pair.region,
      sequence: sequence.toString(),
      changes: [],
    },
    affectedNamespaces: ['ORDER_BOOK'],
    keys: [bookKey(pair)],
    region: pair.region,
    version: null,
  };
}

/** The pair's statistics are old; the outbox lets a burst make one of these. */
export function marketStatsUpdated(pair: Pair): EventDraft {
  return {
    type: 'MARKET_STATS_UPDATED',
    resourceId: pairKey(pair),
    data: { gpuType: pair.gpuType, region: pair.region },
    affectedNamespaces: ['MARKET_STATS'],
    keys: [statsKey(pair)],
    region: pair.region,
    version: null,
  };
}

/** The reference price or the offers of these units cost something else now. */
export function pricingUpdated(price: PricingData, unitIds: readonly string[]): EventDraft {
  const lists = unitIds.length > 0 ? [unitListKey(price)] : [];
  return {
    type: 'PRICING_UPDATED',
    resourceId: pairKey(price),
    data: pricingToJson(price),
    affectedNamespaces: unitIds.length > 0 ? ['GPU_PRICING', 'GPU_AVAILABILITY'] : ['GPU_PRICING'],
    keys: [priceKey(price), ...lists, ...unitIds.map(unitKey)],
    region: price.region,
    version: null,
  };
}

/** A provider's status was set. */
export function providerStatusChanged(
  provider: Pick<Provider, 'slug' | 'status' | 'version'>,
  previousStatus: ProviderStatus,
  reason: string | null,
): EventDraft {
  return {
    type: 'PROVIDER_STATUS_CHANGED',
    resourceId: provider.slug,
    data: { provider: provider.slug, status: provider.status, previousStatus, reason },
    affectedNamespaces: ['PROVIDER_STATUS'],
    keys: [providerKey(provider.slug)],
    region: GLOBAL_REGION,
    version: provider.version,
  };
}
