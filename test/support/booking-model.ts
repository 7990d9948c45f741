import type { BookingStatus } from '../../src/domain/booking.ts';
import type { GpuStatus } from '../../src/domain/gpu.ts';

interface NewPeriod {
  readonly inHours: number;
  readonly hours: number;
}

/** What a renter may do to one unit, in hours of a clock that the step `elapse` turns. */
export type Step =
  | ({ readonly kind: 'hold' } & NewPeriod)
  | ({ readonly kind: 'create' } & NewPeriod)
  | { readonly kind: 'confirm'; readonly booking: number }
  | { readonly kind: 'cancel'; readonly booking: number }
  | { readonly kind: 'extend'; readonly booking: number; readonly hours: number }
  | { readonly kind: 'elapse' };

export interface ModelBooking {
  status: BookingStatus;
  readonly start: number;
  end: number;
  version: number;
}

const LIVE: readonly BookingStatus[] = ['HELD', 'CONFIRMED', 'ACTIVE'];

/**
 * The rules of one unit, as small as they can be written: a clock of whole hours, no locks, no
 * database. A period has begun when the clock is past its start, and a hold does not live an hour.
 */
export class BookingModel {
  hour = 0;
  /** In the order in which they were made. */
  readonly bookings: ModelBooking[] = [];
  unitVersion = 1;

  /** Does the step and tells the code that the market must answer with. */
  take(step: Step): string {
    switch (step.kind) {
      case 'hold':
      case 'create':
        return this.#add(step.kind === 'hold' ? 'HELD' : 'CONFIRMED', step);
      case 'confirm':
        return this.#change(step.booking, ['HELD'], { status: 'CONFIRMED' });
      case 'cancel':
        return this.#change(step.booking, LIVE, { status: 'CANCELLED' });
      case 'extend':
        return this.#extend(step.booking, step.hours);
      case 'elapse':
        this.#elapse();
        return 'OK';
    }
  }

  status(): GpuStatus {
    const running = this.bookings.find(
      ({ status, start, end }) => LIVE.includes(status) && start < this.hour && this.hour <= end,
    );
    if (!running) return 'AVAILABLE';
    return running.status === 'HELD' ? 'HELD' : 'BOOKED';
  }

  #isFree(start: number, end: number, except?: ModelBooking): boolean {
    return !this.bookings.some(
      (other) =>
        other !== except && LIVE.includes(other.status) && start < other.end && other.start < end,
    );
  }

  #add(status: BookingStatus, { inHours, hours }: NewPeriod): string {
    const start = this.hour + inHours;
    if (!this.#isFree(start, start + hours)) return 'GPU_UNAVAILABLE';
    this.bookings.push({ status, start, end: start + hours, version: 1 });
    this.unitVersion += 1;
    return 'OK';
  }

  #extend(index: number, hours: number): string {
    const booking = this.bookings[index];
    if (!booking) return 'NOT_FOUND';
    if (booking.status !== 'CONFIRMED' && booking.status !== 'ACTIVE') return 'STATE_CONFLICT';
    const end = booking.end + hours;
    if (!this.#isFree(booking.end, end, booking)) return 'GPU_UNAVAILABLE';
    return this.#change(index, LIVE, { end });
  }

  #change(
    index: number,
    from: readonly BookingStatus[],
    change: Partial<Pick<ModelBooking, 'status' | 'end'>>,
  ): string {
    const booking = this.bookings[index];
    if (!booking) return 'NOT_FOUND';
    if (!from.includes(booking.status)) return 'STATE_CONFLICT';
    Object.assign(booking, change);
    booking.version += 1;
    this.unitVersion += 1;
    return 'OK';
  }

  #elapse(): void {
    this.hour += 1;
    for (const [index, { status, start, end }] of this.bookings.entries()) {
      if (status === 'HELD') this.#change(index, ['HELD'], { status: 'EXPIRED' });
      if (start < this.hour) this.#change(index, ['CONFIRMED'], { status: 'ACTIVE' });
      if (end < this.hour) this.#change(index, ['ACTIVE'], { status: 'COMPLETED' });
    }
  }
}
