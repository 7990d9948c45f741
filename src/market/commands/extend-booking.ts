import {
  InvalidInputError,
  StateConflictError,
  VersionConflictError,
} from '../../domain/errors.ts';
import { totalCost } from '../../domain/money.ts';
import type { Viewer } from '../../domain/viewer.ts';
import { idempotently, type Remembered } from '../idempotent.ts';
import { requireDuration, requireHorizon, requireWholeMinute } from '../input-rules.ts';
import { requireFree, requireOffer } from '../slot-rules.ts';
import type { ExtendBookingCommand } from '../command-types.ts';
import type { UnitOfWork } from '../unit-of-work.ts';
import { requirePrice } from './create-booking.ts';
import { lockOwnBooking } from './own-booking.ts';

const NEW_END = ['input', 'newEnd'];

/** Moves a booking's end further out; the added time costs what the offer costs now. */
export async function extendBooking(
  unitOfWork: UnitOfWork,
  viewer: Viewer,
  command: ExtendBookingCommand,
): Promise<Remembered<{ bookingId: string; additionalMicros: string }>> {
  const { accountId } = viewer;
  return idempotently(
    unitOfWork,
    { operation: 'extendBooking', accountId, command },
    async (work) => {
      const { locked, booking } = await lockOwnBooking(work, viewer, command.bookingId);
      if (booking.status !== 'CONFIRMED' && booking.status !== 'ACTIVE') {
        const message = `A booking that is ${booking.status} cannot be extended.`;
        throw new StateConflictError(message, booking.status, ['input', 'bookingId']);
      }
      if (command.ifVersion !== null && command.ifVersion !== booking.version) {
        throw new VersionConflictError('The booking', booking.version);
      }
      const added = { start: booking.period.end, end: command.newEnd };
      if (added.end <= added.start) {
        throw new InvalidInputError(
          'The new end is after the present one.',
          NEW_END,
          'newEnd > end',
        );
      }
      requireWholeMinute(added.end, NEW_END);
      requireHorizon(added.end, locked.now, NEW_END);
      requireFree(locked, added, booking.id);
      const offer = requireOffer(locked, added);
      const period = { start: booking.period.start, end: command.newEnd };
      requireDuration(period, offer, NEW_END);
      requirePrice(command, offer.rateMicros, null);
      const additional = totalCost(offer.rateMicros, booking.gpuCount, added.end - added.start);
      const totalMicros = booking.totalMicros + additional;
      await locked.replace({ ...booking, period, totalMicros }, 'EXTENDED');
      return { bookingId: booking.id, additionalMicros: `${additional}` };
    },
  );
}
