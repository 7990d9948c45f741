import { randomUUID } from 'node:crypto';
import { isSlug } from '../../domain/catalog.ts';
import { InvalidInputError, NotFoundError } from '../../domain/errors.ts';
import { restsUntil, withFilled, type Order } from '../../domain/order.ts';
import { MINUTE_MS, toIso, type EpochMs } from '../../domain/time.ts';
import type { Viewer } from '../../domain/viewer.ts';
import { lockAccountAndBook } from '../../store/locks.ts';
import { readPlacement, widestDuration, type Placement } from '../../store/match-store.ts';
import { insertOrder } from '../../store/order-store.ts';
import type { PlaceOrderCommand } from '../command-types.ts';
import { idempotentlyAfter, type Remembered } from '../idempotent.ts';
import { requirePeriodInTime, requirePeriodShape } from '../input-rules.ts';
import { requireRange, requireRate } from '../input-rules.ts';
import type { LockedUnit } from '../locked-unit.ts';
import { bookUnits, type Executed } from '../matching/book-units.ts';
import { serveBids } from '../matching/serve-bids.ts';
import { lockBestAsks } from '../matching/take-asks.ts';
import type { UnitOfWork, Work } from '../unit-of-work.ts';

const PERIOD = ['input', 'period'];
const QUANTITY = [1, 100] as const;
const GPUS_PER_UNIT = [1, 1024] as const;
const MAX_OPEN_ORDERS = 200;

/** What is remembered of a placed order: a replay reads it again by these. */
export type PlacedIds = { orderId: string; fillIds: string[]; bookingIds: string[] };

/** An order as it was placed, with what it got at once. */
export interface Placed extends Executed {
  readonly order: Order;
}

/** Bids for units of one pair: takes what it may of the asks now; GTC rests with what is left. */
export async function placeOrder(
  unitOfWork: UnitOfWork,
  { accountId }: Viewer,
  command: PlaceOrderCommand,
): Promise<Remembered<PlacedIds> & { readonly placed: Placed | null }> {
  requireTerms(command);
  const request = { operation: 'placeOrder', accountId, command };
  let placed: Placed | null = null;
  const asked = newOrder(accountId, command);
  const read = async ({ tx }: Work): Promise<Placement> => {
    await lockAccountAndBook(tx, { accountId, key: command.idempotencyKey }, asked);
    return readPlacement(tx, asked);
  };
  const remembered = await idempotentlyAfter(unitOfWork, request, read, async (work, found) => {
    placed = await place(work, asked, found);
    return idsOf(placed);
  });
  return { ...remembered, placed: remembered.replayed ? null : placed };
}

/** The locks of the account and the book are held. */
async function place(work: Work, asked: Order, placement: Placement): Promise<Placed> {
  if (!placement.known) throw unknownPair();
  await requirePlaceable(work, asked, placement);
  if (placement.matchDue) await serveBids(work, asked);
  const order = { ...asked, createdAt: placement.now };
  const { bestAskMicros } = placement;
  const crosses = bestAskMicros !== null && bestAskMicros <= order.limitMicros;
  return execute(work, order, crosses ? await lockBestAsks(work, order) : []);
}

function unknownPair(): NotFoundError {
  return new NotFoundError('The market of this GPU type and region', ['input']);
}

/** What can be said of an order without a clock or the market. */
function requireTerms(command: PlaceOrderCommand): void {
  const { quantity, gpusPerUnit, limitMicros, period, gpuType, region } = command;
  requireRange(quantity, QUANTITY, ['input', 'quantity']);
  if (gpusPerUnit !== null) requireRange(gpusPerUnit, GPUS_PER_UNIT, ['input', 'gpusPerUnit']);
  requireRate(limitMicros, ['input', 'limitUsdPerGpuHour']);
  requirePeriodShape(period, PERIOD);
  if (!isSlug(gpuType) || !isSlug(region)) throw unknownPair();
}

/** An order before anything was decided about it; `createdAt` is the caller's to set. */
function newOrder(accountId: string, command: PlaceOrderCommand): Order {
  const { idempotencyKey: _key, ...terms } = command;
  return {
    ...terms,
    id: randomUUID(),
    accountId,
    filledQuantity: 0,
    status: 'OPEN',
    version: 1,
    createdAt: 0,
  };
}

async function requirePlaceable(
  work: Work,
  order: Order,
  { now, openOrders, lasts }: Placement,
): Promise<void> {
  requirePeriodInTime(order.period, now, PERIOD);
  if (order.expiresAt !== null && order.expiresAt <= now) {
    const message = `An order expires in the future; it is ${toIso(now)} now.`;
    throw new InvalidInputError(message, ['input', 'expiresAt'], 'expiresAt > now');
  }
  if (openOrders >= MAX_OPEN_ORDERS) {
    const message = `An account has at most ${MAX_OPEN_ORDERS} open orders; cancel one first.`;
    throw new InvalidInputError(message, ['input'], `at most ${MAX_OPEN_ORDERS} open orders`);
  }
  if (!lasts) await requireDurationOffered(work, order);
}

/** A pair that offers nothing may offer it later: there the order may rest. */
async function requireDurationOffered(work: Work, order: Order): Promise<void> {
  const widest = await widestDuration(work.tx, order);
  if (!widest) return;
  const [low, high] = widest;
  const minutes = (order.period.end - order.period.start) / MINUTE_MS;
  const message = `No offer of this market is for ${minutes} minutes; the widest range is ${low} to ${high} minutes.`;
  throw new InvalidInputError(message, PERIOD, `${low}-${high} minutes`);
}

/** Stores the order with what it takes of the units that it may have. */
async function execute(work: Work, order: Order, units: readonly LockedUnit[]): Promise<Placed> {
  const allOrNothing = order.timeInForce === 'FOK' && units.length < order.quantity;
  const taken = allOrNothing ? [] : units;
  const placed = settled(order, taken.length, order.createdAt);
  await insertOrder(work.tx, placed);
  const executed = await bookUnits(work, placed, taken, null);
  work.changeOrder(null, placed, placed.createdAt);
  return { order: placed, ...executed };
}

/** The order as it is stored for the first time: with its fills, resting or ended. */
function settled(order: Order, units: number, now: EpochMs): Order {
  const filled = { ...withFilled(order, units), version: 1 };
  if (filled.status === 'FILLED') return filled;
  if (order.timeInForce !== 'GTC') return { ...filled, status: 'CANCELLED' };
  return restsUntil(order) > now ? filled : { ...filled, status: 'EXPIRED' };
}

function idsOf({ order, fills, bookings }: Placed): PlacedIds {
  return {
    orderId: order.id,
    fillIds: fills.map(({ id }) => id),
    bookingIds: bookings.map(({ id }) => id),
  };
}
