import type { Booking } from '../../domain/booking.ts';
import { NotFoundError } from '../../domain/errors.ts';
import type { Viewer } from '../../domain/viewer.ts';
import { findBooking } from '../../store/booking-store.ts';
import { LockedUnit } from '../locked-unit.ts';
import type { Work } from '../unit-of-work.ts';

/**
 * Locks the unit of one of the viewer's bookings and reads the booking under the lock.
 * @throws NotFoundError for a foreign booking too: that it exists is nobody's business.
 */
export async function lockOwnBooking(
  work: Work,
  viewer: Viewer,
  bookingId: string,
): Promise<{ readonly locked: LockedUnit; readonly booking: Booking }> {
  const notFound = new NotFoundError('The booking', ['input', 'bookingId']);
  const found = await findBooking(work.tx, bookingId);
  const mayTouch = viewer.role === 'OPERATOR' || found?.accountId === viewer.accountId;
  if (!found || !mayTouch) throw notFound;
  const locked = await LockedUnit.lock(work, found.gpuId);
  const booking = locked.booking(bookingId) ?? (await findBooking(work.tx, bookingId));
  if (!booking) throw notFound;
  return { locked, booking };
}
