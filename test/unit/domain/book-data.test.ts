import { describe, expect, test } from 'vitest';
import { bookFromJson, bookToJson, type BookData } from '../../../src/domain/book-data.ts';
import type { JsonObject } from '../../../src/domain/cache-event.ts';
import { emptyCandle } from '../../../src/domain/candle.ts';
import type { Order } from '../../../src/domain/order.ts';
import { HOUR_MS } from '../../../src/domain/time.ts';
import { NOON } from '../../support/domain.ts';

/** What arrives after the outbox and the bus: plain JSON. */
function travelled(data: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(data)) as JsonObject;
}

const ORDER: Order = {
  id: '00000000-0000-4000-8000-000000000001',
  accountId: 'renter',
  gpuType: 'h100',
  region: 'us',
  limitMicros: 1_950_000n,
  quantity: 3,
  gpusPerUnit: null,
  filledQuantity: 1,
  period: { start: NOON, end: NOON + HOUR_MS },
  timeInForce: 'GTC',
  status: 'PARTIALLY_FILLED',
  expiresAt: NOON,
  minTrustTier: 'VERIFIED',
  version: 2,
  createdAt: NOON - 1,
};

const DATA: BookData = {
  gpuType: 'h100',
  region: 'us',
  // Beyond what a JSON number keeps.
  previousSequence: 9_007_199_254_740_993n,
  sequence: 9_007_199_254_740_994n,
  changes: [{ side: 'ASK', rateMicros: 2_000_001n, gpuCount: 8, orderCount: 1 }],
  checksum: '724e9aeb',
  orders: [ORDER, { ...ORDER, expiresAt: null, gpusPerUnit: 8 }],
  fills: [
    {
      id: '00000000-0000-4000-8000-000000000002',
      rateMicros: 2_000_000n,
      gpuCount: 8,
      durationMs: HOUR_MS,
      at: NOON,
    },
  ],
  candles: [{ ...emptyCandle('M1', NOON, 2_000_000n), gpuMs: 28_800_000n, trades: 1 }],
};

describe('the data of an order book event', () => {
  test('carries changes, orders, fills and candles unchanged', () => {
    expect(bookFromJson(travelled(bookToJson(DATA)))).toEqual(DATA);
  });

  test('carries a touch without a change', () => {
    const quiet = { ...DATA, sequence: 7n, previousSequence: 7n, changes: [], orders: [] };
    const touched: BookData = { ...quiet, fills: [], candles: [] };
    expect(bookFromJson(travelled(bookToJson(touched)))).toEqual(touched);
  });

  test('writes money as decimals, sequences as digits and instants as ISO-8601', () => {
    expect(bookToJson(DATA)).toMatchObject({
      sequence: '9007199254740994',
      changes: [{ usdPerGpuHour: '2.000001' }],
      orders: [{ limitUsdPerGpuHour: '1.95', start: '2026-11-23T12:00:00.000Z' }, {}],
      fills: [{ usdPerGpuHour: '2.00', at: '2026-11-23T12:00:00.000Z' }],
      candles: [{ open: '2.00', gpuMs: '28800000' }],
    });
  });

  test('is null for an event that tells of no book', () => {
    expect(bookFromJson({ gpuType: 'h100', region: 'us' })).toBeNull();
  });
});
