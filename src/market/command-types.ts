import type { CacheNamespace } from '../domain/cache-namespace.ts';
import type { ProviderStatus, TrustTier } from '../domain/catalog.ts';
import type { GpuStatus } from '../domain/gpu.ts';
import type { Micros } from '../domain/money.ts';
import type { OfferStatus, PricingMode } from '../domain/offer.ts';
import type { TimeInForce } from '../domain/order.ts';
import type { EpochMs, Interval } from '../domain/time.ts';

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

export interface PlaceOrderCommand {
  readonly idempotencyKey: string;
  readonly gpuType: string;
  readonly region: string;
  readonly quantity: number;
  readonly gpusPerUnit: number | null;
  readonly limitMicros: Micros;
  readonly period: Interval;
  readonly timeInForce: TimeInForce;
  readonly expiresAt: EpochMs | null;
  readonly minTrustTier: TrustTier | null;
}

export interface CancelOrderCommand {
  readonly idempotencyKey: string;
  readonly orderId: string;
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
