import type { CacheEventType } from './cache-event.ts';
import type { CacheNamespace } from './cache-namespace.ts';

/** The layers that keep values; the database behind them is not one. */
export type CachingLayer = 'L1' | 'L2';

/** `bypass`: the layer could not be trusted for this read and was not asked, or its answer not used. */
export type LookUpResult = 'hit' | 'miss' | 'bypass';

/** What the cache tells as it works; metrics listen. Called on the hot path: must be quick, may not throw. */
export interface CacheReporter {
  lookedUp(namespace: CacheNamespace, layer: CachingLayer, result: LookUpResult): void;
  /** A layer refused a value that may be older than an invalidation. */
  fillRefused(namespace: CacheNamespace, layer: CachingLayer): void;
  /** A reader joined a load under way instead of starting one. */
  coalesced(namespace: CacheNamespace): void;
  /** L1 dropped a value for want of room. */
  evicted(namespace: CacheNamespace): void;
  /** A value was served from memory while the event stream was cut. */
  staleServed(namespace: CacheNamespace): void;
  /** A key was invalidated by an event; a whole namespace counts once. */
  invalidated(namespace: CacheNamespace): void;
  /** A partition's memory was forgotten as a whole. */
  flushed(partition: number): void;
  /** L2 did not answer. */
  l2Failed(error: unknown): void;
}

/**
 * How an event came: from the channel, from the log after something was missed, or once more (a
 * publisher that died was repeated, or the channel's copy came after the log's).
 */
export type EventArrival = 'applied' | 'replayed' | 'duplicate';

/** What the bus tells as it works. */
export interface EventReporter {
  published(type: CacheEventType): void;
  /** An event arrived, `lagMs` after its timestamp by this node's clock. */
  heard(type: CacheEventType, lagMs: number, arrival: EventArrival): void;
  /** What came as an event was not signed by the fleet, malformed or of an unknown schema: dropped. */
  rejected(reason: 'forged'): void;
  /** A partition's numbers jumped, or its log no longer reaches back: events were missed. */
  gap(partition: number): void;
}

/** What a writer's node tells of the entities that it has changed. */
export interface WriteThroughReporter {
  /** One was loaded anew, and filled, before anybody asked for it. */
  writtenThrough(namespace: CacheNamespace): void;
}
