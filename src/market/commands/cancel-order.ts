import { NotFoundError, StateConflictError } from '../../domain/errors.ts';
import { isOpen, restsUntil, type Order } from '../../domain/order.ts';
import type { Viewer } from '../../domain/viewer.ts';
import { databaseNow, lockBook } from '../../store/locks.ts';
import { findOrder, updateOrder } from '../../store/order-store.ts';
import { idempotently, type Remembered } from '../idempotent.ts';
import type { CancelOrderCommand } from '../command-types.ts';
import { mayTouchOrder } from '../orders.ts';
import type { UnitOfWork, Work } from '../unit-of-work.ts';

const ORDER_ID = ['input', 'orderId'];

/** Takes an open order out of its book; what it has got already stays booked. */
export async function cancelOrder(
  unitOfWork: UnitOfWork,
  viewer: Viewer,
  command: CancelOrderCommand,
): Promise<Remembered<{ orderId: string }>> {
  const { accountId } = viewer;
  return idempotently(
    unitOfWork,
    { operation: 'cancelOrder', accountId, command },
    async (work) => {
      const order = await lockOwnOrder(work, viewer, command.orderId);
      const now = await databaseNow(work.tx);
      requireResting(order, now);
      const cancelled: Order = { ...order, status: 'CANCELLED', version: order.version + 1 };
      await updateOrder(work.tx, cancelled);
      work.changeOrder(order, cancelled, now);
      return { orderId: order.id };
    },
  );
}

/**
 * Locks the book of one of the viewer's orders and reads the order under the lock.
 * @throws NotFoundError for a foreign order too: that it exists is nobody's business.
 */
async function lockOwnOrder(work: Work, viewer: Viewer, id: string): Promise<Order> {
  const found = await findOrder(work.tx, id);
  if (!found || !mayTouchOrder(viewer, found)) throw new NotFoundError('The order', ORDER_ID);
  await lockBook(work.tx, found);
  const order = await findOrder(work.tx, id);
  if (!order) throw new NotFoundError('The order', ORDER_ID);
  return order;
}

/** @throws StateConflictError for an order that has ended, told already or not. */
function requireResting(order: Order, now: number): void {
  const status = isOpen(order) && restsUntil(order) <= now ? 'EXPIRED' : order.status;
  if (isOpen({ status })) return;
  const message = `An order that is ${status} cannot be cancelled.`;
  throw new StateConflictError(message, status, ORDER_ID);
}
