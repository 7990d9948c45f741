import { bookToJson, type BookData } from '../domain/book-data.ts';
import { availabilityToJson, bookingToJson, pricingToJson } from '../domain/event-data.ts';
import type { BookingData, PricingData } from '../domain/event-data.ts';
import type { CacheEvent } from '../domain/cache-event.ts';
import {
  bookKey,
  priceKey,
  providerKey,
  statsKeysOf,
  summaryKey,
  unitKey,
  unitListKey,
  type CacheKey,
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

/** What one transaction did to a book; a price's best levels and its change in a day are part of the price. */
export function orderBookUpdated(data: BookData, changesPrice: boolean): EventDraft {
  return {
    type: 'ORDER_BOOK_UPDATED',
    resourceId: pairKey(data),
    data: bookToJson(data),
    affectedNamespaces: changesPrice ? ['ORDER_BOOK', 'GPU_PRICING'] : ['ORDER_BOOK'],
    keys: changesPrice ? [bookKey(data), priceKey(data)] : [bookKey(data)],
    region: data.region,
    version: null,
  };
}

/** The statistics of a pair and of all that count it are old; the outbox lets a burst make one of these. */
export function marketStatsUpdated(pair: Pair): EventDraft {
  return {
    type: 'MARKET_STATS_UPDATED',
    resourceId: pairKey(pair),
    data: { gpuType: pair.gpuType, region: pair.region },
    affectedNamespaces: ['MARKET_STATS'],
    keys: statsKeysOf(pair),
    region: pair.region,
    version: null,
  };
}

/**
 * The reference price or the offers of these units cost something else now. `alsoOld` is what else that
 * makes old where no event of its own says so.
 */
export function pricingUpdated(
  price: PricingData,
  unitIds: readonly string[],
  alsoOld: readonly CacheKey[] = [],
): EventDraft {
  const units = unitIds.length > 0 ? [unitListKey(price), ...unitIds.map(unitKey)] : [];
  const keys = [priceKey(price), ...units, ...alsoOld];
  return {
    type: 'PRICING_UPDATED',
    resourceId: pairKey(price),
    data: pricingToJson(price),
    affectedNamespaces: [...new Set(keys.map((key) => key.namespace))],
    keys,
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
