import type { PriceLevel } from '../../../src/domain/order-book.ts';
import type { Order } from '../../../src/domain/order.ts';
import { DAY_MS } from '../../../src/domain/time.ts';
import { NOON } from './world.ts';

/** An order of the account `renter` for three units of a100@east. */
export const ORDER: Order = {
  id: '0f8fad5b-d9cb-469f-a165-70867728950e',
  accountId: 'renter',
  gpuType: 'a100',
  region: 'east',
  limitMicros: 2_000_000n,
  quantity: 3,
  gpusPerUnit: null,
  filledQuantity: 0,
  period: { start: NOON, end: NOON + DAY_MS },
  timeInForce: 'GTC',
  status: 'OPEN',
  expiresAt: null,
  minTrustTier: null,
  version: 1,
  createdAt: NOON,
};

export function bid(rateMicros: bigint, gpuCount: number): PriceLevel {
  return { rateMicros, gpuCount, orderCount: 1 };
}
