/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** HELD becomes CONFIRMED or EXPIRED, CONFIRMED becomes ACTIVE, ACTIVE becomes COMPLETED. */
export type BookingStatus =
  /** Its period is under way. */
  | 'ACTIVE'
  /** Cancelled by its renter or an operator. */
  | 'CANCELLED'
  /** Its period has ended. */
  | 'COMPLETED'
  /** Booked; its period has not begun. */
  | 'CONFIRMED'
  /** A hold that nobody confirmed in time. */
  | 'EXPIRED'
  /** Reserved for a moment, free to cancel. */
  | 'HELD';

/** The eight event types of the caching strategy; the wire value is the lower-case name. */
export type CacheEventType =
  /** A booking was cancelled. */
  | 'BOOKING_CANCELLED'
  /** A booking was made. */
  | 'BOOKING_CREATED'
  /** A unit has a new version: its status, offer or periods changed. */
  | 'GPU_AVAILABILITY_CHANGED'
  /** An operator dropped cached values. */
  | 'MANUAL_INVALIDATION'
  /** The statistics of a market changed. */
  | 'MARKET_STATS_UPDATED'
  /** An order book changed. */
  | 'ORDER_BOOK_UPDATED'
  /** A reference price or an offer changed. */
  | 'PRICING_UPDATED'
  /** A provider went up, down or was changed. */
  | 'PROVIDER_STATUS_CHANGED';

/** Where an answer came from. */
export type CacheLayer =
  /** The system of record. */
  | 'DATABASE'
  /** The memory of the node that answered. */
  | 'L1'
  /** The cache that the nodes share. */
  | 'L2'
  /** The whole-answer cache. */
  | 'RESPONSE';

/** The six kinds of cached data, each with its own lifetime. */
export type CacheNamespace =
  /** Units, lists of units and availability summaries. */
  | 'GPU_AVAILABILITY'
  /** Reference prices. */
  | 'GPU_PRICING'
  /** History, which only grows. */
  | 'HISTORICAL'
  /** Market statistics. */
  | 'MARKET_STATS'
  /** Order books. */
  | 'ORDER_BOOK'
  /** Providers. */
  | 'PROVIDER_STATUS';

/** What to cancel. */
export type CancelBookingInput = {
  /** Id of your booking or hold. */
  bookingId: string;
  /** 1-255 characters, unique per account for 24 h. The same key and input returns the first answer; the same key with other input is an error. */
  idempotencyKey: string;
  /** Refuse when the fee is above this. */
  maxFeeUsd?: string | null | undefined;
  /** Why, at most 500 characters; kept for the operator. */
  reason?: string | null | undefined;
};

/** What to cancel. */
export type CancelOrderInput = {
  /** 1-255 characters, unique per account for 24 h. The same key and input returns the first answer; the same key with other input is an error. */
  idempotencyKey: string;
  /** Id of your order. */
  orderId: string;
};

/** How long the bucket of a candle is. */
export type CandleInterval =
  /** A day in UTC. */
  | 'D1'
  /** An hour. */
  | 'H1'
  /** Four hours. */
  | 'H4'
  /** A minute. */
  | 'M1'
  /** Five minutes. */
  | 'M5'
  /** A quarter of an hour. */
  | 'M15';

/** What to book. */
export type CreateBookingInput = {
  /** Exactly one of gpuId, quoteId or holdId. */
  gpuId?: string | null | undefined;
  /** Id of your HELD booking to confirm. */
  holdId?: string | null | undefined;
  /** 1-255 characters, unique per account for 24 h. The same key and input returns the first answer; the same key with other input is an error. */
  idempotencyKey: string;
  /** Refuse when the unit has another version than this. */
  ifVersion?: number | null | undefined;
  /** Refuse when the price is above this. */
  maxUsdPerGpuHour?: string | null | undefined;
  /** Required with gpuId, not allowed otherwise. */
  period?: TimeWindowInput | null | undefined;
  /** A quote to accept: its unit, period and price. */
  quoteId?: string | null | undefined;
};

/** Decimals from one to another; both ends count, an absent end is open. */
export type DecimalRange = {
  /** At least this. */
  gte?: string | null | undefined;
  /** At most this. */
  lte?: string | null | undefined;
};

/** Why a request was refused. */
export type ErrorCode =
  /** It belongs to somebody else. */
  | 'FORBIDDEN'
  /** The unit cannot be had in that period. */
  | 'GPU_UNAVAILABLE'
  /** The first request with this key is still under way. */
  | 'IDEMPOTENCY_IN_PROGRESS'
  /** The key was used with other input. */
  | 'IDEMPOTENCY_KEY_REUSED'
  /** An argument is out of its range. */
  | 'INVALID_INPUT'
  /** Nothing of that id is there for you. */
  | 'NOT_FOUND'
  /** The price or fee is above what you agreed to. */
  | 'PRICE_CHANGED'
  /** The quote has run out. */
  | 'QUOTE_EXPIRED'
  /** Its status does not allow the step. */
  | 'STATE_CONFLICT'
  /** It changed since you read it. */
  | 'VERSION_CONFLICT';

/** What to extend. */
export type ExtendBookingInput = {
  /** Id of your booking. */
  bookingId: string;
  /** 1-255 characters, unique per account for 24 h. The same key and input returns the first answer; the same key with other input is an error. */
  idempotencyKey: string;
  /** Refuse when the booking has another version than this. */
  ifVersion?: number | null | undefined;
  /** Refuse when the price of the added time is above this. */
  maxUsdPerGpuHour?: string | null | undefined;
  /** The later end of its period, in whole minutes, at most 90 days ahead. */
  newEnd: string;
};

/** What a unit must be: all given parts must hold, one value of each list must. Lists take at most 100 values; unknown names match nothing. */
export type GpuFilter = {
  /** No booking touches this window, at most 90 days long, and the unit is not switched off. */
  freeDuring?: TimeWindowInput | null | undefined;
  /** Cards in the unit. */
  gpuCount?: IntRange | null | undefined;
  /** Slugs of models. */
  gpuTypes?: Array<string> | null | undefined;
  /** Least reliability, 0..1; an unmeasured unit does not match. */
  minReliability?: number | null | undefined;
  /** Ids of providers. */
  providerIds?: Array<string> | null | undefined;
  /** Codes of regions. */
  regions?: Array<string> | null | undefined;
  /** States now. */
  status?: Array<GpuStatus> | null | undefined;
  /** Trust tiers. */
  trustTier?: Array<TrustTier> | null | undefined;
  /** Price of its offer per GPU and hour; a unit without an offer does not match. */
  usdPerGpuHour?: DecimalRange | null | undefined;
  /** Memory of one card in GB. */
  vramGb?: IntRange | null | undefined;
};

/** How units are sorted. */
export type GpuOrder = {
  /** Which end comes first. */
  direction?: OrderDirection;
  /** What they are sorted by. */
  field?: GpuOrderField;
};

/** What units are sorted by; equal ones follow each other by name. */
export type GpuOrderField =
  /** When it entered the catalogue. */
  | 'CREATED_AT'
  /** Its reliability; unmeasured ones come last. */
  | 'RELIABILITY'
  /** The price of its offer; units without an offer come last. */
  | 'USD_PER_GPU_HOUR'
  /** The memory of one of its cards. */
  | 'VRAM_GB';

/** The state of a unit now. */
export type GpuStatus =
  /** Nobody has it now. */
  | 'AVAILABLE'
  /** A booking covers this moment. */
  | 'BOOKED'
  /** A hold covers this moment. */
  | 'HELD'
  /** Its provider works on it. */
  | 'MAINTENANCE'
  /** It, or its whole provider, is switched off. */
  | 'OFFLINE';

/** How something is. */
export type HealthStatus =
  /** Beyond a critical threshold, or not working. */
  | 'CRITICAL'
  /** Beyond a warning threshold. */
  | 'DEGRADED'
  /** As it should be. */
  | 'OK';

/** What to hold. */
export type HoldGpuInput = {
  /** Id of the unit. */
  gpuId: string;
  /** 1-255 characters, unique per account for 24 h. The same key and input returns the first answer; the same key with other input is an error. */
  idempotencyKey: string;
  /** When it is wanted, in whole minutes, at most 90 days ahead. */
  period: TimeWindowInput;
  /** 30-900, default 120. */
  ttlSeconds?: number | null | undefined;
};

/** Whole numbers from one to another; both ends count, an absent end is open. */
export type IntRange = {
  /** At least this. */
  gte?: number | null | undefined;
  /** At most this. */
  lte?: number | null | undefined;
};

/** What every node shall forget: the whole namespace unless a resource or keys are named. */
export type InvalidateCacheInput = {
  /** Only these keys, as Invalidation.keys has them. */
  keys?: Array<string> | null | undefined;
  /** The kind of cached data. */
  namespace: CacheNamespace;
  /** Why, at most 500 characters; kept with your account in the audit. */
  reason: string;
  /** Only what is kept of this unit, pair, region, GPU type or provider. */
  resourceId?: string | null | undefined;
};

/** How much an edge node keeps in its memory. */
export type NodeTier =
  /** A little, near the users. */
  | 'EDGE'
  /** The most. */
  | 'GLOBAL'
  /** More, for a region. */
  | 'REGIONAL';

/** Whether an offer stands. */
export type OfferStatus =
  /** The unit can be booked at this offer. */
  | 'ACTIVE'
  /** For the moment the unit cannot be booked. */
  | 'PAUSED'
  /** The provider took it back. */
  | 'WITHDRAWN';

/** Which end of a sorted list comes first. */
export type OrderDirection =
  /** Smallest or earliest first. */
  | 'ASC'
  /** Largest or latest first. */
  | 'DESC';

/** A side of an order book. */
export type OrderSide =
  /** What providers ask for. */
  | 'ASK'
  /** What renters would pay. */
  | 'BID';

