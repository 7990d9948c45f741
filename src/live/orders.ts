import { bookFromJson } from '../domain/book-data.ts';
import type { Order } from '../domain/order.ts';
import { decodeOnce } from './decode-once.ts';
import { expiringStream } from './expiring.ts';
import type { Hub } from './hub.ts';
import type { LiveFeed, StreamChange } from './types.ts';

/** Changes of orders, for their renter only unless `accountId` is null. */
export function orderStreams(hub: Hub): LiveFeed['orders'] {
  const decode = decodeOnce((event) =>
    event.type === 'ORDER_BOOK_UPDATED' ? bookFromJson(event.data) : null,
  );
  return ({ accountId, orderId, endsAt }) => {
    function accepts(order: Order): boolean {
      if (accountId !== null && order.accountId !== accountId) return false;
      return (orderId ?? order.id) === order.id;
    }
    return expiringStream<StreamChange<Order>>(hub, endsAt, (queue) => (event) => {
      for (const change of decode(event.event.event)?.orders ?? [])
        if (accepts(change)) queue.push({ kind: 'change', change, ...event.position });
    });
  };
}
