import type { StockLevel } from '../../domain/availability.ts';
import type { BookingStatus } from '../../domain/booking.ts';
import type { CacheEventType } from '../../domain/cache-event.ts';
import type { CacheNamespace } from '../../domain/cache-namespace.ts';
import type { NodeTier } from '../../domain/edge-node.ts';
import type { HealthStatus } from '../../domain/node-health.ts';
import type { GpuVendor, Interconnect, ProviderStatus, TrustTier } from '../../domain/catalog.ts';
import type { ErrorCode } from '../../domain/errors.ts';
import type { GpuStatus } from '../../domain/gpu.ts';
import type { OfferStatus, PricingMode } from '../../domain/offer.ts';
import type { Role } from '../../domain/viewer.ts';
import type { Freshness } from '../freshness.ts';
import type { CandleInterval } from '../../domain/candle.ts';
import type { OrderSide } from '../../domain/order-book.ts';
import type { OrderStatus, TimeInForce } from '../../domain/order.ts';
import type { GpuOrder, GpuOrderField } from '../gpu-query.ts';
import { builder } from '../builder.ts';

/** An enum whose values are the domain's own names; leaving one out does not compile. */
function describedEnum<V extends string>(
  name: string,
  description: string,
  meanings: Readonly<Record<V, string>>,
) {
  const values = Object.fromEntries(
    Object.entries<string>(meanings).map(([value, meaning]) => [value, { description: meaning }]),
  ) as Record<V, { description: string }>;
  return builder.enumType(name, { description, values });
}

export const RoleEnum = describedEnum<Role>('Role', 'What an account may do.', {
  PUBLIC: 'Anybody: reads the catalogue, availability, prices and quotes.',
  RENTER: 'Holds, books and cancels; sees its own bookings.',
  PROVIDER: 'Offers its own units and sets their status.',
  OPERATOR: 'Overrides prices, invalidates caches, and may do everything above.',
});

export const GpuStatusEnum = describedEnum<GpuStatus>('GpuStatus', 'The state of a unit now.', {
  AVAILABLE: 'Nobody has it now.',
  HELD: 'A hold covers this moment.',
  BOOKED: 'A booking covers this moment.',
  OFFLINE: 'It, or its whole provider, is switched off.',
  MAINTENANCE: 'Its provider works on it.',
});

export const ProviderStatusEnum = describedEnum<ProviderStatus>(
  'ProviderStatus',
  'The state of a provider; OFFLINE and SUSPENDED take its units with them.',
  {
    ONLINE: 'Everything works.',
    DEGRADED: 'Works with trouble; its units can be booked.',
    OFFLINE: 'Does not serve at the moment.',
    SUSPENDED: 'Was taken out of the market.',
  },
);

export const GpuVendorEnum = describedEnum<GpuVendor>('GpuVendor', 'Who makes a GPU.', {
  NVIDIA: 'NVIDIA.',
  AMD: 'AMD.',
  INTEL: 'Intel.',
  OTHER: 'Somebody else, or unknown.',
});

export const InterconnectEnum = describedEnum<Interconnect>(
  'Interconnect',
  'How the cards of a unit are connected.',
  {
    PCIE: 'PCI Express cards.',
    SXM: 'SXM modules.',
    NVLINK: 'PCI Express cards with NVLink bridges.',
    OAM: 'OCP accelerator modules.',
    UNKNOWN: 'Not told by the source of the catalogue.',
  },
);

export const TrustTierEnum = describedEnum<TrustTier>(
  'TrustTier',
  'How far the place of a unit is vouched for.',
  {
    COMMUNITY: 'Run by an individual, not verified.',
    VERIFIED: 'Run by a verified host.',
    DATACENTER: 'Run in a data centre.',
  },
);

export const StockLevelEnum = describedEnum<StockLevel>(
  'StockLevel',
  'Available units as a share of the rentable ones.',
  { NONE: 'None.', LOW: 'Less than 20 %.', MEDIUM: 'Less than 50 %.', HIGH: '50 % or more.' },
);

export const CacheLayerEnum = describedEnum<Freshness['servedFrom'] | 'RESPONSE'>(
  'CacheLayer',
  'Where an answer came from.',
  {
    RESPONSE: 'The whole-answer cache.',
    L1: 'The memory of the node that answered.',
    L2: 'The cache that the nodes share.',
    DATABASE: 'The system of record.',
  },
);

export const PricingModeEnum = describedEnum<PricingMode>(
  'PricingMode',
  'How an offer is priced.',
  {
    FIXED: 'Always its base price.',
    DYNAMIC: 'Its base times the multiplier of its market, between its floor and cap.',
  },
);

export const OfferStatusEnum = describedEnum<OfferStatus>(
  'OfferStatus',
  'Whether an offer stands.',
  {
    ACTIVE: 'The unit can be booked at this offer.',
    PAUSED: 'For the moment the unit cannot be booked.',
    WITHDRAWN: 'The provider took it back.',
  },
);

