import { NotFoundError, UserError } from '../domain/errors.ts';
import type { Order } from '../domain/order.ts';
import type { Viewer } from '../domain/viewer.ts';
import { findBookings } from '../store/booking-store.ts';
import type { Db } from '../store/database.ts';
import { orUnavailable } from '../store/failures.ts';
import { findFill, findFills, recentFills } from '../store/fill-store.ts';
import { findOrder } from '../store/order-store.ts';
import type { Accounts } from './accounts.ts';
import { cancelOrder } from './commands/cancel-order.ts';
import { placeOrder, type Placed, type PlacedIds } from './commands/place-order.ts';
import type { PlaceOrderCommand } from './command-types.ts';
import { pageFills, visibleOrder, visibleOrders } from './orders.ts';
import type { Market, PlaceOrderOutcome } from './types.ts';
import type { UnitOfWork } from './unit-of-work.ts';

export interface OrdersDeps {
  readonly db: Db;
  readonly unitOfWork: UnitOfWork;
  readonly accounts: Accounts;
  /** Told of every attempt to place: the order's status, `replayed` or the refusal's code, in lower case. */
  readonly onOrder: (result: string) => void;
}

type OrderUseCases = Pick<
  Market,
  'placeOrder' | 'cancelOrder' | 'order' | 'orders' | 'fillsOfOrder' | 'recentFills' | 'fill'
>;

/** The use cases of orders and fills. */
export function createOrders(deps: OrdersDeps): OrderUseCases {
  const { db, unitOfWork } = deps;

  async function orderNow(id: string): Promise<Order> {
    const order = await orUnavailable(() => findOrder(db, id));
    if (!order) throw new NotFoundError('The order');
    return order;
  }

  async function placedBefore(ids: PlacedIds): Promise<Placed> {
    const [order, fills, bookings] = await Promise.all([
      orderNow(ids.orderId),
      orUnavailable(() => findFills(db, ids.fillIds)),
      orUnavailable(() => findBookings(db, ids.bookingIds)),
    ]);
    return { order, fills, bookings };
  }

  async function place(viewer: Viewer, command: PlaceOrderCommand): Promise<PlaceOrderOutcome> {
    await deps.accounts.ensure(viewer);
    const { answer, placed, replayed } = await placeOrder(unitOfWork, viewer, command);
    return { ...(placed ?? (await placedBefore(answer))), replayed };
  }

  return {
    placeOrder: async (viewer, command) => {
      try {
        const outcome = await place(viewer, command);
        deps.onOrder(outcome.replayed ? 'replayed' : outcome.order.status.toLowerCase());
        return outcome;
      } catch (error) {
        deps.onOrder(error instanceof UserError ? error.code.toLowerCase() : 'failed');
        throw error;
      }
    },
    cancelOrder: async (viewer, command) => {
      const { answer, replayed } = await cancelOrder(unitOfWork, viewer, command);
      return { order: await orderNow(answer.orderId), replayed };
    },
    order: (viewer, id) => visibleOrder(db, viewer, id),
    orders: (viewer, page) => visibleOrders(db, viewer, page),
    fillsOfOrder: (orderId, first, after) => pageFills(db, orderId, first, after),
    recentFills: (pair, first) => orUnavailable(() => recentFills(db, pair, first)),
    fill: (id) => orUnavailable(() => findFill(db, id)),
  };
}
