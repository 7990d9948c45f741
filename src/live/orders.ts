import { bookFromJson } from '../domain/book-data.ts';
import type { Order } from '../domain/order.ts';
import { decodeOnce } from './decode-once.ts';
import { expiringParts } from './expiring.ts';
import type { Hub } from './hub.ts';
import { everyPartition } from './log-stream.ts';
import type { Parts } from './parts.ts';
import type { OrderFilter, StreamChange } from './types.ts';

/** Changes of orders, for their renter only unless `accountId` is null. */
export function orderStreams(hub: Hub): Parts<OrderFilter, StreamChange<Order>> {
  const decode = decodeOnce((event) =>
    event.type === 'ORDER_BOOK_UPDATED' ? bookFromJson(event.data) : null,
  );
  return expiringParts(hub, ({ accountId, orderId }) => {
    function accepts(order: Order): boolean {
      if (accountId !== null && order.accountId !== accountId) return false;
      return (orderId ?? order.id) === order.id;
    }
    return {
      concerns: everyPartition,
      changes: ({ event }) => decode(event)?.orders.filter(accepts) ?? [],
    };
  });
}
