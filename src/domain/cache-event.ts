import type { CacheKey } from './cache-key.ts';
import type { CacheNamespace } from './cache-namespace.ts';
import type { EpochMs } from './time.ts';

/** The eight event types of the caching strategy; the wire value is the lower-case name. */
export const CACHE_EVENT_TYPES = [
  'GPU_AVAILABILITY_CHANGED',
  'PRICING_UPDATED',
  'BOOKING_CREATED',
  'BOOKING_CANCELLED',
  'PROVIDER_STATUS_CHANGED',
  'MARKET_STATS_UPDATED',
  'ORDER_BOOK_UPDATED',
  'MANUAL_INVALIDATION',
] as const;
export type CacheEventType = (typeof CACHE_EVENT_TYPES)[number];

/** Lower goes out first. It belongs to the kind of entity, so that one entity's events stay in order. */
export type EventPriority = 0 | 1 | 2;

/** Critical namespaces first, statistics last. */
export const EVENT_PRIORITY: Readonly<Record<CacheEventType, EventPriority>> = {
  GPU_AVAILABILITY_CHANGED: 0,
  PRICING_UPDATED: 0,
  BOOKING_CREATED: 0,
  BOOKING_CANCELLED: 0,
  ORDER_BOOK_UPDATED: 0,
  PROVIDER_STATUS_CHANGED: 1,
  MANUAL_INVALIDATION: 1,
  MARKET_STATS_UPDATED: 2,
};

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };
export type JsonObject = { readonly [name: string]: JsonValue };

/**
 * A committed change, as every node and every live stream hears of it. It is written to the outbox in
 * the transaction of the change. `docs/events.md` is the wire format.
 */
export interface CacheEvent {
  readonly eventId: string;
  readonly type: CacheEventType;
  /** What changed: a unit id, a pair key, a provider slug or what an operator named. */
  readonly resourceId: string;
  /** JSON only: money as decimal strings, instants as ISO-8601. Carries what a push needs. */
  readonly data: JsonObject;
  /** For lag metrics and people; never for order. */
  readonly timestamp: EpochMs;
  readonly sourceNode: string;
  readonly affectedNamespaces: readonly CacheNamespace[];
  /** Every cached thing that the change made old, in any partition. */
  readonly keys: readonly CacheKey[];
  /** The pair's or resource's region: its partition's log is the one that live streams follow. */
  readonly region: string;
  /** Version of the changed entity; null where nothing has one. */
  readonly version: number | null;
}

/** An event with its place in one partition's log. The same event may stand in several partitions. */
export interface SequencedEvent {
  readonly event: CacheEvent;
  readonly partition: number;
  /** Incarnation of the log: sequences of different bases cannot be compared. */
  readonly base: bigint;
  readonly sequence: bigint;
}

/**
 * Whether the event makes whole namespaces old instead of single keys: an operator's invalidation that
 * names no key. It holds in the partitions in which the event is published.
 */
export function invalidatesNamespaces(event: CacheEvent): boolean {
  return event.type === 'MANUAL_INVALIDATION' && event.keys.length === 0;
}

/**
 * Whether an event waits for 1 s, so that a burst makes one: its row in the outbox may be another
 * event's, and how late it comes says nothing about the bus.
 */
export function isDebounced({ type }: Pick<CacheEvent, 'type'>): boolean {
  return type === 'MARKET_STATS_UPDATED';
}