export const BookingStatusEnum = describedEnum<BookingStatus>(
  'BookingStatus',
  'HELD becomes CONFIRMED or EXPIRED, CONFIRMED becomes ACTIVE, ACTIVE becomes COMPLETED.',
  {
    HELD: 'Reserved for a moment, free to cancel.',
    CONFIRMED: 'Booked; its period has not begun.',
    ACTIVE: 'Its period is under way.',
    COMPLETED: 'Its period has ended.',
    CANCELLED: 'Cancelled by its renter or an operator.',
    EXPIRED: 'A hold that nobody confirmed in time.',
  },
);

export const OrderSideEnum = describedEnum<OrderSide>('OrderSide', 'A side of an order book.', {
  BID: 'What renters would pay.',
  ASK: 'What providers ask for.',
});

export const OrderStatusEnum = describedEnum<OrderStatus>(
  'OrderStatus',
  'OPEN becomes PARTIALLY_FILLED and FILLED; what rests can be cancelled, and expires.',
  {
    OPEN: 'Rests in its book; nothing is filled.',
    PARTIALLY_FILLED: 'Rests in its book; some units are filled.',
    FILLED: 'All units are filled.',
    CANCELLED: 'Cancelled by its renter, or the rest of an IOC or FOK order.',
    EXPIRED: 'Its `expiresAt` or the start of its period has passed.',
  },
);

export const TimeInForceEnum = describedEnum<TimeInForce>(
  'TimeInForce',
  'GTC rests until cancelled or its delivery start passes; IOC fills what it can now; FOK fills all units now or none.',
  {
    GTC: 'Good till cancelled: rests until it is filled, cancelled or expired.',
    IOC: 'Immediate or cancel: fills what it can now, the rest is cancelled.',
    FOK: 'Fill or kill: fills all units now or none.',
  },
);

export const CandleIntervalEnum = describedEnum<CandleInterval>(
  'CandleInterval',
  'How long the bucket of a candle is.',
  {
    M1: 'A minute.',
    M5: 'Five minutes.',
    M15: 'A quarter of an hour.',
    H1: 'An hour.',
    H4: 'Four hours.',
    D1: 'A day in UTC.',
  },
);

export const ErrorCodeEnum = describedEnum<ErrorCode>('ErrorCode', 'Why a request was refused.', {
  INVALID_INPUT: 'An argument is out of its range.',
  NOT_FOUND: 'Nothing of that id is there for you.',
  FORBIDDEN: 'It belongs to somebody else.',
  GPU_UNAVAILABLE: 'The unit cannot be had in that period.',
  PRICE_CHANGED: 'The price or fee is above what you agreed to.',
  QUOTE_EXPIRED: 'The quote has run out.',
  VERSION_CONFLICT: 'It changed since you read it.',
  IDEMPOTENCY_KEY_REUSED: 'The key was used with other input.',
  IDEMPOTENCY_IN_PROGRESS: 'The first request with this key is still under way.',
  STATE_CONFLICT: 'Its status does not allow the step.',
});

export const GpuOrderFieldEnum = describedEnum<GpuOrderField>(
  'GpuOrderField',
  'What units are sorted by; equal ones follow each other by name.',
  {
    USD_PER_GPU_HOUR: 'The price of its offer; units without an offer come last.',
    RELIABILITY: 'Its reliability; unmeasured ones come last.',
    VRAM_GB: 'The memory of one of its cards.',
    CREATED_AT: 'When it entered the catalogue.',
  },
);

export const OrderDirectionEnum = describedEnum<GpuOrder['direction']>(
  'OrderDirection',
  'Which end of a sorted list comes first.',
  { ASC: 'Smallest or earliest first.', DESC: 'Largest or latest first.' },
);

export const CacheEventTypeEnum = describedEnum<CacheEventType>(
  'CacheEventType',
  'The eight event types of the caching strategy; the wire value is the lower-case name.',
  {
    GPU_AVAILABILITY_CHANGED: 'A unit has a new version: its status, offer or periods changed.',
    PRICING_UPDATED: 'A reference price or an offer changed.',
    BOOKING_CREATED: 'A booking was made.',
    BOOKING_CANCELLED: 'A booking was cancelled.',
    PROVIDER_STATUS_CHANGED: 'A provider went up, down or was changed.',
    MARKET_STATS_UPDATED: 'The statistics of a market changed.',
    ORDER_BOOK_UPDATED: 'An order book changed.',
    MANUAL_INVALIDATION: 'An operator dropped cached values.',
  },
);

export const CacheNamespaceEnum = describedEnum<CacheNamespace>(
  'CacheNamespace',
  'The six kinds of cached data, each with its own lifetime.',
  {
    GPU_AVAILABILITY: 'Units, lists of units and availability summaries.',
    GPU_PRICING: 'Reference prices.',
    ORDER_BOOK: 'Order books.',
    PROVIDER_STATUS: 'Providers.',
    MARKET_STATS: 'Market statistics.',
    HISTORICAL: 'History, which only grows.',
  },
);

export const NodeTierEnum = describedEnum<NodeTier>(
  'NodeTier',
  'How much an edge node keeps in its memory.',
  { EDGE: 'A little, near the users.', REGIONAL: 'More, for a region.', GLOBAL: 'The most.' },
);

export const HealthStatusEnum = describedEnum<HealthStatus>('HealthStatus', 'How something is.', {
  OK: 'As it should be.',
  DEGRADED: 'Beyond a warning threshold.',
  CRITICAL: 'Beyond a critical threshold, or not working.',
});