/** OPEN becomes PARTIALLY_FILLED and FILLED; what rests can be cancelled, and expires. */
export type OrderStatus =
  /** Cancelled by its renter, or the rest of an IOC or FOK order. */
  | 'CANCELLED'
  /** Its `expiresAt` or the start of its period has passed. */
  | 'EXPIRED'
  /** All units are filled. */
  | 'FILLED'
  /** Rests in its book; nothing is filled. */
  | 'OPEN'
  /** Rests in its book; some units are filled. */
  | 'PARTIALLY_FILLED';

/** A limit bid. */
export type PlaceOrderInput = {
  /** When to stop resting; absent = with the start of the period. */
  expiresAt?: string | null | undefined;
  /** Slug of the model. */
  gpuType: string;
  /** Cards a unit must have; absent = any. */
  gpusPerUnit?: number | null | undefined;
  /** 1-255 characters, unique per account for 24 h. The same key and input returns the first answer; the same key with other input is an error. */
  idempotencyKey: string;
  /** The highest price to pay, per GPU per hour. */
  limitUsdPerGpuHour: string;
  /** The least tier of a unit; absent = any. */
  minTrustTier?: TrustTier | null | undefined;
  /** When they are wanted, in whole minutes, at most 90 days ahead. */
  period: TimeWindowInput;
  /** Whole units, 1-100. */
  quantity?: number;
  /** Code of the region. */
  region: string;
  /** How long to wait. */
  timeInForce?: TimeInForce;
};

/** How an offer is priced. */
export type PricingMode =
  /** Its base times the multiplier of its market, between its floor and cap. */
  | 'DYNAMIC'
  /** Always its base price. */
  | 'FIXED';

/** The state of a provider; OFFLINE and SUSPENDED take its units with them. */
export type ProviderStatus =
  /** Works with trouble; its units can be booked. */
  | 'DEGRADED'
  /** Does not serve at the moment. */
  | 'OFFLINE'
  /** Everything works. */
  | 'ONLINE'
  /** Was taken out of the market. */
  | 'SUSPENDED';

/** What an account may do. */
export type Role =
  /** Overrides prices, invalidates caches, and may do everything above. */
  | 'OPERATOR'
  /** Offers its own units and sets their status. */
  | 'PROVIDER'
  /** Anybody: reads the catalogue, availability, prices and quotes. */
  | 'PUBLIC'
  /** Holds, books and cancels; sees its own bookings. */
  | 'RENTER';

/** Which unit to switch, and to what. */
export type SetGpuStatusInput = {
  /** Id of your unit. */
  gpuId: string;
  /** Refuse when the unit has another version than this. */
  ifVersion?: number | null | undefined;
  /** Why, at most 500 characters; told to live clients. */
  reason?: string | null | undefined;
  /** AVAILABLE, OFFLINE or MAINTENANCE; the others follow from bookings. */
  status: GpuStatus;
};

/** Which provider to switch, and to what. */
export type SetProviderStatusInput = {
  /** Id of the provider. */
  providerId: string;
  /** Why, at most 500 characters; kept for the operator. */
  reason?: string | null | undefined;
  /** The new status. */
  status: ProviderStatus;
};

/** Available units as a share of the rentable ones. */
export type StockLevel =
  /** 50 % or more. */
  | 'HIGH'
  /** Less than 20 %. */
  | 'LOW'
  /** Less than 50 %. */
  | 'MEDIUM'
  /** None. */
  | 'NONE';

/** GTC rests until cancelled or its delivery start passes; IOC fills what it can now; FOK fills all units now or none. */
export type TimeInForce =
  /** Fill or kill: fills all units now or none. */
  | 'FOK'
  /** Good till cancelled: rests until it is filled, cancelled or expired. */
  | 'GTC'
  /** Immediate or cancel: fills what it can now, the rest is cancelled. */
  | 'IOC';

/** Half-open [start, end). Bookings take whole minutes. */
export type TimeWindowInput = {
  /** The first instant after it. */
  end: string;
  /** The first instant inside. */
  start: string;
};

/** How far the place of a unit is vouched for. */
export type TrustTier =
  /** Run by an individual, not verified. */
  | 'COMMUNITY'
  /** Run in a data centre. */
  | 'DATACENTER'
  /** Run by a verified host. */
  | 'VERIFIED';

/** Which reference price to set, and to what. */
export type UpdatePricingInput = {
  /** Slug of the model. */
  gpuType: string;
  /** Why, at most 500 characters; kept with your account in the audit. */
  reason: string;
  /** Code of the region. */
  region: string;
  /** The new price, per GPU per hour. */
  usdPerGpuHour: string;
};

/** What to offer. */
export type UpsertOfferInput = {
  /** The price asked for, per GPU per hour. */
  baseUsdPerGpuHour: string;
  /** A DYNAMIC offer never costs more; absent = three times the base. */
  capUsdPerGpuHour?: string | null | undefined;
  /** A DYNAMIC offer never costs less; absent = half the base. */
  floorUsdPerGpuHour?: string | null | undefined;
  /** Id of your unit. */
  gpuId: string;
  /** 1-255 characters, unique per account for 24 h. The same key and input returns the first answer; the same key with other input is an error. */
  idempotencyKey: string;
  /** Refuse when the offer has another version than this. */
  ifVersion?: number | null | undefined;
  /** The longest period to book. */
  maxDurationMinutes?: number | null | undefined;
  /** The shortest period to book. */
  minDurationMinutes?: number | null | undefined;
  /** How it is priced. */
  mode: PricingMode;
  /** Whether it stands. */
  status?: OfferStatus | null | undefined;
};

export type BookingCardFragment = { id: string, status: BookingStatus, usdPerGpuHour: string, gpuHours: number, totalUsd: string, refundedUsd: string, holdExpiresAt: string | null, version: number, createdAt: string, period: { start: string, end: string }, gpu: { id: string, name: string, status: GpuStatus, version: number } };

export type WhatIsFreeInsteadFragment = { conflictingUntil: string | null, nextFreeWindow: { start: string, end: string } | null, alternatives: Array<{ id: string, name: string, offer: { usdPerGpuHour: string } | null }> };

export type WhatItCostsNowFragment = { quotedUsdPerGpuHour: string, currentUsdPerGpuHour: string, newQuote: { id: string, usdPerGpuHour: string, totalUsd: string, validUntil: string } | null };

export type QuoteQueryVariables = Exact<{
  gpuId: string;
  period: TimeWindowInput;
}>;


export type QuoteQuery = { quote:
    | { __typename: 'GpuUnavailableError', code: ErrorCode, message: string, path: Array<string> | null, conflictingUntil: string | null, nextFreeWindow: { start: string, end: string } | null, alternatives: Array<{ id: string, name: string, offer: { usdPerGpuHour: string } | null }> }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, path: Array<string> | null }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string, path: Array<string> | null }
    | { __typename: 'Quote', id: string, usdPerGpuHour: string, gpuHours: number, totalUsd: string, validUntil: string }
   };

export type HoldGpuMutationVariables = Exact<{
  input: HoldGpuInput;
}>;


export type HoldGpuMutation = { holdGpu:
    | { __typename: 'GpuUnavailableError', code: ErrorCode, message: string, path: Array<string> | null, retryable: boolean, conflictingUntil: string | null, nextFreeWindow: { start: string, end: string } | null, alternatives: Array<{ id: string, name: string, offer: { usdPerGpuHour: string } | null }> }
    | { __typename: 'HoldGpuSuccess', replayed: boolean, booking: { id: string, status: BookingStatus, usdPerGpuHour: string, gpuHours: number, totalUsd: string, refundedUsd: string, holdExpiresAt: string | null, version: number, createdAt: string, period: { start: string, end: string }, gpu: { id: string, name: string, status: GpuStatus, version: number } } }
    | { __typename: 'IdempotencyError', code: ErrorCode, message: string, path: Array<string> | null, retryable: boolean }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, path: Array<string> | null, retryable: boolean }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string, path: Array<string> | null, retryable: boolean }
   };

export type CreateBookingMutationVariables = Exact<{
  input: CreateBookingInput;
}>;


export type CreateBookingMutation = { createBooking:
    | { __typename: 'CreateBookingSuccess', replayed: boolean, booking: { id: string, status: BookingStatus, usdPerGpuHour: string, gpuHours: number, totalUsd: string, refundedUsd: string, holdExpiresAt: string | null, version: number, createdAt: string, period: { start: string, end: string }, gpu: { id: string, name: string, status: GpuStatus, version: number } } }
    | { __typename: 'GpuUnavailableError', code: ErrorCode, message: string, path: Array<string> | null, retryable: boolean, conflictingUntil: string | null, nextFreeWindow: { start: string, end: string } | null, alternatives: Array<{ id: string, name: string, offer: { usdPerGpuHour: string } | null }> }
    | { __typename: 'IdempotencyError', code: ErrorCode, message: string, path: Array<string> | null, retryable: boolean, firstUsedAt: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, path: Array<string> | null, retryable: boolean }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string, path: Array<string> | null, retryable: boolean }
    | { __typename: 'PriceChangedError', code: ErrorCode, message: string, path: Array<string> | null, retryable: boolean, quotedUsdPerGpuHour: string, currentUsdPerGpuHour: string, newQuote: { id: string, usdPerGpuHour: string, totalUsd: string, validUntil: string } | null }
    | { __typename: 'StateConflictError', code: ErrorCode, message: string, path: Array<string> | null, retryable: boolean, currentStatus: string }
    | { __typename: 'VersionConflictError', code: ErrorCode, message: string, path: Array<string> | null, retryable: boolean, currentVersion: number }
   };

export type CancelBookingMutationVariables = Exact<{
  input: CancelBookingInput;
}>;


export type CancelBookingMutation = { cancelBooking:
    | { __typename: 'CancelBookingSuccess', feeUsd: string, refundUsd: string, replayed: boolean, booking: { id: string, status: BookingStatus, usdPerGpuHour: string, gpuHours: number, totalUsd: string, refundedUsd: string, holdExpiresAt: string | null, version: number, createdAt: string, period: { start: string, end: string }, gpu: { id: string, name: string, status: GpuStatus, version: number } } }
    | { __typename: 'IdempotencyError', code: ErrorCode, message: string, path: Array<string> | null, retryable: boolean }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, path: Array<string> | null, retryable: boolean }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string, path: Array<string> | null, retryable: boolean }
    | { __typename: 'PriceChangedError', code: ErrorCode, message: string, path: Array<string> | null, retryable: boolean, quotedUsdPerGpuHour: string, currentUsdPerGpuHour: string }
    | { __typename: 'StateConflictError', code: ErrorCode, message: string, path: Array<string> | null, retryable: boolean, currentStatus: string }
   };

