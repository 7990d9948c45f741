import { TRUST_TIERS } from '../../../src/domain/catalog.ts';
import type { OrderStatus } from '../../../src/domain/order.ts';
import { DYNAMIC_BASE_CENTS } from './commands.ts';
import type { Command, Minutes, OrderTerms, UnitTerms } from './commands.ts';

/**
 * One book as the design's rules say, as plainly as it can be written: everything in arrays, every
 * question answered by looking at everything, nothing kept that can be computed. The story takes no
 * time: it is always minute 0, and an ask is a unit that is free in the hour from then on.
 */

interface Unit extends UnitTerms {
  readonly id: string;
  cents: number;
  /** Grows with every price that became another one. */
  priceChange: number;
  active: boolean;
  online: boolean;
}

interface Order extends OrderTerms {
  filled: number;
  status: OrderStatus;
}

interface Booking {
  readonly unit: Unit;
  readonly period: Minutes;
  readonly cents: number;
  /** The order that it filled. */
  readonly order: number | null;
  live: boolean;
}

/** GPUs and offers or orders by price. */
export type Levels = ReadonlyMap<number, readonly [gpus: number, orders: number]>;

const NEXT_HOUR: Minutes = [0, 60];

export class ReferenceMatcher {
  readonly units: readonly Unit[];
  readonly orders: Order[] = [];
  readonly bookings: Booking[] = [];
  /** Transactions that changed a level. */
  sequence = 0;
  #priceChanges: number;

  /** Units in the order of their last price change; ids decide between prices that changed together. */
  constructor(units: readonly (UnitTerms & { readonly id: string })[]) {
    this.units = units.map((unit, priceChange) => ({
      ...unit,
      priceChange,
      active: true,
      online: true,
    }));
    this.#priceChanges = units.length;
  }

  /** Does the command, then lets the resting bids have what came free or cheaper. Tells the answer's code. */
  take(command: Command): string {
    const code = this.#transaction(() => this.#do(command));
    this.#transaction(() => this.#serveRestingBids());
    return code;
  }

  get bids(): Levels {
    return levels(
      this.orders
        .filter(isOpen)
        .map((order) => [order.limitCents, left(order) * (order.gpusPerUnit ?? 1)]),
    );
  }

  get asks(): Levels {
    return levels(this.units.filter((unit) => this.#isAsk(unit)).map((u) => [u.cents, u.gpuCount]));
  }

  #do(command: Command): string {
    switch (command.kind) {
      case 'placeOrder':
        return this.#place(command);
      case 'cancelOrder':
        return this.#end(command.order, 'CANCELLED');
      case 'expireOrder':
        return this.#end(command.order, 'EXPIRED');
      case 'createBooking':
        return this.#book(this.#unit(command.unit), command.period);
      case 'cancelBooking':
        return this.#cancelBooking(command.booking);
      case 'upsertOffer':
        return this.#offer(this.#unit(command.unit), command.cents, command.active);
      case 'setGpuStatus':
        this.#unit(command.unit).online = command.online;
        return 'OK';
      case 'updatePricing':
        return this.#reprice(command.cents);
    }
  }

  #place(terms: OrderTerms): string {
    const offers = this.units.filter((unit) => unit.active && suits(unit, terms));
    const isTooShortOrLong = !offers.some((unit) => allows(unit, terms.period));
    if (offers.length > 0 && isTooShortOrLong) return 'INVALID_INPUT';
    const order: Order = { ...terms, filled: 0, status: 'OPEN' };
    this.orders.push(order);
    const asks = this.#asksFor(order);
    if (order.timeInForce === 'FOK' && asks.length < order.quantity) order.status = 'CANCELLED';
    else for (const unit of asks.slice(0, order.quantity)) this.#fill(order, unit, unit.cents);
    if (order.timeInForce === 'IOC' && isOpen(order)) order.status = 'CANCELLED';
    return 'OK';
  }

