import { bookingFromJson, type BookingData } from '../domain/event-data.ts';
import { decodeOnce } from './decode-once.ts';
import { expiringStream } from './expiring.ts';
import type { Hub } from './hub.ts';
import type { LiveFeed, StreamChange } from './types.ts';

/** Changes of bookings, for their renter only unless `accountId` is null. */
export function bookingStreams(hub: Hub): LiveFeed['bookings'] {
  const decode = decodeOnce((event) => bookingFromJson(event.data));
  return ({ accountId, bookingId, endsAt }) => {
    function accepts({ booking }: BookingData): boolean {
      if (accountId !== null && booking.accountId !== accountId) return false;
      return (bookingId ?? booking.id) === booking.id;
    }
    return expiringStream<StreamChange<BookingData>>(hub, endsAt, (queue) => (event) => {
      const change = decode(event.event.event);
      if (change && accepts(change)) queue.push({ kind: 'change', change, ...event.position });
    });
  };
}
