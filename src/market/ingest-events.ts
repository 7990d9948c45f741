import { randomUUID } from 'node:crypto';
import type { CacheEvent } from '../domain/cache-event.ts';
import {
  CATALOG_KEY,
  priceKey,
  providerKey,
  PROVIDER_LIST_KEY,
  summaryKey,
  unitKey,
  unitListKey,
  type CacheKey,
} from '../domain/cache-key.ts';
import { pairKey, type Pair } from '../domain/catalog.ts';
import { pricingToJson, type PricingData } from '../domain/event-data.ts';
import { GLOBAL_REGION } from '../domain/partition.ts';
import type { EpochMs } from '../domain/time.ts';
import type { EventDraft } from './event-drafts.ts';

/** Who writes and when: the same for every event of one transaction. */
export interface EventOrigin {
  readonly sourceNode: string;
  readonly now: EpochMs;
}

type EventBody = Pick<CacheEvent, 'type' | 'resourceId' | 'data' | 'keys' | 'region'>;

function ingestEvent(body: EventBody, { sourceNode, now }: EventOrigin): CacheEvent {
  return {
    ...body,
    eventId: randomUUID(),
    timestamp: now,
    sourceNode,
    affectedNamespaces: [...new Set(body.keys.map((key) => key.namespace))],
    version: null,
  };
}

/** A draft that any other writer would emit, as an event of the import. */
export function eventOf(draft: EventDraft, { sourceNode, now }: EventOrigin): CacheEvent {
  return { ...draft, eventId: randomUUID(), timestamp: now, sourceNode };
}

/** Types, regions or pairs changed, and providers are new. */
export function catalogChanged(providers: readonly string[], origin: EventOrigin): CacheEvent {
  const added = providers.length === 0 ? [] : [PROVIDER_LIST_KEY, ...providers.map(providerKey)];
  const keys: CacheKey[] = [CATALOG_KEY, ...added];
  const data = { reason: 'IMPORTED' };
  const body = {
    type: 'GPU_AVAILABILITY_CHANGED',
    resourceId: 'catalog',
    region: GLOBAL_REGION,
  } as const;
  return ingestEvent({ ...body, data, keys }, origin);
}

/**
 * Units of a pair were added, changed or paused: one event for all of them, which carries no unit and
 * so is pushed to nobody. `providers` are those that got new units and may have got a new region.
 */
export function unitsChanged(
  pair: Pair,
  unitIds: readonly string[],
  providers: readonly string[],
  origin: EventOrigin,
): CacheEvent {
  const keys = [
    ...unitIds.map(unitKey),
    unitListKey(pair),
    summaryKey(pair),
    ...providers.map(providerKey),
  ];
  const data = {
    reason: 'IMPORTED',
    gpuType: pair.gpuType,
    region: pair.region,
    units: unitIds.length,
  };
  const body = {
    type: 'GPU_AVAILABILITY_CHANGED',
    resourceId: pairKey(pair),
    region: pair.region,
  } as const;
  return ingestEvent({ ...body, data, keys }, origin);
}

/** The pair's reference price moved. */
export function priceChanged(price: PricingData, origin: EventOrigin): CacheEvent {
  const data = pricingToJson(price);
  const body = {
    type: 'PRICING_UPDATED',
    resourceId: pairKey(price),
    region: price.region,
  } as const;
  return ingestEvent({ ...body, data, keys: [priceKey(price)] }, origin);
}
