import type { Order } from '../domain/order.ts';
import type { Viewer } from '../domain/viewer.ts';
import type { Db } from '../store/database.ts';
import { orUnavailable } from '../store/failures.ts';
import { fillsOfOrder } from '../store/fill-store.ts';
import { countOrders, findOrder, pageOrders, type OrderQuery } from '../store/order-store.ts';
import type { FillPage, OrderPage, OrderPageRequest } from './types.ts';

/** Whether an order is the viewer's business: their own, and any for an OPERATOR. */
export function mayTouchOrder(viewer: Viewer, order: Order): boolean {
  return viewer.role === 'OPERATOR' || viewer.accountId === order.accountId;
}

/** Null for foreign and unknown alike. */
export async function visibleOrder(db: Db, viewer: Viewer, id: string): Promise<Order | null> {
  const order = await orUnavailable(() => findOrder(db, id));
  return order && mayTouchOrder(viewer, order) ? order : null;
}

/** Newest first, with the same visibility. */
export async function visibleOrders(
  db: Db,
  viewer: Viewer,
  { first, after, status }: OrderPageRequest,
): Promise<OrderPage> {
  const accountId = viewer.role === 'OPERATOR' ? null : viewer.accountId;
  const query: OrderQuery = { accountId, status };
  return orUnavailable(async () => {
    const rows = await pageOrders(db, query, after, first + 1);
    const totalCount = await countOrders(db, query);
    return { orders: rows.slice(0, first), hasNextPage: rows.length > first, totalCount };
  });
}

/** In order of execution. */
export async function pageFills(
  db: Db,
  orderId: string,
  first: number,
  after: string | null,
): Promise<FillPage> {
  const rows = await orUnavailable(() => fillsOfOrder(db, orderId, after, first + 1));
  return { fills: rows.slice(0, first), hasNextPage: rows.length > first };
}