export type ExtendBookingMutationVariables = Exact<{
  input: ExtendBookingInput;
}>;


export type ExtendBookingMutation = { extendBooking:
    | { __typename: 'ExtendBookingSuccess', additionalUsd: string, replayed: boolean, booking: { id: string, status: BookingStatus, usdPerGpuHour: string, gpuHours: number, totalUsd: string, refundedUsd: string, holdExpiresAt: string | null, version: number, createdAt: string, period: { start: string, end: string }, gpu: { id: string, name: string, status: GpuStatus, version: number } } }
    | { __typename: 'GpuUnavailableError', code: ErrorCode, message: string, path: Array<string> | null, retryable: boolean, conflictingUntil: string | null, nextFreeWindow: { start: string, end: string } | null, alternatives: Array<{ id: string, name: string, offer: { usdPerGpuHour: string } | null }> }
    | { __typename: 'IdempotencyError', code: ErrorCode, message: string, path: Array<string> | null, retryable: boolean }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, path: Array<string> | null, retryable: boolean }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string, path: Array<string> | null, retryable: boolean }
    | { __typename: 'PriceChangedError', code: ErrorCode, message: string, path: Array<string> | null, retryable: boolean, quotedUsdPerGpuHour: string, currentUsdPerGpuHour: string }
    | { __typename: 'StateConflictError', code: ErrorCode, message: string, path: Array<string> | null, retryable: boolean, currentStatus: string }
    | { __typename: 'VersionConflictError', code: ErrorCode, message: string, path: Array<string> | null, retryable: boolean, currentVersion: number }
   };

export type MyBookingsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  status?: Array<BookingStatus> | BookingStatus | null | undefined;
  gpuId?: string | null | undefined;
}>;


export type MyBookingsQuery = { bookings: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ id: string, status: BookingStatus, usdPerGpuHour: string, gpuHours: number, totalUsd: string, refundedUsd: string, holdExpiresAt: string | null, version: number, createdAt: string, cancellationQuote: { feeUsd: string, refundUsd: string, freeUntil: string | null, validUntil: string }, period: { start: string, end: string }, gpu: { id: string, name: string, status: GpuStatus, version: number } }> } };

export type OrderCardFragment = { id: string, side: OrderSide, limitUsdPerGpuHour: string, quantity: number, gpusPerUnit: number | null, filledQuantity: number, timeInForce: TimeInForce, status: OrderStatus, expiresAt: string | null, createdAt: string, gpuType: { slug: string }, region: { code: string }, period: { start: string, end: string } };

export type FillCardFragment = { id: string, usdPerGpuHour: string, gpuCount: number, gpuHours: number, at: string };

export type CandleCardFragment = { openTime: string, closeTime: string, open: string, high: string, low: string, close: string, gpuHours: number, trades: number, closed: boolean };

export type WholeBookFragment = { bookId: string, sequence: string, checksum: string, at: string, gpuType: { slug: string }, region: { code: string }, bids: Array<{ usdPerGpuHour: string, gpuCount: number, orderCount: number }>, asks: Array<{ usdPerGpuHour: string, gpuCount: number, orderCount: number }> };

export type StatisticsFragment = { totalGpus: number, availableGpus: number, utilisation: number, activeBookings: number, medianUsdPerGpuHour: string | null, p10UsdPerGpuHour: string | null, p90UsdPerGpuHour: string | null, volume24hGpuHours: number, turnover24hUsd: string, gpuType: { slug: string } | null, region: { code: string } | null };

export type OrderBookQueryVariables = Exact<{
  gpuType: string;
  region: string;
  depth?: number | null | undefined;
}>;


export type OrderBookQuery = { orderBook: { bookId: string, sequence: string, checksum: string, at: string, freshness: { asOf: string, servedFrom: CacheLayer, sequence: string }, gpuType: { slug: string }, region: { code: string }, bids: Array<{ usdPerGpuHour: string, gpuCount: number, orderCount: number }>, asks: Array<{ usdPerGpuHour: string, gpuCount: number, orderCount: number }> } | null };

export type RecentFillsQueryVariables = Exact<{
  gpuType: string;
  region: string;
  first?: number | null | undefined;
}>;


export type RecentFillsQuery = { recentFills: Array<{ id: string, usdPerGpuHour: string, gpuCount: number, gpuHours: number, at: string }> };

export type CandlesQueryVariables = Exact<{
  gpuType: string;
  region: string;
  interval: CandleInterval;
  from: string;
  to: string;
}>;


export type CandlesQuery = { candles: Array<{ openTime: string, closeTime: string, open: string, high: string, low: string, close: string, gpuHours: number, trades: number, closed: boolean }> };

export type PriceHistoryQueryVariables = Exact<{
  gpuType: string;
  region: string;
  from: string;
  to: string;
  interval?: CandleInterval;
}>;


export type PriceHistoryQuery = { price: { usdPerGpuHour: string, bestAsk: string | null, bestBid: string | null, change24hPercent: number | null, history: Array<{ openTime: string, closeTime: string, open: string, high: string, low: string, close: string, gpuHours: number, trades: number, closed: boolean }> } | null };

export type MarketStatsQueryVariables = Exact<{
  gpuType?: string | null | undefined;
  region?: string | null | undefined;
}>;


export type MarketStatsQuery = { marketStats: { totalGpus: number, availableGpus: number, utilisation: number, activeBookings: number, medianUsdPerGpuHour: string | null, p10UsdPerGpuHour: string | null, p90UsdPerGpuHour: string | null, volume24hGpuHours: number, turnover24hUsd: string, gpuType: { slug: string } | null, region: { code: string } | null } };

export type MyOrdersQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  status?: Array<OrderStatus> | OrderStatus | null | undefined;
}>;


export type MyOrdersQuery = { orders: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ id: string, side: OrderSide, limitUsdPerGpuHour: string, quantity: number, gpusPerUnit: number | null, filledQuantity: number, timeInForce: TimeInForce, status: OrderStatus, expiresAt: string | null, createdAt: string, gpuType: { slug: string }, region: { code: string }, period: { start: string, end: string } }> } };

export type OrderQueryVariables = Exact<{
  id: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type OrderQuery = { order: { id: string, side: OrderSide, limitUsdPerGpuHour: string, quantity: number, gpusPerUnit: number | null, filledQuantity: number, timeInForce: TimeInForce, status: OrderStatus, expiresAt: string | null, createdAt: string, fills: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ id: string, usdPerGpuHour: string, gpuCount: number, gpuHours: number, at: string }> }, gpuType: { slug: string }, region: { code: string }, period: { start: string, end: string } } | null };

export type PlaceOrderMutationVariables = Exact<{
  input: PlaceOrderInput;
}>;


export type PlaceOrderMutation = { placeOrder:
    | { __typename: 'IdempotencyError', code: ErrorCode, message: string, path: Array<string> | null, retryable: boolean }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, path: Array<string> | null, retryable: boolean }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string, path: Array<string> | null, retryable: boolean }
    | { __typename: 'PlaceOrderSuccess', replayed: boolean, order: { id: string, side: OrderSide, limitUsdPerGpuHour: string, quantity: number, gpusPerUnit: number | null, filledQuantity: number, timeInForce: TimeInForce, status: OrderStatus, expiresAt: string | null, createdAt: string, gpuType: { slug: string }, region: { code: string }, period: { start: string, end: string } }, fills: Array<{ id: string, usdPerGpuHour: string, gpuCount: number, gpuHours: number, at: string }>, bookings: Array<{ id: string, status: BookingStatus, totalUsd: string, gpu: { id: string, name: string } }> }
   };

export type CancelOrderMutationVariables = Exact<{
  input: CancelOrderInput;
}>;


export type CancelOrderMutation = { cancelOrder:
    | { __typename: 'CancelOrderSuccess', replayed: boolean, order: { id: string, side: OrderSide, limitUsdPerGpuHour: string, quantity: number, gpusPerUnit: number | null, filledQuantity: number, timeInForce: TimeInForce, status: OrderStatus, expiresAt: string | null, createdAt: string, gpuType: { slug: string }, region: { code: string }, period: { start: string, end: string } } }
    | { __typename: 'IdempotencyError', code: ErrorCode, message: string, path: Array<string> | null, retryable: boolean }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, path: Array<string> | null, retryable: boolean }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string, path: Array<string> | null, retryable: boolean }
    | { __typename: 'StateConflictError', code: ErrorCode, message: string, path: Array<string> | null, retryable: boolean, currentStatus: string }
   };

export type OrderBookUpdatedSubscriptionVariables = Exact<{
  gpuType: string;
  region: string;
  depth?: number | null | undefined;
  intervalMs?: number | null | undefined;
}>;


export type OrderBookUpdatedSubscription = { orderBookUpdated:
    | { __typename: 'OrderBookDelta', previousSequence: string, sequence: string, checksum: string, at: string, cursor: string, changes: Array<{ side: OrderSide, usdPerGpuHour: string, gpuCount: number, orderCount: number }> }
    | { __typename: 'OrderBookHeartbeat', sequence: string, checksum: string, at: string }
    | { __typename: 'OrderBookSnapshot', bookId: string, sequence: string, checksum: string, at: string, gpuType: { slug: string }, region: { code: string }, bids: Array<{ usdPerGpuHour: string, gpuCount: number, orderCount: number }>, asks: Array<{ usdPerGpuHour: string, gpuCount: number, orderCount: number }> }
   };

export type CandleUpdatedSubscriptionVariables = Exact<{
  gpuType: string;
  region: string;
  interval: CandleInterval;
}>;


export type CandleUpdatedSubscription = { candleUpdated: { openTime: string, closeTime: string, open: string, high: string, low: string, close: string, gpuHours: number, trades: number, closed: boolean } };

