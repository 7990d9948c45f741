import type { Pair } from '../../domain/catalog.ts';
import type { Order } from '../../domain/order.ts';
import { databaseNow, lockBook } from '../../store/locks.ts';
import { expireDueOrders } from '../../store/order-store.ts';
import type { UnitOfWork } from '../unit-of-work.ts';

/** Orders that one transaction expires at most. */
const BATCH = 100;

/** Ends the pair's open orders whose time has come; each is told once, whichever nodes try. */
export async function expireOrders(unitOfWork: UnitOfWork, pair: Pair): Promise<void> {
  let expired: number;
  do {
    expired = await unitOfWork(async (work) => {
      await lockBook(work.tx, pair);
      const orders = await expireDueOrders(work.tx, pair, BATCH);
      const now = await databaseNow(work.tx);
      for (const order of orders) work.changeOrder(beforeExpiry(order), order, now);
      return orders.length;
    });
  } while (expired === BATCH);
}

function beforeExpiry(order: Order): Order {
  const status = order.filledQuantity > 0 ? 'PARTIALLY_FILLED' : 'OPEN';
  return { ...order, status, version: order.version - 1 };
}
