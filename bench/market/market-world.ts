import { randomUUID } from 'node:crypto';
import type { Pair } from '../../src/domain/catalog.ts';
import { unitId } from '../../src/domain/gpu.ts';
import { HOUR_MS, MINUTE_MS, floorMinute, type Interval } from '../../src/domain/time.ts';
import type { Viewer } from '../../src/domain/viewer.ts';
import type { PlaceOrderCommand } from '../../src/market/command-types.ts';
import type { UnitTerms } from '../../test/support/exchange/commands.ts';
import { microsOf } from '../../test/support/exchange/scale.ts';
import { pairOfStory, seedStory } from '../../test/support/exchange/story-seed.ts';
import { bookingOf } from '../../test/support/market-commands.ts';
import { startMarketNode, type MarketNode } from '../../test/support/market-node.ts';
import { startPostgres, type TestPostgres } from '../../test/support/postgres-server.ts';

/** The ask of every unit; bids that are to rest stay below. */
export const ASK_CENTS = 200;
export const UNITS_PER_BOOK = 50;
/** So many that operations at once are of different ones, and none reaches its limit of open orders. */
export const RENTERS = 64;
/** Bids rest at so many different prices. */
const BID_LEVELS = 100;

const UNIT: UnitTerms = {
  provider: 'house',
  gpuCount: 8,
  trustTier: 'VERIFIED',
  dynamic: false,
  cents: ASK_CENTS,
  durations: [60, 43_200],
};

/** A real market on a PostgreSQL of its own, with equal books that the operations go round. */
export interface MarketWorld {
  readonly postgres: TestPostgres;
  readonly node: MarketNode;
  readonly books: readonly Pair[];
  stop(): Promise<void>;
}

export async function startMarketWorld(books: number): Promise<MarketWorld> {
  const postgres = await startPostgres();
  const node = await startMarketNode({ database: { url: postgres.url } });
  const pairs = Array.from({ length: books }, (_, index) => pairOfStory(`bench-${index}`));
  const units = Array.from({ length: UNITS_PER_BOOK }, () => UNIT);
  for (const pair of pairs) await seedStory(node.db, pair, units);
  const stop = async (): Promise<void> => {
    await node.stop();
    await postgres.stop();
  };
  return { postgres, node, books: pairs, stop };
}

const ORIGIN = floorMinute(Date.now());

/** Hour-long periods from tomorrow on: a unit that is taken then stays in the book. */
export function slot(number: number): Interval {
  const start = ORIGIN + 24 * HOUR_MS + number * 90 * MINUTE_MS;
  return { start, end: start + HOUR_MS };
}

/** The `number`th operation on equal books: which book, unit and slot it is about. */
export function placeOf({ books }: Pick<MarketWorld, 'books'>, number: number) {
  const pair = books[number % books.length];
  if (!pair) throw new Error('there are no books');
  const turn = Math.floor(number / books.length);
  const period = slot(Math.floor(turn / UNITS_PER_BOOK));
  return { pair, unit: unitId(pair, 1 + (turn % UNITS_PER_BOOK)), period };
}

export function renter(name: string): Viewer {
  return { role: 'RENTER', accountId: name, expiresAt: Date.now() + HOUR_MS };
}

function orderOf(pair: Pair, change: Partial<PlaceOrderCommand>): PlaceOrderCommand {
  return {
    idempotencyKey: randomUUID(),
    ...pair,
    quantity: 1,
    gpusPerUnit: null,
    limitMicros: microsOf(ASK_CENTS),
    period: slot(0),
    timeInForce: 'GTC',
    expiresAt: null,
    minTrustTier: null,
    ...change,
  };
}

/** Places a bid that rests; returns what takes it back. */
export async function rest(
  { node, ...world }: MarketWorld,
  number: number,
): Promise<() => Promise<unknown>> {
  const { pair } = placeOf(world, number);
  const limitMicros = microsOf(1 + (number % BID_LEVELS));
  const viewer = renter(`renter-${number % RENTERS}`);
  const { order } = await node.market.placeOrder(viewer, orderOf(pair, { limitMicros }));
  const cancellation = { idempotencyKey: randomUUID(), orderId: order.id };
  return () => node.market.cancelOrder(viewer, cancellation);
}

/** Buys one unit from the book. */
export async function cross({ node, ...world }: MarketWorld, number: number): Promise<void> {
  const { pair, period } = placeOf(world, number);
  const command = orderOf(pair, { period, timeInForce: 'IOC' });
  const { order } = await node.market.placeOrder(renter(`renter-${number % RENTERS}`), command);
  if (order.status !== 'FILLED') throw new Error(`order ${number} ended ${order.status}`);
}

const DIRECTLY_LATER_MS = 45 * 24 * HOUR_MS;

/** What direct bookings take in place of a slot, so that they never meet crossing orders. */
export function directly({ start, end }: Interval): Interval {
  return { start: start + DIRECTLY_LATER_MS, end: end + DIRECTLY_LATER_MS };
}

/** Books one unit directly. */
export function book({ node, ...world }: MarketWorld, number: number): Promise<unknown> {
  const { unit, period } = placeOf(world, number);
  const command = bookingOf(unit, directly(period), { idempotencyKey: randomUUID() });
  return node.market.createBooking(renter(`renter-${number % RENTERS}`), command);
}
