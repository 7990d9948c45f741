import type {
  CacheEvent,
  CacheEventType,
  JsonObject,
  SequencedEvent,
} from '../../../src/domain/cache-event.ts';
import {
  availabilityToJson,
  bookingToJson,
  pricingToJson,
} from '../../../src/domain/event-data.ts';
import { bookToJson, type BookData } from '../../../src/domain/book-data.ts';
import type { LevelChange, OrderSide } from '../../../src/domain/order-book.ts';
import type { Order } from '../../../src/domain/order.ts';
import { partitionOf } from '../../../src/domain/partition.ts';
import type { Booking } from '../../../src/domain/booking.ts';

/** Events as the log brings them. */

export const BASE = 1_000_000n;

let count = 0;

export function event(
  type: CacheEventType,
  region: string,
  data: JsonObject,
  over: Partial<CacheEvent> = {},
): SequencedEvent {
  count += 1;
  return {
    partition: partitionOf(region),
    base: BASE,
    sequence: BASE + BigInt(count),
    event: {
      eventId: `event-${count}`,
      type,
      resourceId: 'resource',
      data,
      timestamp: 0,
      sourceNode: 'test',
      affectedNamespaces: ['GPU_AVAILABILITY'],
      keys: [],
      region,
      version: null,
      ...over,
    },
  };
}

function micros(usd: number): bigint {
  return BigInt(Math.round(usd * 1e6));
}

export function priceEvent(
  gpuType: string,
  region: string,
  usd: number,
  previousUsd: number | null = null,
): SequencedEvent {
  const previousMicros = previousUsd === null ? null : micros(previousUsd);
  return event(
    'PRICING_UPDATED',
    region,
    pricingToJson({ gpuType, region, rateMicros: micros(usd), previousMicros }),
  );
}

export function unitEvent(
  gpuType: string,
  region: string,
  over: Partial<CacheEvent> = {},
): SequencedEvent {
  const id = `${region}/${gpuType}/0001`;
  const unit = {
    id,
    gpuType,
    region,
    provider: 'acme',
    gpuCount: 8,
    cpuCores: null,
    ramGb: null,
    diskGb: null,
    trustTier: 'VERIFIED',
    reliability: null,
    providerStatus: 'ONLINE',
    status: 'BOOKED',
    version: 2,
    createdAt: 0,
    offer: null,
  } as const;
  const key = { namespace: 'GPU_AVAILABILITY', key: `gpu:${id}`, region } as const;
  const data = availabilityToJson({ unit, previousStatus: 'AVAILABLE', reason: 'BOOKED' });
  return event('GPU_AVAILABILITY_CHANGED', region, data, { keys: [key], resourceId: id, ...over });
}

export function bookingEvent(accountId: string, id: string): SequencedEvent {
  const booking: Booking = {
    id,
    gpuId: 'eu/h100/0001',
    accountId,
    status: 'CONFIRMED',
    period: { start: 0, end: 3_600_000 },
    rateMicros: 1n,
    gpuCount: 1,
    totalMicros: 1n,
    refundedMicros: 0n,
    holdExpiresAt: null,
    version: 1,
    createdAt: 0,
    cancelledAt: null,
    orderId: null,
  };
  return event('BOOKING_CREATED', 'eu', bookingToJson({ booking, change: 'CREATED' }));
}

export function level(side: OrderSide, usd: number, gpuCount: number): LevelChange {
  return { side, rateMicros: micros(usd), gpuCount, orderCount: gpuCount === 0 ? 0 : 1 };
}

/** An update of the book h100@eu: by its sequence, the one that `changes` lead to. */
export function bookEvent(
  sequence: number,
  changes: readonly LevelChange[],
  over: Partial<BookData> = {},
): SequencedEvent {
  const data: BookData = {
    gpuType: 'h100',
    region: 'eu',
    previousSequence: BigInt(changes.length === 0 ? sequence : sequence - 1),
    sequence: BigInt(sequence),
    changes,
    checksum: '',
    orders: [],
    fills: [],
    candles: [],
    ...over,
  };
  const pair = `${data.gpuType}@${data.region}`;
  return event('ORDER_BOOK_UPDATED', data.region, bookToJson(data), { resourceId: pair });
}

export function order(id: string, accountId: string, over: Partial<Order> = {}): Order {
  return {
    id,
    accountId,
    gpuType: 'h100',
    region: 'eu',
    limitMicros: micros(2),
    quantity: 1,
    gpusPerUnit: null,
    filledQuantity: 0,
    period: { start: 0, end: 3_600_000 },
    timeInForce: 'GTC',
    status: 'OPEN',
    expiresAt: null,
    minTrustTier: null,
    version: 1,
    createdAt: 0,
    ...over,
  };
}
