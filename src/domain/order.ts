import type { TrustTier } from './catalog.ts';
import type { Micros } from './money.ts';
import type { EpochMs, Interval } from './time.ts';

export const ORDER_STATUSES = [
  'OPEN',
  'PARTIALLY_FILLED',
  'FILLED',
  'CANCELLED',
  'EXPIRED',
] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** The statuses of an order that rests in its book. */
export const OPEN_ORDER_STATUSES = [
  'OPEN',
  'PARTIALLY_FILLED',
] as const satisfies readonly OrderStatus[];

/** GTC rests; IOC fills what it can now and cancels the rest; FOK fills all units now or none. */
export const TIMES_IN_FORCE = ['GTC', 'IOC', 'FOK'] as const;
export type TimeInForce = (typeof TIMES_IN_FORCE)[number];

/** A renter's limit bid for whole units of one pair in one period. */
export interface Order {
  readonly id: string;
  readonly accountId: string;
  readonly gpuType: string;
  readonly region: string;
  /** Highest price that it pays, per GPU-hour. */
  readonly limitMicros: Micros;
  /** Units wanted, 1–100. */
  readonly quantity: number;
  /** Cards that a unit must have; null for units of any size. */
  readonly gpusPerUnit: number | null;
  /** Units got so far. */
  readonly filledQuantity: number;
  readonly period: Interval;
  readonly timeInForce: TimeInForce;
  readonly status: OrderStatus;
  readonly expiresAt: EpochMs | null;
  /** Least tier of a unit that it takes; null for any. */
  readonly minTrustTier: TrustTier | null;
  readonly version: number;
  readonly createdAt: EpochMs;
}

/** One execution: a booking made for an order, at the resting side's price. Carries nothing private. */
export interface Fill {
  readonly id: string;
  readonly rateMicros: Micros;
  readonly gpuCount: number;
  readonly durationMs: number;
  readonly at: EpochMs;
}

export function isOpen({ status }: Pick<Order, 'status'>): boolean {
  return (OPEN_ORDER_STATUSES as readonly OrderStatus[]).includes(status);
}

/** Until when an order may rest: its own end or the start of its period, whichever comes first. */
export function restsUntil({ expiresAt, period }: Pick<Order, 'expiresAt' | 'period'>): EpochMs {
  return expiresAt === null ? period.start : Math.min(expiresAt, period.start);
}

/** The order with so many more units; its version is raised. */
export function withFilled(order: Order, units: number): Order {
  if (units === 0) return order;
  const filledQuantity = order.filledQuantity + units;
  const status = filledQuantity === order.quantity ? 'FILLED' : 'PARTIALLY_FILLED';
  return { ...order, filledQuantity, status, version: order.version + 1 };
}

/** What an order adds to the bids of its book; null when it does not rest. */
export function restingGpus(order: Order): number | null {
  if (!isOpen(order)) return null;
  return (order.quantity - order.filledQuantity) * (order.gpusPerUnit ?? 1);
}
