import type { Booking, BookingChange, BookingStatus } from '../domain/booking.ts';
import { LIVE_STATUSES } from '../domain/booking.ts';
import type { BookingData } from '../domain/event-data.ts';
import { NotFoundError } from '../domain/errors.ts';
import { currentStatus, pairOfUnit } from '../domain/gpu.ts';
import type { DeclaredStatus, GpuStatus, Unit } from '../domain/gpu.ts';
import type { EpochMs, Interval } from '../domain/time.ts';
import { bookingsOfUnits, insertBooking, updateBooking } from '../store/booking-store.ts';
import { lockBook } from '../store/locks.ts';
import {
  lockUnitRows,
  readUnitStates,
  updateUnit,
  type UnitState,
} from '../store/unit-write-store.ts';
import { availabilityChanged, bookingEvent } from './event-drafts.ts';
import { LOOK_BACK_MS, type Slot } from './slot-rules.ts';
import type { Work } from './unit-of-work.ts';

export function isLive(status: BookingStatus): boolean {
  return (LIVE_STATUSES as readonly BookingStatus[]).includes(status);
}

/** What `change` means to who watches the unit. */
const REASONS: Readonly<Record<BookingChange, string>> = {
  HELD: 'HELD',
  CREATED: 'BOOKED',
  CONFIRMED: 'BOOKED',
  EXTENDED: 'BOOKED',
  STARTED: 'STARTED',
  COMPLETED: 'ENDED',
  EXPIRED: 'RELEASED',
  CANCELLED: 'RELEASED',
};

const EVENT_OF_CHANGE: Partial<Record<BookingChange, 'BOOKING_CREATED' | 'BOOKING_CANCELLED'>> = {
  CREATED: 'BOOKING_CREATED',
  CONFIRMED: 'BOOKING_CREATED',
  CANCELLED: 'BOOKING_CANCELLED',
};

/** Changes that leave a unit no freer than it was. */
const BUSIER: ReadonlySet<BookingChange> = new Set([
  'HELD',
  'CREATED',
  'CONFIRMED',
  'EXTENDED',
  'STARTED',
]);

/**
 * One unit under its locks, with its bookings: the only place that changes either. Every change raises
 * the unit's version, stores the status that follows and tells it, so that the three always agree.
 */
export class LockedUnit implements Slot {
  readonly now: EpochMs;
  readonly #work: Work;
  readonly #statusBefore: GpuStatus;
  #state: UnitState;
  #bookings: readonly Booking[];

  private constructor(work: Work, state: UnitState, bookings: readonly Booking[]) {
    this.#work = work;
    this.#statusBefore = state.unit.status;
    this.#state = state;
    this.#bookings = bookings;
    this.now = state.now;
  }

  /**
   * Takes the book's and the unit's locks, then reads, then settles what time or the provider's status
   * has changed: from here on every rule sees the unit as it is now.
   * @throws NotFoundError when there is no such unit.
   */
  static async lock(
    work: Work,
    gpuId: string,
    path: readonly string[] = ['input', 'gpuId'],
  ): Promise<LockedUnit> {
    const pair = pairOfUnit(gpuId);
    if (!pair) throw new NotFoundError('The GPU', path);
    await lockBook(work.tx, pair);
    const [locked] = await LockedUnit.lockInBook(work, [gpuId]);
    if (!locked) throw new NotFoundError('The GPU', path);
    return locked;
  }

  /** The same for units of one pair whose book is locked already, in the order of the ids; none for an unknown one. */
  static async lockInBook(work: Work, ids: readonly string[]): Promise<LockedUnit[]> {
    if (ids.length === 0) return [];
    await lockUnitRows(work.tx, ids);
    const [states, bookings] = await Promise.all([
      readUnitStates(work.tx, ids),
      bookingsOfUnits(work.tx, ids, LOOK_BACK_MS),
    ]);
    const byUnit = Map.groupBy(bookings, ({ gpuId }) => gpuId);
    const units = states.map(
      (state) => new LockedUnit(work, state, byUnit.get(state.unit.id) ?? []),
    );
    for (const locked of units) {
      await locked.#settle();
      await locked.#recompute();
    }
    return units;
  }

