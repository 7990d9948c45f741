import { randomUUID } from 'node:crypto';
import type { Booking } from '../../domain/booking.ts';
import type { Micros } from '../../domain/money.ts';
import type { Fill, Order } from '../../domain/order.ts';
import { insertFills, type NewFill } from '../../store/fill-store.ts';
import { newBooking } from '../commands/hold-gpu.ts';
import type { LockedUnit } from '../locked-unit.ts';
import type { Work } from '../unit-of-work.ts';

/** What an order got: one booking and one fill per unit. */
export interface Executed {
  readonly bookings: readonly Booking[];
  readonly fills: readonly Fill[];
}

/** Books the locked units for a stored order, each at `rateMicros` or, without one, at its own ask. */
export async function bookUnits(
  work: Work,
  order: Order,
  units: readonly LockedUnit[],
  rateMicros: Micros | null,
): Promise<Executed> {
  const executions: (NewFill & { readonly booking: Booking })[] = [];
  for (const locked of units) {
    const booking = await book(locked, order, rateMicros ?? askOf(locked));
    const fill = fillOf(booking);
    work.fill(order, fill, fill.at);
    executions.push({ fill, booking, orderId: order.id, bookingId: booking.id, pair: order });
  }
  if (executions.length > 0) await insertFills(work.tx, executions);
  return {
    bookings: executions.map(({ booking }) => booking),
    fills: executions.map(({ fill }) => fill),
  };
}

async function book(locked: LockedUnit, order: Order, rateMicros: Micros): Promise<Booking> {
  const { accountId, period } = order;
  const booking = {
    ...newBooking(locked, accountId, period, rateMicros),
    orderId: order.id,
  };
  await locked.add(booking, 'CREATED');
  return booking;
}

function askOf({ unit }: LockedUnit): Micros {
  if (!unit.offer) throw new Error(`unit ${unit.id} was taken without an offer`);
  return unit.offer.rateMicros;
}

function fillOf({ rateMicros, gpuCount, period, createdAt }: Booking): Fill {
  const durationMs = period.end - period.start;
  return { id: randomUUID(), rateMicros, gpuCount, durationMs, at: createdAt };
}
