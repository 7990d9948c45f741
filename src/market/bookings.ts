import type { Booking } from '../domain/booking.ts';
import type { Viewer } from '../domain/viewer.ts';
import {
  countBookings,
  findBooking,
  pageBookings,
  type BookingQuery,
} from '../store/booking-store.ts';
import type { Db } from '../store/database.ts';
import { orUnavailable } from '../store/failures.ts';
import { loadUnits } from '../store/unit-store.ts';
import type { BookingPage, BookingPageRequest } from './types.ts';

/** The viewer's own, its units' for a PROVIDER, any for an OPERATOR; null for foreign and unknown alike. */
export async function visibleBooking(db: Db, viewer: Viewer, id: string): Promise<Booking | null> {
  return orUnavailable(async () => {
    const booking = await findBooking(db, id);
    if (!booking) return null;
    if (viewer.role === 'OPERATOR' || booking.accountId === viewer.accountId) return booking;
    if (viewer.role !== 'PROVIDER') return null;
    const [unit] = await loadUnits(db, [booking.gpuId]);
    return unit?.value?.provider === viewer.accountId ? booking : null;
  });
}

/** Newest first, with the same visibility. */
export async function visibleBookings(
  db: Db,
  viewer: Viewer,
  { first, after, status, gpuId }: BookingPageRequest,
): Promise<BookingPage> {
  const query: BookingQuery = {
    accountId: viewer.role === 'RENTER' ? viewer.accountId : null,
    provider: viewer.role === 'PROVIDER' ? viewer.accountId : null,
    gpuId,
    status,
  };
  return orUnavailable(async () => {
    const rows = await pageBookings(db, query, after, first + 1);
    const totalCount = await countBookings(db, query);
    return { bookings: rows.slice(0, first), hasNextPage: rows.length > first, totalCount };
  });
}
