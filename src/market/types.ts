import type { Cached, ReadOptions } from '../cache/types.ts';
import type { AvailabilitySummary } from '../domain/availability.ts';
import type { Booking, BookingStatus, CancellationTerms } from '../domain/booking.ts';
import type { SequencedEvent } from '../domain/cache-event.ts';
import type { Candle, CandleInterval } from '../domain/candle.ts';
import type { Catalog, Pair, Provider } from '../domain/catalog.ts';
import type { GpuUnavailableError } from '../domain/errors.ts';
import type { Unit } from '../domain/gpu.ts';
import type { MarketStats, StatsScope } from '../domain/market-stats.ts';
import type { Micros } from '../domain/money.ts';
import type { OrderBook } from '../domain/order-book.ts';
import type { Fill, Order, OrderStatus } from '../domain/order.ts';
import type { Price } from '../domain/price.ts';
import type { Quote } from '../domain/quote.ts';
import type { Interval, EpochMs } from '../domain/time.ts';
import type { Account, Viewer } from '../domain/viewer.ts';
import type {
  CancelBookingCommand,
  CancelOrderCommand,
  CreateBookingCommand,
  ExtendBookingCommand,
  HoldGpuCommand,
  InvalidateCacheCommand,
  PlaceOrderCommand,
  SetGpuStatusCommand,
  SetProviderStatusCommand,
  UpdatePricingCommand,
  UpsertOfferCommand,
} from './command-types.ts';

export type { Cached, ReadOptions };

/** Cached reads, batched: the only reads of public data that the API has. Results are in argument order. */
export interface MarketReads {
  catalog(options?: ReadOptions): Promise<Cached<Catalog>>;
  /** Null for an id that names no unit. */
  units(ids: readonly string[], options?: ReadOptions): Promise<Cached<Unit | null>[]>;
  /** All units of each pair, in the order of their ids; an unknown pair has none. */
  unitLists(pairs: readonly Pair[], options?: ReadOptions): Promise<Cached<readonly Unit[]>[]>;
  summaries(pairs: readonly Pair[], options?: ReadOptions): Promise<Cached<AvailabilitySummary>[]>;
  /** Null for a pair without a price. */
  prices(pairs: readonly Pair[], options?: ReadOptions): Promise<Cached<Price | null>[]>;
  providers(slugs: readonly string[], options?: ReadOptions): Promise<Cached<Provider | null>[]>;
  /** All slugs, sorted. */
  providerSlugs(options?: ReadOptions): Promise<Cached<readonly string[]>>;
  /** All levels of each pair's book; null for an unknown pair. */
  orderBooks(pairs: readonly Pair[], options?: ReadOptions): Promise<Cached<OrderBook | null>[]>;
  marketStats(scopes: readonly StatsScope[], options?: ReadOptions): Promise<Cached<MarketStats>[]>;
  /**
   * Every candle whose start lies in `[from, to)`, oldest first, quiet ones included; none before the
   * pair's first price. The running one is the last. Closed ones are cached, the running one never.
   */
  candles(pair: Pair, interval: CandleInterval, range: Interval): Promise<readonly Candle[]>;
}

export interface BookingOutcome {
  readonly booking: Booking;
  readonly replayed: boolean;
}

/** A replayed answer has the first fills and the order and bookings as they are now. */
export interface PlaceOrderOutcome {
  readonly order: Order;
  readonly fills: readonly Fill[];
  readonly bookings: readonly Booking[];
  readonly replayed: boolean;
}

export interface OrderPageRequest {
  readonly first: number;
  /** Sort position of the last row seen: strictly older ones follow. */
  readonly after: { readonly createdAt: EpochMs; readonly id: string } | null;
  readonly status: readonly OrderStatus[] | null;
}

export interface OrderPage {
  readonly orders: readonly Order[];
  readonly hasNextPage: boolean;
  readonly totalCount: number;
}

export interface FillPage {
  /** Oldest first. */
  readonly fills: readonly Fill[];
  readonly hasNextPage: boolean;
}