export type MarketStatsUpdatedSubscriptionVariables = Exact<{
  gpuType?: string | null | undefined;
  region?: string | null | undefined;
}>;


export type MarketStatsUpdatedSubscription = { marketStatsUpdated: { totalGpus: number, availableGpus: number, utilisation: number, activeBookings: number, medianUsdPerGpuHour: string | null, p10UsdPerGpuHour: string | null, p90UsdPerGpuHour: string | null, volume24hGpuHours: number, turnover24hUsd: string, gpuType: { slug: string } | null, region: { code: string } | null } };

export type OrderChangedSubscriptionVariables = Exact<{
  orderId?: string | null | undefined;
}>;


export type OrderChangedSubscription = { orderChanged: { id: string, side: OrderSide, limitUsdPerGpuHour: string, quantity: number, gpusPerUnit: number | null, filledQuantity: number, timeInForce: TimeInForce, status: OrderStatus, expiresAt: string | null, createdAt: string, gpuType: { slug: string }, region: { code: string }, period: { start: string, end: string } } };

export type AvailabilityChangedSubscriptionVariables = Exact<{
  gpuTypes?: Array<string> | string | null | undefined;
  regions?: Array<string> | string | null | undefined;
  after?: string | null | undefined;
}>;


export type AvailabilityChangedSubscription = { availabilityChanged:
    | { __typename: 'AvailabilityChange', previousStatus: GpuStatus, status: GpuStatus, reason: string, sequence: string, cursor: string, at: string, gpu: { id: string, name: string, status: GpuStatus, version: number }, summary: { total: number, available: number, stock: StockLevel } }
    | { __typename: 'StreamHeartbeat', sequence: string, at: string }
    | { __typename: 'StreamStart', resumed: boolean, sequence: string, cursor: string, at: string }
   };

export type PriceTickerSubscriptionVariables = Exact<{
  gpuTypes?: Array<string> | string | null | undefined;
  regions?: Array<string> | string | null | undefined;
  minIntervalMs?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type PriceTickerSubscription = { priceTicker:
    | { __typename: 'PriceTick', usdPerGpuHour: string, previousUsdPerGpuHour: string | null, bestBid: string | null, bestAsk: string | null, utilisation: number, sequence: string, cursor: string, at: string, gpuType: { slug: string }, region: { code: string } }
    | { __typename: 'StreamHeartbeat', sequence: string, at: string }
    | { __typename: 'StreamStart', resumed: boolean, sequence: string, cursor: string, at: string }
   };

export type ProviderStatusChangedSubscriptionVariables = Exact<{
  providerIds?: Array<string> | string | null | undefined;
}>;


export type ProviderStatusChangedSubscription = { providerStatusChanged: { id: string, slug: string, name: string, status: ProviderStatus, lastSeenAt: string | null } };

export type CacheInvalidatedSubscriptionVariables = Exact<{
  namespaces?: Array<CacheNamespace> | CacheNamespace | null | undefined;
  gpuTypes?: Array<string> | string | null | undefined;
  regions?: Array<string> | string | null | undefined;
  after?: string | null | undefined;
}>;


export type CacheInvalidatedSubscription = { cacheInvalidated:
    | { __typename: 'Invalidation', eventId: string, eventType: CacheEventType, namespaces: Array<CacheNamespace>, nodeIds: Array<string>, keys: Array<string>, sequence: string, cursor: string, at: string }
    | { __typename: 'StreamHeartbeat', sequence: string, at: string }
    | { __typename: 'StreamStart', resumed: boolean, sequence: string, cursor: string, at: string }
   };

export type BookingChangedSubscriptionVariables = Exact<{
  bookingId?: string | null | undefined;
  after?: string | null | undefined;
}>;


export type BookingChangedSubscription = { bookingChanged: { change: string, sequence: string, cursor: string, at: string, booking: { id: string, status: BookingStatus, totalUsd: string, refundedUsd: string, version: number, period: { start: string, end: string }, gpu: { id: string, name: string, status: GpuStatus } } } };

export type UnitCardFragment = { id: string, name: string, gpuCount: number, trustTier: TrustTier, reliability: number | null, status: GpuStatus, version: number, gpuType: { slug: string, name: string, vramGb: number }, provider: { id: string, name: string }, region: { code: string }, offer: { id: string, mode: PricingMode, usdPerGpuHour: string, status: OfferStatus } | null };

export type GpusQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
  filter?: GpuFilter | null | undefined;
  orderBy?: GpuOrder | null | undefined;
}>;


export type GpusQuery = { gpus: { totalCount: number, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null }, nodes: Array<{ id: string, name: string, gpuCount: number, trustTier: TrustTier, reliability: number | null, status: GpuStatus, version: number, gpuType: { slug: string, name: string, vramGb: number }, provider: { id: string, name: string }, region: { code: string }, offer: { id: string, mode: PricingMode, usdPerGpuHour: string, status: OfferStatus } | null }>, freshness: { asOf: string, servedFrom: CacheLayer } } };

export type GpuQueryVariables = Exact<{
  id: string;
  from: string;
  to: string;
}>;


export type GpuQuery = { gpu: { cpuCores: number | null, ramGb: number | null, diskGb: number | null, id: string, name: string, gpuCount: number, trustTier: TrustTier, reliability: number | null, status: GpuStatus, version: number, freeWindows: Array<{ start: string, end: string }>, freshness: { asOf: string, servedFrom: CacheLayer, sequence: string }, gpuType: { slug: string, name: string, vramGb: number }, provider: { id: string, name: string }, region: { code: string }, offer: { id: string, mode: PricingMode, usdPerGpuHour: string, status: OfferStatus } | null } | null };

export type AvailabilityQueryVariables = Exact<{
  gpuTypes?: Array<string> | string | null | undefined;
  regions?: Array<string> | string | null | undefined;
}>;


export type AvailabilityQuery = { availability: Array<{ total: number, available: number, held: number, booked: number, offline: number, stock: StockLevel, utilisation: number, gpuType: { slug: string, name: string }, region: { code: string, name: string } }> };

export type PricesQueryVariables = Exact<{
  gpuTypes?: Array<string> | string | null | undefined;
  regions?: Array<string> | string | null | undefined;
}>;


export type PricesQuery = { prices: Array<{ usdPerGpuHour: string, bestBid: string | null, bestAsk: string | null, change24hPercent: number | null, multiplier: number, utilisation: number, updatedAt: string, gpuType: { slug: string, name: string }, region: { code: string } }> };

export type PriceQueryVariables = Exact<{
  gpuType: string;
  region: string;
}>;


export type PriceQuery = { price: { usdPerGpuHour: string, multiplier: number, utilisation: number, updatedAt: string, freshness: { asOf: string, servedFrom: CacheLayer, sequence: string } } | null };

export type UpdatePricingMutationVariables = Exact<{
  input: UpdatePricingInput;
}>;


export type UpdatePricingMutation = { updatePricing:
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, path: Array<string> | null, retryable: boolean }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string, path: Array<string> | null, retryable: boolean }
    | { __typename: 'UpdatePricingSuccess', previousUsdPerGpuHour: string, price: { usdPerGpuHour: string, multiplier: number, updatedAt: string, gpuType: { slug: string }, region: { code: string } } }
   };

export type InvalidateCacheMutationVariables = Exact<{
  input: InvalidateCacheInput;
}>;


export type InvalidateCacheMutation = { invalidateCache:
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, path: Array<string> | null, retryable: boolean }
    | { __typename: 'InvalidateCacheSuccess', l2KeysDeleted: number, nodesNotified: number, event: { eventId: string, eventType: CacheEventType, sequence: string, cursor: string } }
   };

export type CacheEventsSubscriptionVariables = Exact<{
  types?: Array<CacheEventType> | CacheEventType | null | undefined;
  after?: string | null | undefined;
}>;


export type CacheEventsSubscription = { cacheEvents: { eventId: string, eventType: CacheEventType, resourceId: string, data: unknown, timestamp: string, sourceNode: string, affectedNamespaces: Array<CacheNamespace>, sequence: string, cursor: string } };

export type CacheStatsQueryVariables = Exact<{
  nodeId?: string | null | undefined;
}>;


export type CacheStatsQuery = { cacheStats: { nodeId: string, since: string, eventsProcessed: string, eventsDeduplicated: string, eventGaps: string, redisMemoryUsedMb: number | null, propagationP50Ms: number | null, propagationP99Ms: number | null, subscribers: number, l1: { hits: string, misses: string, hitRatio: number, entries: number, bytes: string, evictions: string, coalesced: string, staleServed: string }, l2: { hits: string, misses: string, hitRatio: number, entries: number, bytes: string, evictions: string, coalesced: string, staleServed: string }, namespaces: Array<{ namespace: CacheNamespace, ttlSeconds: number, eventDriven: boolean, critical: boolean, invalidations: string, l1: { hits: string, misses: string, hitRatio: number, entries: number, bytes: string, evictions: string, coalesced: string, staleServed: string }, l2: { hits: string, misses: string, hitRatio: number, entries: number, bytes: string, evictions: string, coalesced: string, staleServed: string } }> } };

export type CountersFragment = { hits: string, misses: string, hitRatio: number, entries: number, bytes: string, evictions: string, coalesced: string, staleServed: string };

export type CacheHealthQueryVariables = Exact<{ [key: string]: never; }>;


export type CacheHealthQuery = { cacheHealth: { status: HealthStatus, redisConnected: boolean, pubsubActive: boolean, eventQueueSize: number, lastEventAgeMs: number | null, checks: Array<{ name: string, status: HealthStatus, value: number | null, warning: number | null, critical: number | null, message: string | null }> } };

export type EdgeNodesQueryVariables = Exact<{ [key: string]: never; }>;


export type EdgeNodesQuery = { edgeNodes: Array<{ id: string, nodeId: string, region: string, datacenter: string | null, tier: NodeTier, version: string, startedAt: string, lastHeartbeatAt: string, lastSequence: string, lagEvents: number, health: { status: HealthStatus, redisConnected: boolean, pubsubActive: boolean, eventQueueSize: number, lastEventAgeMs: number | null, checks: Array<{ name: string, status: HealthStatus, value: number | null, warning: number | null, critical: number | null, message: string | null }> } }> };

