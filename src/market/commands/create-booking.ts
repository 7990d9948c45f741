import type { Booking } from '../../domain/booking.ts';
import { InvalidInputError, NotFoundError, PriceChangedError } from '../../domain/errors.ts';
import { StateConflictError, VersionConflictError } from '../../domain/errors.ts';
import { formatDecimal, type Micros } from '../../domain/money.ts';
import type { Interval } from '../../domain/time.ts';
import type { Viewer } from '../../domain/viewer.ts';
import { findBooking } from '../../store/booking-store.ts';
import { findQuote } from '../../store/quote-store.ts';
import { idempotently, type Remembered } from '../idempotent.ts';
import { requireDuration, requirePeriodInTime } from '../input-rules.ts';
import { requirePeriodShape, requireRange } from '../input-rules.ts';
import { LockedUnit } from '../locked-unit.ts';
import { requireFree, requireOffer, requireOn } from '../slot-rules.ts';
import type { CreateBookingCommand } from '../command-types.ts';
import type { UnitOfWork, Work } from '../unit-of-work.ts';
import { newBooking } from './hold-gpu.ts';

const PERIOD = ['input', 'period'];
const MAX_VERSION = 2_147_483_647;

/** Books a unit directly, at a quote's price, or by confirming a hold; a replay does not tell the booking. */
export async function createBooking(
  unitOfWork: UnitOfWork,
  { accountId }: Viewer,
  command: CreateBookingCommand,
): Promise<Remembered<{ bookingId: string }> & { readonly booked: Booking | null }> {
  requireOneSource(command);
  if (command.ifVersion !== null)
    requireRange(command.ifVersion, [1, MAX_VERSION], ['input', 'ifVersion']);
  const request = { operation: 'createBooking', accountId, command };
  let booked: Booking | null = null;
  const remembered = await idempotently(unitOfWork, request, async (work) => {
    booked = await bookFrom(work, accountId, command);
    return { bookingId: booked.id };
  });
  return { ...remembered, booked: remembered.replayed ? null : booked };
}

function bookFrom(work: Work, accountId: string, command: CreateBookingCommand): Promise<Booking> {
  if (command.holdId !== null) return bookHold(work, accountId, command, command.holdId);
  if (command.quoteId !== null) return bookQuote(work, accountId, command, command.quoteId);
  return bookDirectly(work, accountId, command);
}

function requireOneSource(command: CreateBookingCommand): void {
  const sources = [command.gpuId, command.quoteId, command.holdId].filter((id) => id !== null);
  if (sources.length !== 1) {
    const message = `Name exactly one of gpuId, quoteId and holdId; ${sources.length} were given.`;
    throw new InvalidInputError(message, ['input'], 'exactly one of gpuId, quoteId, holdId');
  }
  if (command.gpuId !== null && command.period === null) {
    throw new InvalidInputError('With gpuId a period is required.', PERIOD, 'required with gpuId');
  }
  if (command.gpuId === null && command.period !== null) {
    const message = 'A quote or a hold has its own period; leave period out.';
    throw new InvalidInputError(message, PERIOD, 'forbidden with quoteId and holdId');
  }
  if (command.period) requirePeriodShape(command.period, PERIOD);
}

async function bookDirectly(
  work: Work,
  accountId: string,
  command: CreateBookingCommand,
): Promise<Booking> {
  const { gpuId, period } = command;
  if (gpuId === null || period === null)
    throw new Error('a direct booking has a unit and a period');
  const locked = await LockedUnit.lock(work, gpuId);
  requirePeriodInTime(period, locked.now, PERIOD);
  requireFree(locked, period);
  const offer = requireOffer(locked, period);
  requireDuration(period, offer, PERIOD);
  requireVersion(locked, command.ifVersion);
  requirePrice(command, offer.rateMicros, { gpuId, period });
  return addBooking(locked, accountId, period, offer.rateMicros);
}

async function bookQuote(
  work: Work,
  accountId: string,
  command: CreateBookingCommand,
  quoteId: string,
): Promise<Booking> {
  const quote = await findQuote(work.tx, quoteId, accountId);
  if (!quote) throw new NotFoundError('The quote', ['input', 'quoteId']);
  const { gpuId, period } = quote;
  const locked = await LockedUnit.lock(work, gpuId);
  requireFree(locked, period);
  const offer = requireOffer(locked, period);
  requireVersion(locked, command.ifVersion);
  if (quote.validUntil <= locked.now) {
    const message = 'The quote has run out; its price is no longer promised.';
    const prices = { quotedMicros: quote.rateMicros, currentMicros: offer.rateMicros };
    throw new PriceChangedError('QUOTE_EXPIRED', message, {
      ...prices,
      requote: { gpuId, period },
    });
  }
  requirePrice(command, quote.rateMicros, { gpuId, period });
  return addBooking(locked, accountId, period, quote.rateMicros);
}

async function bookHold(
  work: Work,
  accountId: string,
  command: CreateBookingCommand,
  holdId: string,
): Promise<Booking> {
  const found = await findBooking(work.tx, holdId);
  const notFound = new NotFoundError('The hold', ['input', 'holdId']);
  if (!found || found.accountId !== accountId) throw notFound;
  const locked = await LockedUnit.lock(work, found.gpuId);
  const hold = locked.booking(holdId) ?? (await findBooking(work.tx, holdId));
  if (!hold) throw notFound;
  if (hold.status !== 'HELD') {
    const message = `Only a live hold can be booked; this one is ${hold.status}.`;
    throw new StateConflictError(message, hold.status, ['input', 'holdId']);
  }
  requireOn(locked, hold.period);
  requireVersion(locked, command.ifVersion);
  requirePrice(command, hold.rateMicros, null);
  return locked.replace({ ...hold, status: 'CONFIRMED', holdExpiresAt: null }, 'CONFIRMED');
}

async function addBooking(
  locked: LockedUnit,
  accountId: string,
  period: Interval,
  rateMicros: Micros,
): Promise<Booking> {
  const booking = newBooking(locked, accountId, period, rateMicros);
  await locked.add(booking, 'CREATED');
  return booking;
}

function requireVersion(locked: LockedUnit, ifVersion: number | null): void {
  if (ifVersion === null || ifVersion === locked.unit.version) return;
  throw new VersionConflictError('The GPU', locked.unit.version);
}

/** The rate is not above what the client agreed to. */
export function requirePrice(
  command: { readonly maxRateMicros: Micros | null },
  rateMicros: Micros,
  requote: PriceChangedError['requote'],
): void {
  const { maxRateMicros } = command;
  if (maxRateMicros === null || rateMicros <= maxRateMicros) return;
  const message = `The price is ${formatDecimal(rateMicros)} USD per GPU-hour, above the given maximum.`;
  const prices = { quotedMicros: maxRateMicros, currentMicros: rateMicros };
  throw new PriceChangedError('PRICE_CHANGED', message, { ...prices, requote });
}
