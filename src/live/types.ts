import type { CacheEventType, SequencedEvent } from '../domain/cache-event.ts';
import type { CacheNamespace } from '../domain/cache-namespace.ts';
import type { AvailabilityData, BookingData, PricingData } from '../domain/event-data.ts';
import type { EpochMs } from '../domain/time.ts';

/** Where a change stands in the feed. */
export interface StreamPosition {
  readonly sequence: bigint;
  /** Opaque; valid on every node. */
  readonly cursor: string;
  readonly at: EpochMs;
}

export interface StreamStart extends StreamPosition {
  readonly kind: 'start';
  readonly resumed: boolean;
}

export interface StreamChange<T> extends StreamPosition {
  readonly kind: 'change';
  readonly change: T;
}

export interface StreamHeartbeat {
  readonly kind: 'heartbeat';
  readonly sequence: bigint;
  readonly at: EpochMs;
}

/** A resumable stream: first a start, then changes, heartbeats when quiet. */
export type StreamItem<T> = StreamStart | StreamChange<T> | StreamHeartbeat;

/** Ends when its consumer returns, its signal aborts, the feed stops or its queue overflows. */
export type Stream<T> = AsyncIterableIterator<T>;

export interface PairFilter {
  readonly gpuTypes?: readonly string[] | null;
  readonly regions?: readonly string[] | null;
}

export interface LiveFeed {
  /** Called in log order per partition, after the cache has applied the event. */
  publish(event: SequencedEvent): void;
  availability(
    filter: PairFilter & { after?: string | null },
  ): Stream<StreamItem<AvailabilityData>>;
  /** Newest tick per pair, at most one per `minIntervalMs`. */
  prices(
    filter: PairFilter & { minIntervalMs: number; after?: string | null },
  ): Stream<StreamItem<PricingData>>;
  invalidations(
    filter: PairFilter & { namespaces?: readonly CacheNamespace[] | null; after?: string | null },
  ): Stream<StreamItem<SequencedEvent>>;
  /** Slugs of providers whose status changed; the current values are the caller's first items. */
  providers(slugs: readonly string[] | null): Stream<string>;
  /** Only the given account's bookings (as renter), or with null everybody's. */
  bookings(filter: {
    accountId: string | null;
    bookingId?: string | null;
    endsAt: EpochMs;
  }): Stream<StreamChange<BookingData>>;
  /** Every event, once per event id. */
  events(filter: {
    types?: readonly CacheEventType[] | null;
    endsAt: EpochMs;
  }): Stream<StreamChange<SequencedEvent>>;
  /** Ends every stream; new ones end at once. */
  stop(): void;
}