export interface BookingPageRequest {
  readonly first: number;
  /** Sort position of the last row seen: strictly older ones follow. */
  readonly after: { readonly createdAt: EpochMs; readonly id: string } | null;
  readonly status: readonly BookingStatus[] | null;
  readonly gpuId: string | null;
}

export interface BookingPage {
  readonly bookings: readonly Booking[];
  readonly hasNextPage: boolean;
  readonly totalCount: number;
}

/**
 * The use cases: everything the API may ask. Commands throw the `UserError`s of `domain/errors.ts` for
 * expected refusals and `StoreUnavailableError` when the database is away. Roles are checked by the
 * caller; ownership (own bookings, own units) is checked here.
 */
export interface Market {
  readonly reads: MarketReads;
  quote(viewer: Viewer | null, gpuId: string, period: Interval): Promise<Quote>;
  holdGpu(viewer: Viewer, command: HoldGpuCommand): Promise<BookingOutcome>;
  createBooking(viewer: Viewer, command: CreateBookingCommand): Promise<BookingOutcome>;
  cancelBooking(
    viewer: Viewer,
    command: CancelBookingCommand,
  ): Promise<BookingOutcome & { readonly feeMicros: Micros; readonly refundMicros: Micros }>;
  extendBooking(
    viewer: Viewer,
    command: ExtendBookingCommand,
  ): Promise<BookingOutcome & { readonly additionalMicros: Micros }>;
  placeOrder(viewer: Viewer, command: PlaceOrderCommand): Promise<PlaceOrderOutcome>;
  cancelOrder(
    viewer: Viewer,
    command: CancelOrderCommand,
  ): Promise<{ readonly order: Order; readonly replayed: boolean }>;
  /** The offer is read back through `reads.units`. */
  upsertOffer(
    viewer: Viewer,
    command: UpsertOfferCommand,
  ): Promise<{ readonly gpuId: string; readonly replayed: boolean }>;
  setGpuStatus(viewer: Viewer, command: SetGpuStatusCommand): Promise<{ readonly gpuId: string }>;
  setProviderStatus(
    viewer: Viewer,
    command: SetProviderStatusCommand,
  ): Promise<{ readonly affectedGpus: number }>;
  updatePricing(
    viewer: Viewer,
    command: UpdatePricingCommand,
  ): Promise<{ readonly previousMicros: Micros }>;
  invalidateCache(
    viewer: Viewer,
    command: InvalidateCacheCommand,
  ): Promise<{
    readonly event: SequencedEvent;
    readonly l2KeysDeleted: number;
    readonly nodesNotified: number;
  }>;
  /** The viewer's own (a PROVIDER: its units'; the OPERATOR: all); null for anything foreign or unknown. */
  booking(viewer: Viewer, id: string): Promise<Booking | null>;
  /** Newest first, same visibility. */
  bookings(viewer: Viewer, page: BookingPageRequest): Promise<BookingPage>;
  /** The viewer's own (the OPERATOR: all); null for anything foreign or unknown. */
  order(viewer: Viewer, id: string): Promise<Order | null>;
  /** Newest first, same visibility. */
  orders(viewer: Viewer, page: OrderPageRequest): Promise<OrderPage>;
  /** In order of execution; `after` is the id of the last fill seen. */
  fillsOfOrder(orderId: string, first: number, after: string | null): Promise<FillPage>;
  /** Newest first, at most `first`; public. */
  recentFills(pair: Pair, first: number): Promise<readonly Fill[]>;
  /** Public; null for an unknown id. */
  fill(id: string): Promise<Fill | null>;
  cancellationTerms(booking: Booking): Promise<CancellationTerms>;
  /** Units that could be booked instead, best first: really free in the refused period. */
  alternatives(refusal: GpuUnavailableError, first: number): Promise<readonly Unit[]>;
  /** Makes the account of a valid token at first use. */
  account(viewer: Viewer): Promise<Account>;
  accounts(ids: readonly string[]): Promise<(Account | null)[]>;
}
