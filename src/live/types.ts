import type { CacheEventType, SequencedEvent } from '../domain/cache-event.ts';
import type { CacheNamespace } from '../domain/cache-namespace.ts';
import type { AvailabilityData, BookingData, PricingData } from '../domain/event-data.ts';
import type { Candle, CandleInterval, CandleState } from '../domain/candle.ts';
import type { Pair } from '../domain/catalog.ts';
import type { LogPosition } from '../domain/log-position.ts';
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

/** Where a stream that was cut off goes on: the last cursor that its client has; null = now. */
export interface Resumable {
  readonly after?: string | null;
}

export interface AvailabilityFilter extends PairFilter, Resumable {}

export interface PriceFilter extends PairFilter, Resumable {
  /** Least time between two ticks of one pair. */
  readonly minIntervalMs: number;
}

export interface InvalidationFilter extends PairFilter, Resumable {
  readonly namespaces?: readonly CacheNamespace[] | null;
}

/** Of private streams: they end with the token that opened them. */
interface Expiring {
  readonly endsAt: EpochMs;
}

export interface BookingFilter extends Expiring, Resumable {
  /** Null = everybody's. */
  readonly accountId: string | null;
  readonly bookingId?: string | null;
}

export interface OrderFilter extends Expiring {
  /** Null = everybody's. */
  readonly accountId: string | null;
  readonly orderId?: string | null;
}

export interface EventFilter extends Expiring, Resumable {
  readonly types?: readonly CacheEventType[] | null;
}

/** A stream whole, or only one of the two parts that it is made of. */
export type StreamPart = 'whole' | 'opening' | 'tail';

/** What a stream tells of an item at the moment when it hands it over. */
export interface StreamTold {
  /**
   * The hub's number of what a tail's item carries: of the newest event in it, else of its own emission.
   * Of an opening's item: up to which number the opening holds everything. Who has it comes to what
   * follows with the tail's items of higher numbers.
   */
  readonly order: number;
  /** The position after the item, made when it is asked for; null where a stream cannot go on from it. */
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
  /** The newest candle, null without one; called after the stream began to listen, and after a gap. */
  readonly load: () => Promise<Candle | null>;
}

export interface ProviderStreamOptions {
  /** The only providers wanted; null = all. */
  readonly slugs: readonly string[] | null;
  /** Those of them that exist; called when their current state is to be told. */
  readonly load: () => Promise<readonly string[]>;
}

export interface LiveFeed {
  /** What this feed's streams give. */
  readonly part: StreamPart;
  /** Takes the hub's next number: what was published before has a lower one. */
  join(): number;
  /**
   * The same feed, whose streams give the first values, or what `after` missed, and end. They hold
   * everything up to `at` at least, which is a number of {@link LiveFeed.join}.
   */
  opening(at: number, onItem: OnItem): LiveFeed;
  /** The same feed, whose streams give only what happens from now on. */
  tail(onItem: OnItem): LiveFeed;
  /** Called in log order per partition, after the cache has applied the event. */
  publish(event: SequencedEvent): void;
  /** The partition's events up to the position were all published, or told to be lost. */
  reach(partition: number, position: LogPosition): void;
  /** Events of the partition up to the position were lost for good: whoever follows it begins anew. */
  lose(partition: number, position: LogPosition): void;
  availability(filter: AvailabilityFilter): Stream<StreamItem<AvailabilityData>>;
  /** Newest tick per pair, at most one per `minIntervalMs`. */
  prices(filter: PriceFilter): Stream<StreamItem<PricingData>>;
  invalidations(filter: InvalidationFilter): Stream<StreamItem<SequencedEvent>>;
  /**
   * Slugs of providers whose state is to be told: first of all, then of those whose status changed, one
   * that is still waiting once. The values are the caller's to read.
   */
  providers(options: ProviderStreamOptions): Stream<string>;
  /** Only the given account's bookings (as renter), or everybody's. */
  bookings(filter: BookingFilter): Stream<StreamChange<BookingData>>;
  /** A book's view of a depth: snapshot, deltas, heartbeats when quiet. Source: design "The live feed". */
  orderBook(options: BookStreamOptions): Stream<BookItem>;
  /** Only the given account's orders, or everybody's. */
  orders(filter: OrderFilter): Stream<StreamChange<Order>>;
  /**
   * The pair's running candle first, then after each fill and price change; a waiting one is replaced
   * by the newer. When its bucket ends it comes once more, closed, and the next one begins.
   */
  candles(options: CandleStreamOptions): Stream<CandleState>;
  /** The scope first, and whenever its statistics are old, once while it waits. The values are the caller's to read. */
  marketStats(scope: StatsScope): Stream<StatsScope>;
  /** Every event, once per event id. */
  events(filter: EventFilter): Stream<StreamChange<SequencedEvent>>;
  /** Ends every stream; new ones end at once. */
  stop(): void;
}