  get unit(): Unit {
    return this.#state.unit;
  }

  get declared(): DeclaredStatus {
    return this.#state.declared;
  }

  /** Whether this transaction has given the unit another status. */
  get statusChanged(): boolean {
    return this.unit.status !== this.#statusBefore;
  }

  booking(id: string): Booking | undefined {
    return this.#bookings.find((booking) => booking.id === id);
  }

  get bookings(): readonly Booking[] {
    return this.#bookings;
  }

  async add(booking: Booking, change: BookingChange): Promise<void> {
    await insertBooking(this.#work.tx, booking);
    this.#bookings = [...this.#bookings, booking];
    await this.#tell(REASONS[change], { booking, change });
  }

  /** Writes a changed booking; its version is raised here. Returns what was written. */
  async replace(booking: Booking, change: BookingChange): Promise<Booking> {
    const written = { ...booking, version: booking.version + 1 };
    await updateBooking(this.#work.tx, written);
    this.#bookings = this.#bookings.map((old) => (old.id === written.id ? written : old));
    await this.#tell(REASONS[change], { booking: written, change });
    return written;
  }

  /** Sets what the provider declares. */
  async declare(declared: DeclaredStatus, reason: string): Promise<void> {
    this.#state = { ...this.#state, declared };
    await this.#tell(reason, null);
  }

  /** Stores the status anew where a hold's period began or ended, or the provider's status was set. */
  async #recompute(): Promise<void> {
    const [stored, status] = [this.unit.status, this.#statusNow()];
    if (status === stored) return;
    const byProvider = status === 'OFFLINE' || stored === 'OFFLINE';
    const byHold = status === 'HELD' ? 'HELD' : 'RELEASED';
    await this.#tell(byProvider ? 'PROVIDER' : byHold, null);
  }

  #busy(): Interval[] {
    return this.#bookings.filter((booking) => isLive(booking.status)).map(({ period }) => period);
  }

  #statusNow(): Unit['status'] {
    const running = this.#bookings.find(
      ({ status, period }) => isLive(status) && period.start <= this.now && this.now < period.end,
    );
    const bookedNow = running && (running.status === 'HELD' ? 'HELD' : 'BOOKED');
    return currentStatus(this.#state.declared, this.#state.providerStatus, bookedNow ?? null);
  }

  async #tell(reason: string, told: BookingData | null): Promise<void> {
    const previous = this.unit;
    const unit = {
      ...previous,
      status: this.#statusNow(),
      version: previous.version + 1,
      busy: this.#busy(),
    };
    this.#state = { ...this.#state, unit };
    await updateUnit(this.#work.tx, { ...unit, declared: this.#state.declared });
    const type = told && EVENT_OF_CHANGE[told.change];
    if (told && type) this.#work.emit(bookingEvent(type, unit, told), this.now);
    this.#work.emit(
      availabilityChanged(unit, previous.status, reason, type ? null : told),
      this.now,
    );
    const freer = !told || !BUSIER.has(told.change);
    this.#work.touch(unit, this.now, {
      stats: told?.change !== 'HELD',
      demand: Boolean(type),
      unitIds: [unit.id],
      freer,
    });
  }

  /** Expires holds, starts and ends periods whose moment has come, earliest first. */
  async #settle(): Promise<void> {
    for (const booking of this.#bookings) {
      const { status, period } = booking;
      if (status === 'HELD' && (booking.holdExpiresAt ?? 0) <= this.now) {
        await this.replace({ ...booking, status: 'EXPIRED' }, 'EXPIRED');
        continue;
      }
      let current = booking;
      if (status === 'CONFIRMED' && period.start <= this.now) {
        current = await this.replace({ ...booking, status: 'ACTIVE' }, 'STARTED');
      }
      if (current.status === 'ACTIVE' && period.end <= this.now) {
        await this.replace({ ...current, status: 'COMPLETED' }, 'COMPLETED');
      }
    }
  }
}