export type HealthFragment = { status: HealthStatus, redisConnected: boolean, pubsubActive: boolean, eventQueueSize: number, lastEventAgeMs: number | null, checks: Array<{ name: string, status: HealthStatus, value: number | null, warning: number | null, critical: number | null, message: string | null }> };

export type CacheEventLogQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  types?: Array<CacheEventType> | CacheEventType | null | undefined;
}>;


export type CacheEventLogQuery = { cacheEventLog: Array<{ eventId: string, eventType: CacheEventType, resourceId: string, data: unknown, timestamp: string, sourceNode: string, affectedNamespaces: Array<CacheNamespace>, sequence: string, cursor: string }> };

export type UpsertOfferMutationVariables = Exact<{
  input: UpsertOfferInput;
}>;


export type UpsertOfferMutation = { upsertOffer:
    | { __typename: 'ForbiddenError', code: ErrorCode, message: string, path: Array<string> | null, retryable: boolean, requires: Role }
    | { __typename: 'IdempotencyError', code: ErrorCode, message: string, path: Array<string> | null, retryable: boolean }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, path: Array<string> | null, retryable: boolean }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string, path: Array<string> | null, retryable: boolean }
    | { __typename: 'UpsertOfferSuccess', replayed: boolean, offer: { id: string, mode: PricingMode, usdPerGpuHour: string, baseUsdPerGpuHour: string, floorUsdPerGpuHour: string, capUsdPerGpuHour: string, minDurationMinutes: number, maxDurationMinutes: number, status: OfferStatus, version: number } }
    | { __typename: 'VersionConflictError', code: ErrorCode, message: string, path: Array<string> | null, retryable: boolean, currentVersion: number }
   };

export type SetGpuStatusMutationVariables = Exact<{
  input: SetGpuStatusInput;
}>;


export type SetGpuStatusMutation = { setGpuStatus:
    | { __typename: 'ForbiddenError', code: ErrorCode, message: string, path: Array<string> | null, retryable: boolean, requires: Role }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, path: Array<string> | null, retryable: boolean }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string, path: Array<string> | null, retryable: boolean }
    | { __typename: 'SetGpuStatusSuccess', gpu: { id: string, name: string, status: GpuStatus, version: number } }
    | { __typename: 'StateConflictError', code: ErrorCode, message: string, path: Array<string> | null, retryable: boolean, currentStatus: string }
    | { __typename: 'VersionConflictError', code: ErrorCode, message: string, path: Array<string> | null, retryable: boolean, currentVersion: number }
   };

export type SetProviderStatusMutationVariables = Exact<{
  input: SetProviderStatusInput;
}>;


export type SetProviderStatusMutation = { setProviderStatus:
    | { __typename: 'ForbiddenError', code: ErrorCode, message: string, path: Array<string> | null, retryable: boolean, requires: Role }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string, path: Array<string> | null, retryable: boolean }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string, path: Array<string> | null, retryable: boolean }
    | { __typename: 'SetProviderStatusSuccess', affectedGpus: number, provider: { id: string, slug: string, name: string, status: ProviderStatus } }
   };

export type ReplayUnitsQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  filter?: GpuFilter | null | undefined;
}>;


