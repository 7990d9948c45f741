import { describe, expect, test } from 'vitest';
import type { Booking } from '../../../../src/domain/booking.ts';
import type { Unit } from '../../../../src/domain/gpu.ts';
import type { Order } from '../../../../src/domain/order.ts';
import { HOUR_MS, MINUTE_MS } from '../../../../src/domain/time.ts';
import { isEligible } from '../../../../src/market/matching/eligibility.ts';
import { booking, NOON, offer, order, unit } from '../../../support/domain.ts';

/** Bookings of the unit from one instant to another, in hours from noon. */
function taken(from: number, to: number, change: Partial<Booking> = {}): Booking {
  const period = { start: NOON + from * HOUR_MS, end: NOON + to * HOUR_MS };
  return booking({ period, ...change });
}

/** At noon an order bids 2 USD for 18 to 20 o'clock; the unit asks 2 USD and is free. */
function eligible(
  change: {
    readonly order?: Partial<Order>;
    readonly unit?: Partial<Unit>;
    readonly bookings?: readonly Booking[];
  } = {},
): boolean {
  const slot = { unit: unit(change.unit), bookings: change.bookings ?? [], now: NOON };
  return isEligible(order(change.order), slot);
}

describe('an order may take a unit', () => {
  test('that asks no more than its limit and suits it in every way', () => {
    expect(eligible()).toBe(true);
    expect(eligible({ order: { gpusPerUnit: 8, minTrustTier: 'VERIFIED' } })).toBe(true);
  });

  test.each<[string, Parameters<typeof eligible>[0]]>([
    ['asks more', { unit: { offer: offer({ rateMicros: 2_000_001n }) } }],
    ['is not offered', { unit: { offer: null } }],
    ['is offered no longer', { unit: { offer: offer({ status: 'PAUSED' }) } }],
    ['is off', { unit: { status: 'MAINTENANCE' } }],
    ['is booked now', { unit: { status: 'BOOKED' } }],
    ['is of another size', { order: { gpusPerUnit: 4 } }],
    ['is of a lower tier', { order: { minTrustTier: 'DATACENTER' } }],
    ['is its own', { order: { accountId: 'acme' } }],
    ['is offered for shorter', { unit: { offer: offer({ maxDurationMinutes: 119 }) } }],
    ['is offered for longer', { unit: { offer: offer({ minDurationMinutes: 121 }) } }],
    ['is taken in a part of the period', { bookings: [taken(7, 9)] }],
    ['is taken within the hour', { bookings: [taken(0.5, 2)] }],
  ])('but not one that %s', (_what, change) => {
    expect(eligible(change)).toBe(false);
  });

  test('between two bookings, and after a hold that has run out', () => {
    expect(eligible({ bookings: [taken(1, 6), taken(8, 9)] })).toBe(true);
    const hold = { status: 'HELD', holdExpiresAt: NOON - MINUTE_MS } as const;
    expect(eligible({ bookings: [taken(6, 8, hold)] })).toBe(true);
  });
});
