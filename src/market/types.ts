import type { Cached, ReadOptions } from '../cache/types.ts';
import type { AvailabilitySummary } from '../domain/availability.ts';
import type { Booking, BookingStatus, CancellationTerms } from '../domain/booking.ts';
import type { SequencedEvent } from '../domain/cache-event.ts';
import type { CacheNamespace } from '../domain/cache-namespace.ts';
import type { Catalog, Pair, Provider, ProviderStatus } from '../domain/catalog.ts';
import type { GpuUnavailableError } from '../domain/errors.ts';
import type { GpuStatus, Unit } from '../domain/gpu.ts';
import type { Micros } from '../domain/money.ts';
import type { OfferStatus, PricingMode } from '../domain/offer.ts';
import type { Price } from '../domain/price.ts';
import type { Quote } from '../domain/quote.ts';
import type { Interval, EpochMs } from '../domain/time.ts';
import type { Account, Viewer } from '../domain/viewer.ts';

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
}

/** Text as the client sent it, ids already decoded to their raw form, money to micros, instants to ms. */
export interface HoldGpuCommand {
  readonly idempotencyKey: string;
  readonly gpuId: string;
  readonly period: Interval;
  readonly ttlSeconds: number;
}

export interface CreateBookingCommand {
  readonly idempotencyKey: string;
  readonly gpuId: string | null;
  readonly quoteId: string | null;
  /** The id of a HELD booking. */
  readonly holdId: string | null;
  readonly period: Interval | null;
  readonly maxRateMicros: Micros | null;
  readonly ifVersion: number | null;
}

export interface CancelBookingCommand {
  readonly idempotencyKey: string;
  readonly bookingId: string;
  readonly reason: string | null;
  readonly maxFeeMicros: Micros | null;
}

export interface ExtendBookingCommand {
  readonly idempotencyKey: string;
  readonly bookingId: string;
  readonly newEnd: EpochMs;
  readonly maxRateMicros: Micros | null;
  readonly ifVersion: number | null;
}

export interface UpsertOfferCommand {
  readonly idempotencyKey: string;
  readonly gpuId: string;
  readonly mode: PricingMode;
  readonly baseMicros: Micros;
  readonly floorMicros: Micros | null;
  readonly capMicros: Micros | null;
  readonly minDurationMinutes: number;
  readonly maxDurationMinutes: number;
  readonly status: OfferStatus;
  readonly ifVersion: number | null;
}

export interface SetGpuStatusCommand {
  readonly gpuId: string;
  readonly status: GpuStatus;
  readonly reason: string | null;
  readonly ifVersion: number | null;
}

export interface SetProviderStatusCommand {
  readonly provider: string;
  readonly status: ProviderStatus;
  readonly reason: string | null;
}

export interface UpdatePricingCommand {
  readonly gpuType: string;
  readonly region: string;
  readonly rateMicros: Micros;
  readonly reason: string;
}

export interface InvalidateCacheCommand {
  readonly namespace: CacheNamespace;
  readonly resourceId: string | null;
  readonly keys: readonly string[] | null;
  readonly reason: string;
}

export interface BookingOutcome {
  readonly booking: Booking;
  readonly replayed: boolean;
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
  cancellationTerms(booking: Booking): Promise<CancellationTerms>;
  /** Units that could be booked instead, best first: really free in the refused period. */
  alternatives(refusal: GpuUnavailableError, first: number): Promise<readonly Unit[]>;
  /** Makes the account of a valid token at first use. */
  account(viewer: Viewer): Promise<Account>;
  accounts(ids: readonly string[]): Promise<(Account | null)[]>;
}