  /** What an order can have now, best first: price, then who asked it first, then id. */
  #asksFor(order: Order): Unit[] {
    return this.units
      .filter(
        (unit) =>
          this.#isAsk(unit) &&
          unit.cents <= order.limitCents &&
          unit.provider !== order.account &&
          suits(unit, order) &&
          allows(unit, order.period) &&
          this.#isFree(unit, order.period),
      )
      .toSorted(
        (a, b) => a.cents - b.cents || a.priceChange - b.priceChange || (a.id < b.id ? -1 : 1),
      );
  }

  /** The best bid that can have anything has the best ask of those, at the bid's own price; and again. */
  #serveRestingBids(): string {
    for (;;) {
      const order = this.orders
        .filter((each) => isOpen(each) && this.#asksFor(each).length > 0)
        .toSorted((a, b) => b.limitCents - a.limitCents)
        .at(0);
      const unit = order && this.#asksFor(order).at(0);
      if (!unit) return 'OK';
      this.#fill(order, unit, order.limitCents);
    }
  }

  #fill(order: Order, unit: Unit, cents: number): void {
    order.filled += 1;
    order.status = order.filled === order.quantity ? 'FILLED' : 'PARTIALLY_FILLED';
    const number = this.orders.indexOf(order);
    this.bookings.push({ unit, period: order.period, cents, order: number, live: true });
  }

  #end(number: number, status: OrderStatus): string {
    const order = this.orders[number];
    if (!order) return 'NOT_FOUND';
    if (!isOpen(order)) return 'STATE_CONFLICT';
    order.status = status;
    return 'OK';
  }

  #book(unit: Unit, period: Minutes): string {
    if (!unit.online || !unit.active || !this.#isFree(unit, period)) return 'GPU_UNAVAILABLE';
    if (!allows(unit, period)) return 'INVALID_INPUT';
    this.bookings.push({ unit, period, cents: unit.cents, order: null, live: true });
    return 'OK';
  }

  #cancelBooking(number: number): string {
    const booking = this.bookings[number];
    if (!booking) return 'NOT_FOUND';
    if (!booking.live) return 'STATE_CONFLICT';
    booking.live = false;
    return 'OK';
  }

  #offer(unit: Unit, cents: number, active: boolean): string {
    this.#setPrice(unit, cents, (this.#priceChanges += 1));
    unit.active = active;
    return 'OK';
  }

  #reprice(cents: number): string {
    this.#priceChanges += 1;
    for (const unit of this.units) {
      if (!unit.dynamic) continue;
      const price = Math.min(Math.max(cents, 0.5 * DYNAMIC_BASE_CENTS), 3 * DYNAMIC_BASE_CENTS);
      this.#setPrice(unit, price, this.#priceChanges);
    }
    return 'OK';
  }

  #setPrice(unit: Unit, cents: number, priceChange: number): void {
    if (unit.cents === cents) return;
    Object.assign(unit, { cents, priceChange });
  }

  #isAsk(unit: Unit): boolean {
    return unit.online && unit.active && this.#isFree(unit, NEXT_HOUR);
  }

  #isFree(unit: Unit, [start, end]: Minutes): boolean {
    return !this.bookings.some(
      ({ live, unit: taken, period }) =>
        live && taken === unit && period[0] < end && start < period[1],
    );
  }

  #unit(number: number): Unit {
    const unit = this.units[number];
    if (!unit) throw new Error(`there is no unit ${number}`);
    return unit;
  }

  #transaction(change: () => string): string {
    const before = JSON.stringify([[...this.bids], [...this.asks]]);
    const code = change();
    if (JSON.stringify([[...this.bids], [...this.asks]]) !== before) this.sequence += 1;
    return code;
  }
}

function isOpen({ status }: Order): boolean {
  return status === 'OPEN' || status === 'PARTIALLY_FILLED';
}

function left({ quantity, filled }: Order): number {
  return quantity - filled;
}

function suits({ gpuCount, trustTier }: Unit, { gpusPerUnit, minTrustTier }: OrderTerms): boolean {
  const tier = TRUST_TIERS.indexOf(trustTier);
  return (
    (gpusPerUnit ?? gpuCount) === gpuCount &&
    tier >= TRUST_TIERS.indexOf(minTrustTier ?? 'COMMUNITY')
  );
}

function allows({ durations: [least, most] }: Unit, [start, end]: Minutes): boolean {
  return least <= end - start && end - start <= most;
}

function levels(parts: readonly (readonly [cents: number, gpus: number])[]): Levels {
  const found = new Map<number, readonly [number, number]>();
  for (const [cents, gpus] of parts.toSorted(([a], [b]) => a - b)) {
    const [sum, count] = found.get(cents) ?? [0, 0];
    found.set(cents, [sum + gpus, count + 1]);
  }
  return found;
}
