import type { CacheEventType, SequencedEvent } from '../domain/cache-event.ts';
import type { CacheNamespace } from '../domain/cache-namespace.ts';
import type { AvailabilityData, BookingData, PricingData } from '../domain/event-data.ts';
import type { Candle, CandleInterval, CandleState } from '../domain/candle.ts';
import type { Pair } from '../domain/catalog.ts';
import type { StatsScope } from '../domain/market-stats.ts';
import type { BookLevels, LevelChange, OrderBook } from '../domain/order-book.ts';
import type { Order } from '../domain/order.ts';
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

/** A stream whole, or only one of the two parts that it is made of. */
export type StreamPart = 'whole' | 'opening' | 'tail';

/** What a stream tells of an item at the moment when it hands it over. */
export interface StreamTold {
  /**
   * The hub's number of what the item carries: of the newest event in it, else of its own emission.
   * Who has joined at a number was sent everything up to it by the opening.
   */
  readonly order: number;
  /** The position after the item; null where it has none. */
  readonly cursor: string | null;
  /** A newer item of the same key makes this one worthless; null = it must not be left out. */
  readonly key: string | null;
}

/** Called once per item of a stream, in order, before its consumer gets the item. */
export type OnItem = (told: StreamTold) => void;

interface BookPosition {
  readonly sequence: bigint;
  /** Of the stream's own view after this item. */
  readonly checksum: string;
  readonly at: EpochMs;
}

/** The view whole: the first item, and again whenever the chain was broken. */
export interface BookSnapshot extends BookPosition, BookLevels {
  readonly kind: 'snapshot';
}

/** What turns the view at `previousSequence` into the view at `sequence`. */
export interface BookDelta extends BookPosition {
  readonly kind: 'delta';
  readonly previousSequence: bigint;
  readonly changes: readonly LevelChange[];
  readonly cursor: string;
}

export interface BookHeartbeat extends BookPosition {
  readonly kind: 'heartbeat';
}

export type BookItem = BookSnapshot | BookDelta | BookHeartbeat;

export interface BookStreamOptions {
  readonly pair: Pair;
  /** Levels of each side. */
  readonly depth: number;
  /** Least time between two deltas: 100 or 1000. */
  readonly intervalMs: number;
  /** The whole book as it is now or later; called after the stream began to listen, and after a gap. */
  readonly load: () => Promise<OrderBook>;
}

export interface CandleStreamOptions {
  readonly pair: Pair;
  readonly interval: CandleInterval;
  /** The running candle, null without one; called once, after the stream began to listen. */
  readonly load: () => Promise<Candle | null>;
}

export interface LiveFeed {
  /** What this feed's streams give. */
  readonly part: StreamPart;
  /** Takes the hub's next number: what was published before has a lower one. */
  join(): number;
  /** The same feed, whose streams give the first values, or what `after` missed up to `at`, and end. */
  opening(at: number, onItem: OnItem): LiveFeed;
  /** The same feed, whose streams give only what happens from now on. */
  tail(onItem: OnItem): LiveFeed;
  /** Called in log order per partition, after the cache has applied the event. */
  publish(event: SequencedEvent): void;
  /** Events of the partition were lost for good: its books are loaded again and sent whole. */
  lose(partition: number): void;
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
  /** A book's view of a depth: snapshot, deltas, heartbeats when quiet. Source: design "The live feed". */
  orderBook(options: BookStreamOptions): Stream<BookItem>;
  /** Only the given account's orders, or with null everybody's. */
  orders(filter: {
    accountId: string | null;
    orderId?: string | null;
    endsAt: EpochMs;
  }): Stream<StreamChange<Order>>;
  /**
   * The pair's running candle first, then after each fill and price change; a waiting one is replaced
   * by the newer. When its bucket ends it comes once more, closed, and the next one begins.
   */
  candles(options: CandleStreamOptions): Stream<CandleState>;
  /** The scope's statistics are old: a waiting notice is not doubled. The values are the caller's to read. */
  marketStats(scope: StatsScope): Stream<StatsScope>;
  /** Every event, once per event id. */
  events(filter: {
    types?: readonly CacheEventType[] | null;
    endsAt: EpochMs;
  }): Stream<StreamChange<SequencedEvent>>;
  /** Ends every stream; new ones end at once. */
  stop(): void;
}
