import type { Booking } from '../../src/domain/booking.ts';
import type { Unit } from '../../src/domain/gpu.ts';
import type { Offer } from '../../src/domain/offer.ts';
import type { Order } from '../../src/domain/order.ts';
import { HOUR_MS } from '../../src/domain/time.ts';

/** Complete nouns with ordinary values, for tests that care about a few fields only. */

/** 2026-11-23T12:00:00Z */
export const NOON = Date.UTC(2026, 10, 23, 12);

export function offer(change: Partial<Offer> = {}): Offer {
  return {
    gpuId: 'us-east-1/h100-sxm/0042',
    mode: 'FIXED',
    rateMicros: 2_000_000n,
    baseMicros: 2_000_000n,
    floorMicros: 1_000_000n,
    capMicros: 6_000_000n,
    minDurationMinutes: 60,
    maxDurationMinutes: 43_200,
    status: 'ACTIVE',
    version: 3,
    ...change,
  };
}

export function unit(change: Partial<Unit> = {}): Unit {
  return {
    id: 'us-east-1/h100-sxm/0042',
    gpuType: 'h100-sxm',
    region: 'us-east-1',
    provider: 'acme',
    gpuCount: 8,
    cpuCores: 96,
    ramGb: 768,
    diskGb: null,
    trustTier: 'VERIFIED',
    reliability: 0.995,
    status: 'AVAILABLE',
    version: 7,
    createdAt: NOON,
    offer: offer(),
    busy: [],
    ...change,
  };
}

/** A confirmed booking of 8 cards at 2 USD for 3 hours from {@link NOON}, made the day before: 48 USD. */
export function booking(change: Partial<Booking> = {}): Booking {
  return {
    id: '00000000-0000-4000-8000-000000000001',
    gpuId: 'us-east-1/h100-sxm/0042',
    accountId: 'renter-1',
    status: 'CONFIRMED',
    period: { start: NOON, end: NOON + 3 * HOUR_MS },
    rateMicros: 2_000_000n,
    gpuCount: 8,
    totalMicros: 48_000_000n,
    refundedMicros: 0n,
    holdExpiresAt: null,
    version: 1,
    createdAt: NOON - 24 * HOUR_MS,
    cancelledAt: null,
    orderId: null,
    ...change,
  };
}

/** A resting bid of 2 USD for one unit of any size, from 18:00 to 20:00, placed at {@link NOON}. */
export function order(change: Partial<Order> = {}): Order {
  return {
    id: '00000000-0000-4000-8000-000000000002',
    accountId: 'renter-1',
    gpuType: 'h100-sxm',
    region: 'us-east-1',
    limitMicros: 2_000_000n,
    quantity: 1,
    gpusPerUnit: null,
    filledQuantity: 0,
    period: { start: NOON + 6 * HOUR_MS, end: NOON + 8 * HOUR_MS },
    timeInForce: 'GTC',
    status: 'OPEN',
    expiresAt: null,
    minTrustTier: null,
    version: 1,
    createdAt: NOON,
    ...change,
  };
}