export type ReplayUnitsQuery = { gpus: { nodes: Array<{ id: string, name: string, status: GpuStatus, gpuCount: number }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ReplayBookingMutationVariables = Exact<{
  input: CreateBookingInput;
}>;


export type ReplayBookingMutation = { createBooking:
    | { __typename: 'CreateBookingSuccess', booking: { id: string } }
    | { __typename: 'GpuUnavailableError', code: ErrorCode, message: string, alternatives: Array<{ id: string, name: string, gpuCount: number }> }
    | { __typename: 'IdempotencyError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'PriceChangedError', code: ErrorCode, message: string }
    | { __typename: 'StateConflictError', code: ErrorCode, message: string }
    | { __typename: 'VersionConflictError', code: ErrorCode, message: string }
   };

export type ReplayBookingsQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type ReplayBookingsQuery = { bookings: { edges: Array<{ node: { id: string, gpu: { id: string }, period: { start: string, end: string } } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ReplayPriceMutationVariables = Exact<{
  input: UpdatePricingInput;
}>;


export type ReplayPriceMutation = { updatePricing:
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'UpdatePricingSuccess' }
   };

export type ReplayCandleQueryVariables = Exact<{
  gpuType: string;
  region: string;
  from: string;
  to: string;
}>;


export type ReplayCandleQuery = { candles: Array<{ close: string }> };

export type ReplayStatusMutationVariables = Exact<{
  input: SetGpuStatusInput;
}>;


export type ReplayStatusMutation = { setGpuStatus:
    | { __typename: 'ForbiddenError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'SetGpuStatusSuccess' }
    | { __typename: 'StateConflictError', code: ErrorCode, message: string }
    | { __typename: 'VersionConflictError', code: ErrorCode, message: string }
   };

export type ReplayTickerSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type ReplayTickerSubscription = { priceTicker:
    | { __typename: 'PriceTick', usdPerGpuHour: string, gpuType: { slug: string }, region: { code: string } }
    | { __typename: 'StreamHeartbeat' }
    | { __typename: 'StreamStart' }
   };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const BookingCardFragmentDoc = new TypedDocumentString(`
    fragment BookingCard on Booking {
  id
  status
  period {
    start
    end
  }
  usdPerGpuHour
  gpuHours
  totalUsd
  refundedUsd
  holdExpiresAt
  version
  createdAt
  gpu {
    id
    name
    status
    version
  }
}
    `, {"fragmentName":"BookingCard"}) as unknown as TypedDocumentString<BookingCardFragment, unknown>;
export const WhatIsFreeInsteadFragmentDoc = new TypedDocumentString(`
    fragment WhatIsFreeInstead on GpuUnavailableError {
  conflictingUntil
  nextFreeWindow {
    start
    end
  }
  alternatives(first: 5) {
    id
    name
    offer {
      usdPerGpuHour
    }
  }
}
    `, {"fragmentName":"WhatIsFreeInstead"}) as unknown as TypedDocumentString<WhatIsFreeInsteadFragment, unknown>;
export const WhatItCostsNowFragmentDoc = new TypedDocumentString(`
    fragment WhatItCostsNow on PriceChangedError {
  quotedUsdPerGpuHour
  currentUsdPerGpuHour
  newQuote {
    id
    usdPerGpuHour
    totalUsd
    validUntil
  }
}
    `, {"fragmentName":"WhatItCostsNow"}) as unknown as TypedDocumentString<WhatItCostsNowFragment, unknown>;
export const OrderCardFragmentDoc = new TypedDocumentString(`
    fragment OrderCard on Order {
  id
  gpuType {
    slug
  }
  region {
    code
  }
  side
  limitUsdPerGpuHour
  quantity
  gpusPerUnit
  filledQuantity
  period {
    start
    end
  }
  timeInForce
  status
  expiresAt
  createdAt
}
    `, {"fragmentName":"OrderCard"}) as unknown as TypedDocumentString<OrderCardFragment, unknown>;
export const FillCardFragmentDoc = new TypedDocumentString(`
    fragment FillCard on Fill {
  id
  usdPerGpuHour
  gpuCount
  gpuHours
  at
}
    `, {"fragmentName":"FillCard"}) as unknown as TypedDocumentString<FillCardFragment, unknown>;
export const CandleCardFragmentDoc = new TypedDocumentString(`
    fragment CandleCard on Candle {
  openTime
  closeTime
  open
  high
  low
  close
  gpuHours
  trades
  closed
}
    `, {"fragmentName":"CandleCard"}) as unknown as TypedDocumentString<CandleCardFragment, unknown>;
export const WholeBookFragmentDoc = new TypedDocumentString(`
    fragment WholeBook on OrderBookSnapshot {
  bookId
  gpuType {
    slug
  }
  region {
    code
  }
  bids {
    usdPerGpuHour
    gpuCount
    orderCount
  }
  asks {
    usdPerGpuHour
    gpuCount
    orderCount
  }
  sequence
  checksum
  at
}
    `, {"fragmentName":"WholeBook"}) as unknown as TypedDocumentString<WholeBookFragment, unknown>;
export const StatisticsFragmentDoc = new TypedDocumentString(`
    fragment Statistics on MarketStats {
  gpuType {
    slug
  }
  region {
    code
  }
  totalGpus
  availableGpus
  utilisation
  activeBookings
  medianUsdPerGpuHour
  p10UsdPerGpuHour
  p90UsdPerGpuHour
  volume24hGpuHours
  turnover24hUsd
}
    `, {"fragmentName":"Statistics"}) as unknown as TypedDocumentString<StatisticsFragment, unknown>;
export const UnitCardFragmentDoc = new TypedDocumentString(`
    fragment UnitCard on Gpu {
  id
  name
  gpuType {
    slug
    name
    vramGb
  }
  provider {
    id
    name
  }
  region {
    code
  }
  gpuCount
  trustTier
  reliability
  status
  version
  offer {
    id
    mode
    usdPerGpuHour
    status
  }
}
    `, {"fragmentName":"UnitCard"}) as unknown as TypedDocumentString<UnitCardFragment, unknown>;
export const CountersFragmentDoc = new TypedDocumentString(`
    fragment Counters on CacheCounters {
  hits
  misses
  hitRatio
  entries
  bytes
  evictions
  coalesced
  staleServed
}
    `, {"fragmentName":"Counters"}) as unknown as TypedDocumentString<CountersFragment, unknown>;
export const HealthFragmentDoc = new TypedDocumentString(`
    fragment Health on CacheHealth {
  status
  redisConnected
  pubsubActive
  eventQueueSize
  lastEventAgeMs
  checks {
    name
    status
    value
    warning
    critical
    message
  }
}
    `, {"fragmentName":"Health"}) as unknown as TypedDocumentString<HealthFragment, unknown>;
export const QuoteDocument = new TypedDocumentString(`
    query Quote($gpuId: ID!, $period: TimeWindowInput!) {
  quote(gpuId: $gpuId, period: $period) {
    __typename
    ... on Quote {
      id
      usdPerGpuHour
      gpuHours
      totalUsd
      validUntil
    }
    ... on UserError {
      code
      message
      path
    }
    ...WhatIsFreeInstead
  }
}
    fragment WhatIsFreeInstead on GpuUnavailableError {
  conflictingUntil
  nextFreeWindow {
    start
    end
  }
  alternatives(first: 5) {
    id
    name
    offer {
      usdPerGpuHour
    }
  }
}`) as unknown as TypedDocumentString<QuoteQuery, QuoteQueryVariables>;
export const HoldGpuDocument = new TypedDocumentString(`
    mutation HoldGpu($input: HoldGpuInput!) {
  holdGpu(input: $input) {
    __typename
    ... on HoldGpuSuccess {
      booking {
        ...BookingCard
      }
      replayed
    }
    ... on UserError {
      code
      message
      path
      retryable
    }
    ...WhatIsFreeInstead
  }
}
    fragment BookingCard on Booking {
  id
  status
  period {
    start
    end
  }
  usdPerGpuHour
  gpuHours
  totalUsd
  refundedUsd
  holdExpiresAt
  version
  createdAt
  gpu {
    id
    name
    status
    version
  }
}
fragment WhatIsFreeInstead on GpuUnavailableError {
  conflictingUntil
  nextFreeWindow {
    start
    end
  }
  alternatives(first: 5) {
    id
    name
    offer {
      usdPerGpuHour
    }
  }
}`) as unknown as TypedDocumentString<HoldGpuMutation, HoldGpuMutationVariables>;
export const CreateBookingDocument = new TypedDocumentString(`
    mutation CreateBooking($input: CreateBookingInput!) {
  createBooking(input: $input) {
    __typename
    ... on CreateBookingSuccess {
      booking {
        ...BookingCard
      }
      replayed
    }
    ... on UserError {
      code
      message
      path
      retryable
    }
    ...WhatIsFreeInstead
    ...WhatItCostsNow
    ... on VersionConflictError {
      currentVersion
    }
    ... on StateConflictError {
      currentStatus
    }
    ... on IdempotencyError {
      firstUsedAt
    }
  }
}
    fragment BookingCard on Booking {
  id
  status
  period {
    start
    end
  }
  usdPerGpuHour
  gpuHours
  totalUsd
  refundedUsd
  holdExpiresAt
  version
  createdAt
  gpu {
    id
    name
    status
    version
  }
}
fragment WhatIsFreeInstead on GpuUnavailableError {
  conflictingUntil
  nextFreeWindow {
    start
    end
  }
  alternatives(first: 5) {
    id
    name
    offer {
      usdPerGpuHour
    }
  }
}
fragment WhatItCostsNow on PriceChangedError {
  quotedUsdPerGpuHour
  currentUsdPerGpuHour
  newQuote {
    id
    usdPerGpuHour
    totalUsd
    validUntil
  }
}`) as unknown as TypedDocumentString<CreateBookingMutation, CreateBookingMutationVariables>;
export const CancelBookingDocument = new TypedDocumentString(`
    mutation CancelBooking($input: CancelBookingInput!) {
  cancelBooking(input: $input) {
    __typename
    ... on CancelBookingSuccess {
      booking {
        ...BookingCard
      }
      feeUsd
      refundUsd
      replayed
    }
    ... on UserError {
      code
      message
      path
      retryable
    }
    ... on PriceChangedError {
      quotedUsdPerGpuHour
      currentUsdPerGpuHour
    }
    ... on StateConflictError {
      currentStatus
    }
  }
}
    fragment BookingCard on Booking {
  id
  status
  period {
    start
    end
  }
  usdPerGpuHour
  gpuHours
  totalUsd
  refundedUsd
  holdExpiresAt
  version
  createdAt
  gpu {
    id
    name
    status
    version
  }
}`) as unknown as TypedDocumentString<CancelBookingMutation, CancelBookingMutationVariables>;
export const ExtendBookingDocument = new TypedDocumentString(`
    mutation ExtendBooking($input: ExtendBookingInput!) {
  extendBooking(input: $input) {
    __typename
    ... on ExtendBookingSuccess {
      booking {
        ...BookingCard
      }
      additionalUsd
      replayed
    }
    ... on UserError {
      code
      message
      path
      retryable
    }
    ...WhatIsFreeInstead
    ... on PriceChangedError {
      quotedUsdPerGpuHour
      currentUsdPerGpuHour
    }
    ... on VersionConflictError {
      currentVersion
    }
    ... on StateConflictError {
      currentStatus
    }
  }
}
    fragment BookingCard on Booking {
  id
  status
  period {
    start
    end
  }
  usdPerGpuHour
  gpuHours
  totalUsd
  refundedUsd
  holdExpiresAt
  version
  createdAt
  gpu {
    id
    name
    status
    version
  }
}
fragment WhatIsFreeInstead on GpuUnavailableError {
  conflictingUntil
  nextFreeWindow {
    start
    end
  }
  alternatives(first: 5) {
    id
    name
    offer {
      usdPerGpuHour
    }
  }
}`) as unknown as TypedDocumentString<ExtendBookingMutation, ExtendBookingMutationVariables>;
export const MyBookingsDocument = new TypedDocumentString(`
    query MyBookings($first: Int = 20, $after: String, $status: [BookingStatus!], $gpuId: ID) {
  bookings(first: $first, after: $after, status: $status, gpuId: $gpuId) {
    totalCount
    pageInfo {
      hasNextPage
      endCursor
    }
    nodes {
      ...BookingCard
      cancellationQuote {
        feeUsd
        refundUsd
        freeUntil
        validUntil
      }
    }
  }
}
    fragment BookingCard on Booking {
  id
  status
  period {
    start
    end
  }
  usdPerGpuHour
  gpuHours
  totalUsd
  refundedUsd
  holdExpiresAt
  version
  createdAt
  gpu {
    id
    name
    status
    version
  }
}`) as unknown as TypedDocumentString<MyBookingsQuery, MyBookingsQueryVariables>;
export const OrderBookDocument = new TypedDocumentString(`
    query OrderBook($gpuType: String!, $region: String!, $depth: Int = 20) {
  orderBook(gpuType: $gpuType, region: $region, depth: $depth) {
    ...WholeBook
    freshness {
      asOf
      servedFrom
      sequence
    }
  }
}
    fragment WholeBook on OrderBookSnapshot {
  bookId
  gpuType {
    slug
  }
  region {
    code
  }
  bids {
    usdPerGpuHour
    gpuCount
    orderCount
  }
  asks {
    usdPerGpuHour
    gpuCount
    orderCount
  }
  sequence
  checksum
  at
}`) as unknown as TypedDocumentString<OrderBookQuery, OrderBookQueryVariables>;
export const RecentFillsDocument = new TypedDocumentString(`
    query RecentFills($gpuType: String!, $region: String!, $first: Int = 50) {
  recentFills(gpuType: $gpuType, region: $region, first: $first) {
    ...FillCard
  }
}
    fragment FillCard on Fill {
  id
  usdPerGpuHour
  gpuCount
  gpuHours
  at
}`) as unknown as TypedDocumentString<RecentFillsQuery, RecentFillsQueryVariables>;
export const CandlesDocument = new TypedDocumentString(`
    query Candles($gpuType: String!, $region: String!, $interval: CandleInterval!, $from: DateTime!, $to: DateTime!) {
  candles(
    gpuType: $gpuType
    region: $region
    interval: $interval
    from: $from
    to: $to
  ) {
    ...CandleCard
  }
}
    fragment CandleCard on Candle {
  openTime
  closeTime
  open
  high
  low
  close
  gpuHours
  trades
  closed
}`) as unknown as TypedDocumentString<CandlesQuery, CandlesQueryVariables>;
export const PriceHistoryDocument = new TypedDocumentString(`
    query PriceHistory($gpuType: String!, $region: String!, $from: DateTime!, $to: DateTime!, $interval: CandleInterval! = H1) {
  price(gpuType: $gpuType, region: $region) {
    usdPerGpuHour
    bestAsk
    bestBid
    change24hPercent
    history(from: $from, to: $to, interval: $interval) {
      ...CandleCard
    }
  }
}
    fragment CandleCard on Candle {
  openTime
  closeTime
  open
  high
  low
  close
  gpuHours
  trades
  closed
}`) as unknown as TypedDocumentString<PriceHistoryQuery, PriceHistoryQueryVariables>;
export const MarketStatsDocument = new TypedDocumentString(`
    query MarketStats($gpuType: String, $region: String) {
  marketStats(gpuType: $gpuType, region: $region) {
    ...Statistics
  }
}
    fragment Statistics on MarketStats {
  gpuType {
    slug
  }
  region {
    code
  }
  totalGpus
  availableGpus
  utilisation
  activeBookings
  medianUsdPerGpuHour
  p10UsdPerGpuHour
  p90UsdPerGpuHour
  volume24hGpuHours
  turnover24hUsd
}`) as unknown as TypedDocumentString<MarketStatsQuery, MarketStatsQueryVariables>;
export const MyOrdersDocument = new TypedDocumentString(`
    query MyOrders($first: Int = 20, $after: String, $status: [OrderStatus!]) {
  orders(first: $first, after: $after, status: $status) {
    totalCount
    pageInfo {
      hasNextPage
      endCursor
    }
    nodes {
      ...OrderCard
    }
  }
}
    fragment OrderCard on Order {
  id
  gpuType {
    slug
  }
  region {
    code
  }
  side
  limitUsdPerGpuHour
  quantity
  gpusPerUnit
  filledQuantity
  period {
    start
    end
  }
  timeInForce
  status
  expiresAt
  createdAt
}`) as unknown as TypedDocumentString<MyOrdersQuery, MyOrdersQueryVariables>;
export const OrderDocument = new TypedDocumentString(`
    query Order($id: ID!, $first: Int = 20, $after: String) {
  order(id: $id) {
    ...OrderCard
    fills(first: $first, after: $after) {
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        ...FillCard
      }
    }
  }
}
    fragment OrderCard on Order {
  id
  gpuType {
    slug
  }
  region {
    code
  }
  side
  limitUsdPerGpuHour
  quantity
  gpusPerUnit
  filledQuantity
  period {
    start
    end
  }
  timeInForce
  status
  expiresAt
  createdAt
}
fragment FillCard on Fill {
  id
  usdPerGpuHour
  gpuCount
  gpuHours
  at
}`) as unknown as TypedDocumentString<OrderQuery, OrderQueryVariables>;
export const PlaceOrderDocument = new TypedDocumentString(`
    mutation PlaceOrder($input: PlaceOrderInput!) {
  placeOrder(input: $input) {
    __typename
    ... on PlaceOrderSuccess {
      order {
        ...OrderCard
      }
      fills {
        ...FillCard
      }
      bookings {
        id
        status
        totalUsd
        gpu {
          id
          name
        }
      }
      replayed
    }
    ... on UserError {
      code
      message
      path
      retryable
    }
  }
}
    fragment OrderCard on Order {
  id
  gpuType {
    slug
  }
  region {
    code
  }
  side
  limitUsdPerGpuHour
  quantity
  gpusPerUnit
  filledQuantity
  period {
    start
    end
  }
  timeInForce
  status
  expiresAt
  createdAt
}
fragment FillCard on Fill {
  id
  usdPerGpuHour
  gpuCount
  gpuHours
  at
}`) as unknown as TypedDocumentString<PlaceOrderMutation, PlaceOrderMutationVariables>;
export const CancelOrderDocument = new TypedDocumentString(`
    mutation CancelOrder($input: CancelOrderInput!) {
  cancelOrder(input: $input) {
    __typename
    ... on CancelOrderSuccess {
      order {
        ...OrderCard
      }
      replayed
    }
    ... on UserError {
      code
      message
      path
      retryable
    }
    ... on StateConflictError {
      currentStatus
    }
  }
}
    fragment OrderCard on Order {
  id
  gpuType {
    slug
  }
  region {
    code
  }
  side
  limitUsdPerGpuHour
  quantity
  gpusPerUnit
  filledQuantity
  period {
    start
    end
  }
  timeInForce
  status
  expiresAt
  createdAt
}`) as unknown as TypedDocumentString<CancelOrderMutation, CancelOrderMutationVariables>;
export const OrderBookUpdatedDocument = new TypedDocumentString(`
    subscription OrderBookUpdated($gpuType: String!, $region: String!, $depth: Int = 20, $intervalMs: Int = 100) {
  orderBookUpdated(
    gpuType: $gpuType
    region: $region
    depth: $depth
    intervalMs: $intervalMs
  ) {
    __typename
    ...WholeBook
    ... on OrderBookDelta {
      previousSequence
      sequence
      changes {
        side
        usdPerGpuHour
        gpuCount
        orderCount
      }
      checksum
      at
      cursor
    }
    ... on OrderBookHeartbeat {
      sequence
      checksum
      at
    }
  }
}
    fragment WholeBook on OrderBookSnapshot {
  bookId
  gpuType {
    slug
  }
  region {
    code
  }
  bids {
    usdPerGpuHour
    gpuCount
    orderCount
  }
  asks {
    usdPerGpuHour
    gpuCount
    orderCount
  }
  sequence
  checksum
  at
}`) as unknown as TypedDocumentString<OrderBookUpdatedSubscription, OrderBookUpdatedSubscriptionVariables>;
export const CandleUpdatedDocument = new TypedDocumentString(`
    subscription CandleUpdated($gpuType: String!, $region: String!, $interval: CandleInterval!) {
  candleUpdated(gpuType: $gpuType, region: $region, interval: $interval) {
    ...CandleCard
  }
}
    fragment CandleCard on Candle {
  openTime
  closeTime
  open
  high
  low
  close
  gpuHours
  trades
  closed
}`) as unknown as TypedDocumentString<CandleUpdatedSubscription, CandleUpdatedSubscriptionVariables>;
export const MarketStatsUpdatedDocument = new TypedDocumentString(`
    subscription MarketStatsUpdated($gpuType: String, $region: String) {
  marketStatsUpdated(gpuType: $gpuType, region: $region) {
    ...Statistics
  }
}
    fragment Statistics on MarketStats {
  gpuType {
    slug
  }
  region {
    code
  }
  totalGpus
  availableGpus
  utilisation
  activeBookings
  medianUsdPerGpuHour
  p10UsdPerGpuHour
  p90UsdPerGpuHour
  volume24hGpuHours
  turnover24hUsd
}`) as unknown as TypedDocumentString<MarketStatsUpdatedSubscription, MarketStatsUpdatedSubscriptionVariables>;
export const OrderChangedDocument = new TypedDocumentString(`
    subscription OrderChanged($orderId: ID) {
  orderChanged(orderId: $orderId) {
    ...OrderCard
  }
}
    fragment OrderCard on Order {
  id
  gpuType {
    slug
  }
  region {
    code
  }
  side
  limitUsdPerGpuHour
  quantity
  gpusPerUnit
  filledQuantity
  period {
    start
    end
  }
  timeInForce
  status
  expiresAt
  createdAt
}`) as unknown as TypedDocumentString<OrderChangedSubscription, OrderChangedSubscriptionVariables>;
export const AvailabilityChangedDocument = new TypedDocumentString(`
    subscription AvailabilityChanged($gpuTypes: [String!], $regions: [String!], $after: EventCursor) {
  availabilityChanged(gpuTypes: $gpuTypes, regions: $regions, after: $after) {
    __typename
    ... on StreamStart {
      resumed
      sequence
      cursor
      at
    }
    ... on AvailabilityChange {
      gpu {
        id
        name
        status
        version
      }
      previousStatus
      status
      reason
      summary {
        total
        available
        stock
      }
      sequence
      cursor
      at
    }
    ... on StreamHeartbeat {
      sequence
      at
    }
  }
}
    `) as unknown as TypedDocumentString<AvailabilityChangedSubscription, AvailabilityChangedSubscriptionVariables>;
export const PriceTickerDocument = new TypedDocumentString(`
    subscription PriceTicker($gpuTypes: [String!], $regions: [String!], $minIntervalMs: Int = 1000, $after: EventCursor) {
  priceTicker(
    gpuTypes: $gpuTypes
    regions: $regions
    minIntervalMs: $minIntervalMs
    after: $after
  ) {
    __typename
    ... on StreamStart {
      resumed
      sequence
      cursor
      at
    }
    ... on PriceTick {
      gpuType {
        slug
      }
      region {
        code
      }
      usdPerGpuHour
      previousUsdPerGpuHour
      bestBid
      bestAsk
      utilisation
      sequence
      cursor
      at
    }
    ... on StreamHeartbeat {
      sequence
      at
    }
  }
}
    `) as unknown as TypedDocumentString<PriceTickerSubscription, PriceTickerSubscriptionVariables>;
export const ProviderStatusChangedDocument = new TypedDocumentString(`
    subscription ProviderStatusChanged($providerIds: [ID!]) {
  providerStatusChanged(providerIds: $providerIds) {
    id
    slug
    name
    status
    lastSeenAt
  }
}
    `) as unknown as TypedDocumentString<ProviderStatusChangedSubscription, ProviderStatusChangedSubscriptionVariables>;
export const CacheInvalidatedDocument = new TypedDocumentString(`
    subscription CacheInvalidated($namespaces: [CacheNamespace!], $gpuTypes: [String!], $regions: [String!], $after: EventCursor) {
  cacheInvalidated(
    namespaces: $namespaces
    gpuTypes: $gpuTypes
    regions: $regions
    after: $after
  ) {
    __typename
    ... on StreamStart {
      resumed
      sequence
      cursor
      at
    }
    ... on Invalidation {
      eventId
      eventType
      namespaces
      nodeIds
      keys
      sequence
      cursor
      at
    }
    ... on StreamHeartbeat {
      sequence
      at
    }
  }
}
    `) as unknown as TypedDocumentString<CacheInvalidatedSubscription, CacheInvalidatedSubscriptionVariables>;
export const BookingChangedDocument = new TypedDocumentString(`
    subscription BookingChanged($bookingId: ID, $after: EventCursor) {
  bookingChanged(bookingId: $bookingId, after: $after) {
    change
    booking {
      id
      status
      period {
        start
        end
      }
      totalUsd
      refundedUsd
      version
      gpu {
        id
        name
        status
      }
    }
    sequence
    cursor
    at
  }
}
    `) as unknown as TypedDocumentString<BookingChangedSubscription, BookingChangedSubscriptionVariables>;
export const GpusDocument = new TypedDocumentString(`
    query Gpus($first: Int = 20, $after: String, $last: Int, $before: String, $filter: GpuFilter, $orderBy: GpuOrder) {
  gpus(
    first: $first
    after: $after
    last: $last
    before: $before
    filter: $filter
    orderBy: $orderBy
  ) {
    totalCount
    pageInfo {
      hasNextPage
      hasPreviousPage
      startCursor
      endCursor
    }
    nodes {
      ...UnitCard
    }
    freshness {
      asOf
      servedFrom
    }
  }
}
    fragment UnitCard on Gpu {
  id
  name
  gpuType {
    slug
    name
    vramGb
  }
  provider {
    id
    name
  }
  region {
    code
  }
  gpuCount
  trustTier
  reliability
  status
  version
  offer {
    id
    mode
    usdPerGpuHour
    status
  }
}`) as unknown as TypedDocumentString<GpusQuery, GpusQueryVariables>;
export const GpuDocument = new TypedDocumentString(`
    query Gpu($id: ID!, $from: DateTime!, $to: DateTime!) {
  gpu(id: $id) {
    ...UnitCard
    cpuCores
    ramGb
    diskGb
    freeWindows(from: $from, to: $to) {
      start
      end
    }
    freshness {
      asOf
      servedFrom
      sequence
    }
  }
}
    fragment UnitCard on Gpu {
  id
  name
  gpuType {
    slug
    name
    vramGb
  }
  provider {
    id
    name
  }
  region {
    code
  }
  gpuCount
  trustTier
  reliability
  status
  version
  offer {
    id
    mode
    usdPerGpuHour
    status
  }
}`) as unknown as TypedDocumentString<GpuQuery, GpuQueryVariables>;
export const AvailabilityDocument = new TypedDocumentString(`
    query Availability($gpuTypes: [String!], $regions: [String!]) {
  availability(gpuTypes: $gpuTypes, regions: $regions) {
    gpuType {
      slug
      name
    }
    region {
      code
      name
    }
    total
    available
    held
    booked
    offline
    stock
    utilisation
  }
}
    `) as unknown as TypedDocumentString<AvailabilityQuery, AvailabilityQueryVariables>;
export const PricesDocument = new TypedDocumentString(`
    query Prices($gpuTypes: [String!], $regions: [String!]) {
  prices(gpuTypes: $gpuTypes, regions: $regions) {
    gpuType {
      slug
      name
    }
    region {
      code
    }
    usdPerGpuHour
    bestBid
    bestAsk
    change24hPercent
    multiplier
    utilisation
    updatedAt
  }
}
    `) as unknown as TypedDocumentString<PricesQuery, PricesQueryVariables>;
export const PriceDocument = new TypedDocumentString(`
    query Price($gpuType: String!, $region: String!) {
  price(gpuType: $gpuType, region: $region) {
    usdPerGpuHour
    multiplier
    utilisation
    updatedAt
    freshness {
      asOf
      servedFrom
      sequence
    }
  }
}
    `) as unknown as TypedDocumentString<PriceQuery, PriceQueryVariables>;
export const UpdatePricingDocument = new TypedDocumentString(`
    mutation UpdatePricing($input: UpdatePricingInput!) {
  updatePricing(input: $input) {
    __typename
    ... on UpdatePricingSuccess {
      price {
        gpuType {
          slug
        }
        region {
          code
        }
        usdPerGpuHour
        multiplier
        updatedAt
      }
      previousUsdPerGpuHour
    }
    ... on UserError {
      code
      message
      path
      retryable
    }
  }
}
    `) as unknown as TypedDocumentString<UpdatePricingMutation, UpdatePricingMutationVariables>;
export const InvalidateCacheDocument = new TypedDocumentString(`
    mutation InvalidateCache($input: InvalidateCacheInput!) {
  invalidateCache(input: $input) {
    __typename
    ... on InvalidateCacheSuccess {
      event {
        eventId
        eventType
        sequence
        cursor
      }
      l2KeysDeleted
      nodesNotified
    }
    ... on UserError {
      code
      message
      path
      retryable
    }
  }
}
    `) as unknown as TypedDocumentString<InvalidateCacheMutation, InvalidateCacheMutationVariables>;
export const CacheEventsDocument = new TypedDocumentString(`
    subscription CacheEvents($types: [CacheEventType!], $after: EventCursor) {
  cacheEvents(types: $types, after: $after) {
    eventId
    eventType
    resourceId
    data
    timestamp
    sourceNode
    affectedNamespaces
    sequence
    cursor
  }
}
    `) as unknown as TypedDocumentString<CacheEventsSubscription, CacheEventsSubscriptionVariables>;
export const CacheStatsDocument = new TypedDocumentString(`
    query CacheStats($nodeId: String) {
  cacheStats(nodeId: $nodeId) {
    nodeId
    since
    l1 {
      ...Counters
    }
    l2 {
      ...Counters
    }
    namespaces {
      namespace
      ttlSeconds
      eventDriven
      critical
      l1 {
        ...Counters
      }
      l2 {
        ...Counters
      }
      invalidations
    }
    eventsProcessed
    eventsDeduplicated
    eventGaps
    redisMemoryUsedMb
    propagationP50Ms
    propagationP99Ms
    subscribers
  }
}
    fragment Counters on CacheCounters {
  hits
  misses
  hitRatio
  entries
  bytes
  evictions
  coalesced
  staleServed
}`) as unknown as TypedDocumentString<CacheStatsQuery, CacheStatsQueryVariables>;
export const CacheHealthDocument = new TypedDocumentString(`
    query CacheHealth {
  cacheHealth {
    ...Health
  }
}
    fragment Health on CacheHealth {
  status
  redisConnected
  pubsubActive
  eventQueueSize
  lastEventAgeMs
  checks {
    name
    status
    value
    warning
    critical
    message
  }
}`) as unknown as TypedDocumentString<CacheHealthQuery, CacheHealthQueryVariables>;
export const EdgeNodesDocument = new TypedDocumentString(`
    query EdgeNodes {
  edgeNodes {
    id
    nodeId
    region
    datacenter
    tier
    version
    startedAt
    lastHeartbeatAt
    lastSequence
    lagEvents
    health {
      ...Health
    }
  }
}
    fragment Health on CacheHealth {
  status
  redisConnected
  pubsubActive
  eventQueueSize
  lastEventAgeMs
  checks {
    name
    status
    value
    warning
    critical
    message
  }
}`) as unknown as TypedDocumentString<EdgeNodesQuery, EdgeNodesQueryVariables>;
export const CacheEventLogDocument = new TypedDocumentString(`
    query CacheEventLog($first: Int, $after: EventCursor, $types: [CacheEventType!]) {
  cacheEventLog(first: $first, after: $after, types: $types) {
    eventId
    eventType
    resourceId
    data
    timestamp
    sourceNode
    affectedNamespaces
    sequence
    cursor
  }
}
    `) as unknown as TypedDocumentString<CacheEventLogQuery, CacheEventLogQueryVariables>;
export const UpsertOfferDocument = new TypedDocumentString(`
    mutation UpsertOffer($input: UpsertOfferInput!) {
  upsertOffer(input: $input) {
    __typename
    ... on UpsertOfferSuccess {
      offer {
        id
        mode
        usdPerGpuHour
        baseUsdPerGpuHour
        floorUsdPerGpuHour
        capUsdPerGpuHour
        minDurationMinutes
        maxDurationMinutes
        status
        version
      }
      replayed
    }
    ... on UserError {
      code
      message
      path
      retryable
    }
    ... on VersionConflictError {
      currentVersion
    }
    ... on ForbiddenError {
      requires
    }
  }
}
    `) as unknown as TypedDocumentString<UpsertOfferMutation, UpsertOfferMutationVariables>;
export const SetGpuStatusDocument = new TypedDocumentString(`
    mutation SetGpuStatus($input: SetGpuStatusInput!) {
  setGpuStatus(input: $input) {
    __typename
    ... on SetGpuStatusSuccess {
      gpu {
        id
        name
        status
        version
      }
    }
    ... on UserError {
      code
      message
      path
      retryable
    }
    ... on StateConflictError {
      currentStatus
    }
    ... on VersionConflictError {
      currentVersion
    }
    ... on ForbiddenError {
      requires
    }
  }
}
    `) as unknown as TypedDocumentString<SetGpuStatusMutation, SetGpuStatusMutationVariables>;
export const SetProviderStatusDocument = new TypedDocumentString(`
    mutation SetProviderStatus($input: SetProviderStatusInput!) {
  setProviderStatus(input: $input) {
    __typename
    ... on SetProviderStatusSuccess {
      provider {
        id
        slug
        name
        status
      }
      affectedGpus
    }
    ... on UserError {
      code
      message
      path
      retryable
    }
    ... on ForbiddenError {
      requires
    }
  }
}
    `) as unknown as TypedDocumentString<SetProviderStatusMutation, SetProviderStatusMutationVariables>;
export const ReplayUnitsDocument = new TypedDocumentString(`
    query ReplayUnits($first: Int!, $after: String, $filter: GpuFilter) {
  gpus(
    first: $first
    after: $after
    filter: $filter
    orderBy: {field: CREATED_AT}
  ) {
    nodes {
      id
      name
      status
      gpuCount
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<ReplayUnitsQuery, ReplayUnitsQueryVariables>;
export const ReplayBookingDocument = new TypedDocumentString(`
    mutation ReplayBooking($input: CreateBookingInput!) {
  createBooking(input: $input) {
    __typename
    ... on UserError {
      code
      message
    }
    ... on GpuUnavailableError {
      alternatives(first: 3) {
        id
        name
        gpuCount
      }
    }
    ... on CreateBookingSuccess {
      booking {
        id
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ReplayBookingMutation, ReplayBookingMutationVariables>;
export const ReplayBookingsDocument = new TypedDocumentString(`
    query ReplayBookings($after: String) {
  bookings(first: 100, after: $after, status: [HELD, CONFIRMED, ACTIVE]) {
    edges {
      node {
        id
        gpu {
          id
        }
        period {
          start
          end
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<ReplayBookingsQuery, ReplayBookingsQueryVariables>;
export const ReplayPriceDocument = new TypedDocumentString(`
    mutation ReplayPrice($input: UpdatePricingInput!) {
  updatePricing(input: $input) {
    __typename
    ... on UserError {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ReplayPriceMutation, ReplayPriceMutationVariables>;
export const ReplayCandleDocument = new TypedDocumentString(`
    query ReplayCandle($gpuType: String!, $region: String!, $from: DateTime!, $to: DateTime!) {
  candles(gpuType: $gpuType, region: $region, interval: H1, from: $from, to: $to) {
    close
  }
}
    `) as unknown as TypedDocumentString<ReplayCandleQuery, ReplayCandleQueryVariables>;
export const ReplayStatusDocument = new TypedDocumentString(`
    mutation ReplayStatus($input: SetGpuStatusInput!) {
  setGpuStatus(input: $input) {
    __typename
    ... on UserError {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ReplayStatusMutation, ReplayStatusMutationVariables>;
export const ReplayTickerDocument = new TypedDocumentString(`
    subscription ReplayTicker {
  priceTicker(minIntervalMs: 100) {
    __typename
    ... on PriceTick {
      gpuType {
        slug
      }
      region {
        code
      }
      usdPerGpuHour
    }
  }
}
    `) as unknown as TypedDocumentString<ReplayTickerSubscription, ReplayTickerSubscriptionVariables>;