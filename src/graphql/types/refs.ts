import type { AvailabilitySummary } from '../../domain/availability.ts';
import type { Booking, CancellationTerms } from '../../domain/booking.ts';
import type { SequencedEvent } from '../../domain/cache-event.ts';
import type { CandleState } from '../../domain/candle.ts';
import type { GpuType, Provider, Region } from '../../domain/catalog.ts';
import type { EdgeNode } from '../../domain/edge-node.ts';
import type { NodeHealth } from '../../domain/node-health.ts';
import type { PushedUnit } from '../../domain/event-data.ts';
import type { Unit } from '../../domain/gpu.ts';
import type { MarketStats } from '../../domain/market-stats.ts';
import type { Offer } from '../../domain/offer.ts';
import type { Fill, Order } from '../../domain/order.ts';
import type { Price } from '../../domain/price.ts';
import type { Quote } from '../../domain/quote.ts';
import type { Interval } from '../../domain/time.ts';
import type { Account } from '../../domain/viewer.ts';
import type { StreamChange } from '../../live/types.ts';
import type { Cached } from '../../market/types.ts';
import { builder } from '../builder.ts';
import type { Freshness } from '../freshness.ts';

/**
 * The types that refer to each other, each with what stands behind it. They are filled in one file
 * per noun; naming them here first keeps those files free of import cycles.
 */
export const RegionRef = builder.objectRef<Region>('Region');
export const GpuTypeRef = builder.objectRef<GpuType>('GpuType');
export const AvailabilitySummaryRef =
  builder.objectRef<Cached<AvailabilitySummary>>('AvailabilitySummary');
/** Read from the cache with its busy intervals, or pushed without them. */
export const GpuRef = builder.objectRef<Cached<Unit | PushedUnit>>('Gpu');
export const ProviderRef = builder.objectRef<Cached<Provider>>('Provider');
export const OfferRef = builder.objectRef<Offer>('Offer');
export const PriceRef = builder.objectRef<Cached<Price>>('Price');
export const QuoteRef = builder.objectRef<Quote>('Quote');
export const BookingRef = builder.objectRef<Booking>('Booking');
export const CancellationQuoteRef = builder.objectRef<CancellationTerms>('CancellationQuote');
export const OrderRef = builder.objectRef<Order>('Order');
export const FillRef = builder.objectRef<Fill>('Fill');
export const CandleRef = builder.objectRef<CandleState>('Candle');
export const MarketStatsRef = builder.objectRef<Cached<MarketStats>>('MarketStats');
export const AccountRef = builder.objectRef<Account>('Account');
export const CacheEventRef =
  builder.objectRef<Omit<StreamChange<SequencedEvent>, 'kind'>>('CacheEvent');
export const EdgeNodeRef = builder.objectRef<EdgeNode>('EdgeNode');
export const CacheHealthRef = builder.objectRef<NodeHealth>('CacheHealth');
export const FreshnessRef = builder.objectRef<Freshness>('Freshness');
export const TimeWindowRef = builder.objectRef<Interval>('TimeWindow');
