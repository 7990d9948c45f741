import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/domain/cache-event.ts';
import {
  availabilityFromJson,
  availabilityToJson,
  bookingFromJson,
  bookingToJson,
  pricingFromJson,
  pricingToJson,
} from '../../../src/domain/event-data.ts';
import { booking, NOON, unit } from '../../support/domain.ts';

/** What arrives after the outbox and the bus: plain JSON. */
function travelled(data: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(data)) as JsonObject;
}

const { busy: _busy, ...PUSHED } = unit();

describe('the data of an availability event', () => {
  test('carries unit and offer unchanged', () => {
    const data = { unit: PUSHED, previousStatus: 'HELD', reason: 'BOOKED' } as const;
    expect(availabilityFromJson(travelled(availabilityToJson(data)))).toEqual(data);
  });

  test('carries a unit without an offer', () => {
    const data = { unit: { ...PUSHED, offer: null }, previousStatus: 'HELD', reason: 'x' } as const;
    expect(availabilityFromJson(travelled(availabilityToJson(data)))).toEqual(data);
  });

  test('writes money as decimals and instants as ISO-8601', () => {
    const json = availabilityToJson({ unit: PUSHED, previousStatus: 'HELD', reason: 'BOOKED' });
    expect(json['unit']).toMatchObject({
      createdAt: '2026-11-23T12:00:00.000Z',
      offer: { usdPerGpuHour: '2.00', capUsdPerGpuHour: '6.00' },
    });
  });

  test('is null for an import’s event, which names no unit', () => {
    expect(availabilityFromJson({ gpuType: 'h100', region: 'us' })).toBeNull();
  });
});

describe('the data of a price event', () => {
  test.each([1_900_000n, null])('carries price and previous price %s unchanged', (previous) => {
    const data = { gpuType: 'h100', region: 'us', rateMicros: 1n, previousMicros: previous };
    expect(pricingFromJson(travelled(pricingToJson(data)))).toEqual(data);
  });

  test('is null for an event without a price', () => {
    expect(pricingFromJson({ gpuType: 'h100', region: 'us' })).toBeNull();
  });
});

describe('the data of a booking event', () => {
  test('carries the booking unchanged', () => {
    const data = { booking: booking(), change: 'CREATED' } as const;
    expect(bookingFromJson(travelled(bookingToJson(data)))).toEqual(data);
  });

  test('carries a hold and a cancelled booking unchanged', () => {
    const held = booking({ status: 'HELD', holdExpiresAt: NOON + 1 });
    const cancelled = booking({ status: 'CANCELLED', cancelledAt: NOON - 1, refundedMicros: 7n });
    for (const told of [held, cancelled]) {
      const data = { booking: told, change: 'CANCELLED' } as const;
      expect(bookingFromJson(travelled(bookingToJson(data)))).toEqual(data);
    }
  });

  test('is null for an event that tells of no booking', () => {
    expect(bookingFromJson({ unit: {} })).toBeNull();
  });
});
