import { cancellationTerms } from '../../domain/booking.ts';
import { PriceChangedError, StateConflictError } from '../../domain/errors.ts';
import { formatDecimal } from '../../domain/money.ts';
import type { Viewer } from '../../domain/viewer.ts';
import { appendAudit } from '../../store/audit-store.ts';
import { idempotently, type Remembered } from '../idempotent.ts';
import { requireReason } from '../input-rules.ts';
import { isLive } from '../locked-unit.ts';
import type { CancelBookingCommand } from '../command-types.ts';
import type { UnitOfWork } from '../unit-of-work.ts';
import { lockOwnBooking } from './own-booking.ts';

/** Gives a hold or a booking back; the amounts are micro-dollars as digits. */
export async function cancelBooking(
  unitOfWork: UnitOfWork,
  viewer: Viewer,
  command: CancelBookingCommand,
): Promise<Remembered<{ bookingId: string; feeMicros: string; refundMicros: string }>> {
  const { accountId } = viewer;
  requireReason(command.reason, false);
  return idempotently(
    unitOfWork,
    { operation: 'cancelBooking', accountId, command },
    async (work) => {
      const { locked, booking } = await lockOwnBooking(work, viewer, command.bookingId);
      if (!isLive(booking.status)) {
        const message = `A booking that is ${booking.status} cannot be cancelled.`;
        throw new StateConflictError(message, booking.status, ['input', 'bookingId']);
      }
      const { feeMicros, refundMicros } = cancellationTerms(booking, locked.now);
      if (command.maxFeeMicros !== null && feeMicros > command.maxFeeMicros) {
        const message = `Cancelling costs ${formatDecimal(feeMicros)} USD now, above the given maximum.`;
        const prices = { quotedMicros: command.maxFeeMicros, currentMicros: feeMicros };
        throw new PriceChangedError('PRICE_CHANGED', message, { ...prices, requote: null });
      }
      await locked.replace(
        { ...booking, status: 'CANCELLED', refundedMicros: refundMicros, cancelledAt: locked.now },
        'CANCELLED',
      );
      const subject = booking.id;
      await appendAudit(work.tx, {
        accountId,
        action: 'cancelBooking',
        subject,
        reason: command.reason,
      });
      return { bookingId: booking.id, feeMicros: `${feeMicros}`, refundMicros: `${refundMicros}` };
    },
  );
}
