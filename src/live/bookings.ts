import { bookingFromJson, type BookingData } from '../domain/event-data.ts';
import { decodeOnce } from './decode-once.ts';
import { expiringParts } from './expiring.ts';
import type { Hub } from './hub.ts';
import { everyPartition } from './log-stream.ts';
import type { Parts } from './parts.ts';
import type { BookingFilter, StreamChange } from './types.ts';

/** Changes of bookings, for their renter only unless `accountId` is null. */
export function bookingStreams(hub: Hub): Parts<BookingFilter, StreamChange<BookingData>> {
  const decode = decodeOnce((event) => bookingFromJson(event.data));
  return expiringParts(hub, ({ accountId, bookingId }) => {
    function accepts({ booking }: BookingData): boolean {
      if (accountId !== null && booking.accountId !== accountId) return false;
      return (bookingId ?? booking.id) === booking.id;
    }
    return {
      concerns: everyPartition,
      changes: ({ event }) => {
        const change = decode(event);
        return change && accepts(change) ? [change] : [];
      },
    };
  });
}
