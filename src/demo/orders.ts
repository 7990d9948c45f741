import type { Booking } from '../domain/booking.ts';
import type { Pair } from '../domain/catalog.ts';
import type { Unit } from '../domain/gpu.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, type EpochMs } from '../domain/time.ts';
import type { Viewer } from '../domain/viewer.ts';
import type { PlaceOrderCommand } from '../market/command-types.ts';
import type { Market } from '../market/types.ts';
import type { Random } from './random.ts';
import { cheapestOwn, isTraded, restingLimit } from './rules.ts';
import { inMinutes } from './viewer.ts';

/** Orders of one run that may rest at the same time. */
const MAX_OPEN = 30;
const DAY_MINUTES = DAY_MS / MINUTE_MS;
const HOUR_MINUTES = HOUR_MS / MINUTE_MS;

interface OwnOrder {
  readonly id: string;
  readonly renter: Viewer;
  readonly expiresAt: EpochMs;
}

type Terms = Pick<PlaceOrderCommand, 'limitMicros' | 'period' | 'timeInForce'> &
  Partial<PlaceOrderCommand>;

/**
 * The demo's trade in a few books: most orders rest below what any unit can cost and are cancelled or
 * expire, now and then one takes a unit at its price. Like all of the demo, it gets no unit but its own.
 */
export class DemoOrders {
  readonly #market: Market;
  readonly #random: Random;
  #open: OwnOrder[] = [];

  constructor(market: Market, random: Random) {
    this.#market = market;
    this.#random = random;
  }

  /** Places or cancels one order; gives the bookings that were made. Throws what the market throws. */
  async act(
    renter: Viewer,
    pairs: readonly Pair[],
    nextKey: () => string,
  ): Promise<readonly Booking[]> {
    this.#open = this.#open.filter((own) => own.expiresAt > Date.now());
    const dice = this.#random.next();
    if (dice < 0.25 || this.#open.length >= MAX_OPEN) return this.#cancelOldest(nextKey());
    const pair = this.#random.pick(pairs.filter(isTraded));
    const [list] = pair ? await this.#market.reads.unitLists([pair]) : [];
    if (!pair || !list) return [];
    const terms = dice < 0.85 ? this.#restingTerms(list.value) : this.#crossingTerms(list.value);
    if (!terms) return [];
    const { order, bookings } = await this.#market.placeOrder(renter, {
      idempotencyKey: nextKey(),
      ...pair,
      quantity: 1,
      gpusPerUnit: null,
      expiresAt: null,
      minTrustTier: null,
      ...terms,
    });
    if (terms.expiresAt) this.#open.push({ id: order.id, renter, expiresAt: terms.expiresAt });
    return bookings;
  }

  /** Bids for some hours of tomorrow. */
  #restingTerms(units: readonly Unit[]): Terms | null {
    const random = this.#random;
    const limitMicros = restingLimit(units, random);
    if (limitMicros === null) return null;
    const startsIn = DAY_MINUTES + random.between(0, 12) * HOUR_MINUTES;
    return {
      limitMicros,
      quantity: random.between(1, 4),
      period: inMinutes(startsIn, random.between(1, 8) * HOUR_MINUTES),
      timeInForce: 'GTC',
      expiresAt: Date.now() + random.between(5, 20) * MINUTE_MS,
    };
  }

  /** Takes one of the demo's own units for the next minutes. */
  #crossingTerms(units: readonly Unit[]): Terms | null {
    const unit = cheapestOwn(units);
    if (!unit?.offer) return null;
    return {
      limitMicros: unit.offer.rateMicros,
      gpusPerUnit: unit.gpuCount,
      period: inMinutes(this.#random.between(2, 20), this.#random.between(15, 60)),
      timeInForce: 'IOC',
    };
  }

  async #cancelOldest(idempotencyKey: string): Promise<readonly Booking[]> {
    const own = this.#open.shift();
    if (!own) return [];
    await this.#market.cancelOrder(own.renter, { idempotencyKey, orderId: own.id });
    return [];
  }
}
