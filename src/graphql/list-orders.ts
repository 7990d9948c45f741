import { isUuid } from '../domain/ids.ts';
import type { Fill, Order, OrderStatus } from '../domain/order.ts';
import { connectionOf, type Connection, type Slice } from './connection.ts';
import type { GraphqlContext } from './context.ts';
import { decodePageCursor, encodePageCursor } from './page-cursor.ts';
import { atMost100, pageRequest, type PageArgs } from './paging.ts';
import { decodePlace, encodePlace } from './place-in-time.ts';
import { requireRole } from './roles.ts';

export interface OrderListArgs extends Pick<PageArgs, 'first' | 'after'> {
  readonly status?: readonly OrderStatus[] | null | undefined;
}

const ORDERS = 'orders';
const FILLS = 'fills';

/** One page of the viewer's orders (the operator's: of all), newest first, from the system of record. */
export async function listOrders(
  context: Pick<GraphqlContext, 'market' | 'viewer'>,
  { status = null, ...page }: OrderListArgs,
): Promise<Connection<Order>> {
  const viewer = requireRole(context, 'RENTER');
  atMost100('status', status);
  const { size, after } = pageRequest(page, (cursor) => decodePlace(ORDERS, cursor));
  const request = { first: size, after, status };
  const { orders, hasNextPage, totalCount } = await context.market.orders(viewer, request);
  const hasPreviousPage = after !== null && totalCount > 0;
  return connectionOf(
    { items: orders, hasNextPage, hasPreviousPage, totalCount },
    (order) => encodePlace(ORDERS, order),
    (order) => order,
  );
}

/** One page of an order's fills in the order of their execution, from the system of record. */
export async function listFills(
  { market }: Pick<GraphqlContext, 'market'>,
  order: Order,
  page: Pick<PageArgs, 'first' | 'after'>,
): Promise<Slice<Fill>> {
  const { size, after } = pageRequest(page, fillOfCursor);
  const { fills, hasNextPage } = await market.fillsOfOrder(order.id, size, after);
  const edges = fills.map((fill) => ({ cursor: encodePageCursor([FILLS, fill.id]), node: fill }));
  return { edges, hasNextPage, hasPreviousPage: after !== null };
}

function fillOfCursor(cursor: string): string | null {
  const [id, ...rest] = decodePageCursor(FILLS, cursor) ?? [];
  return id !== undefined && rest.length === 0 && isUuid(id) ? id : null;
}
