import { randomUUID } from 'node:crypto';
import { LIVE_STATUSES } from '../../../src/domain/booking.ts';
import { unitId } from '../../../src/domain/gpu.ts';
import { TIMES_IN_FORCE } from '../../../src/domain/order.ts';
import { floorMinute, HOUR_MS, type Interval } from '../../../src/domain/time.ts';
import type { TokenRole, Viewer } from '../../../src/domain/viewer.ts';
import type { Market } from '../../../src/market/types.ts';
import { bookingOf, cancellationOf, holdOf, offerOf } from '../market-commands.ts';
import type { CrowdSettings } from './crowd-types.ts';
import { microsOf, periodOf } from './scale.ts';
import { pairOfStory } from './story-seed.ts';

type Act = () => Promise<unknown>;

/** What a command answers that found nothing to cancel. */
export const NOTHING_TO_DO = 'NOTHING TO DO';

const CENTS = [150, 175, 200, 225, 250];
const KEPT = 60;
const DAYS = 40;

/** One process's share of a crowd in a few books: random commands by renters, providers and an operator. */
export class CrowdCommands {
  readonly #market: Market;
  readonly #settings: CrowdSettings;
  readonly #origin = floorMinute(Date.now());
  readonly #renter: Viewer;
  readonly #operator: Viewer;
  /** Own ones that may still be cancelled. */
  readonly #orders: string[] = [];

  constructor(market: Market, settings: CrowdSettings) {
    this.#market = market;
    this.#settings = settings;
    this.#renter = viewerOf('RENTER', `renter-${settings.nodeId}`);
    this.#operator = viewerOf('OPERATOR', `operator-${settings.nodeId}`);
  }

  /** Something to do, with its name. */
  next(): readonly [name: string, act: Act] {
    return pick<readonly [string, Act]>([
      ['placeOrder', () => this.#place()],
      ['placeOrder', () => this.#place()],
      ['placeOrder', () => this.#place()],
      ['cancelOrder', () => this.#cancelOrder()],
      ['createBooking', () => this.#book()],
      ['createBooking', () => this.#book()],
      ['cancelBooking', () => this.#cancelBooking()],
      ['cancelBooking', () => this.#cancelBooking()],
      ['holdGpu', () => this.#hold()],
      ['upsertOffer', () => this.#offer()],
      ['upsertOffer', () => this.#offer()],
      ['setGpuStatus', () => this.#status()],
      ['updatePricing', () => this.#reprice()],
    ]);
  }

  async #place(): Promise<void> {
    const { order } = await this.#market.placeOrder(this.#renter, {
      ...key(),
      ...pairOfStory(pick(this.#settings.regions)),
      quantity: 1 + below(4),
      gpusPerUnit: pick([null, null, 4, 8]),
      limitMicros: microsOf(pick(CENTS)),
      period: this.#period(),
      timeInForce: pick([...TIMES_IN_FORCE, 'GTC']),
      expiresAt: null,
      minTrustTier: pick([null, null, 'VERIFIED']),
    });
    keep(this.#orders, order.id);
  }

  async #cancelOrder(): Promise<unknown> {
    const orderId = take(this.#orders);
    if (orderId === undefined) return NOTHING_TO_DO;
    return this.#market.cancelOrder(this.#renter, { ...key(), orderId });
  }

  #book(): Promise<unknown> {
    const command = bookingOf(this.#unit(), this.#period(), key());
    return this.#market.createBooking(this.#renter, command);
  }

  /** Anybody's, so that two may cancel the same one, and what resting bids got is given back too. */
  async #cancelBooking(): Promise<unknown> {
    const page = { first: 50, after: null, status: LIVE_STATUSES, gpuId: this.#unit() };
    const { bookings } = await this.#market.bookings(this.#operator, page);
    if (bookings.length === 0) return NOTHING_TO_DO;
    const command = cancellationOf(pick(bookings).id, key());
    return this.#market.cancelBooking(this.#operator, command);
  }

  #hold(): Promise<unknown> {
    const command = holdOf(this.#unit(), { ...key(), period: this.#period(), ttlSeconds: 30 });
    return this.#market.holdGpu(this.#renter, command);
  }

  #offer(): Promise<unknown> {
    const status = pick(['ACTIVE', 'ACTIVE', 'ACTIVE', 'PAUSED'] as const);
    const change = { ...key(), baseMicros: microsOf(pick(CENTS)), status };
    return this.#market.upsertOffer(this.#operator, offerOf(this.#unit(), change));
  }

  #status(): Promise<unknown> {
    const status = pick(['AVAILABLE', 'AVAILABLE', 'OFFLINE'] as const);
    const change = { status, reason: null, ifVersion: null };
    return this.#market.setGpuStatus(this.#operator, { gpuId: this.#unit(), ...change });
  }

  #reprice(): Promise<unknown> {
    const price = { rateMicros: microsOf(pick(CENTS)), reason: 'the crowd moves' };
    const pair = pairOfStory(pick(this.#settings.regions));
    return this.#market.updatePricing(this.#operator, { ...pair, ...price });
  }

  #unit(): string {
    const { regions, unitsPerBook } = this.#settings;
    return unitId(pairOfStory(pick(regions)), 1 + below(unitsPerBook));
  }

  /** One in six takes the unit out of the book; the others lie on a grid, so that they meet. */
  #period(): Interval {
    const start = below(6) === 0 ? 30 : 120 + 180 * below(DAYS * 8);
    return periodOf([start, start + 60 + 65 * below(3)], this.#origin);
  }
}

function viewerOf(role: TokenRole, accountId: string): Viewer {
  return { role, accountId, expiresAt: Date.now() + HOUR_MS };
}

function key(): { readonly idempotencyKey: string } {
  return { idempotencyKey: randomUUID() };
}

function below(count: number): number {
  return Math.floor(Math.random() * count);
}

function pick<T>(values: readonly T[]): T {
  const value = values[below(values.length)];
  if (value === undefined) throw new Error('there is nothing to pick from');
  return value;
}

function keep(list: string[], id: string): void {
  list.push(id);
  if (list.length > KEPT) list.shift();
}

function take(list: string[]): string | undefined {
  return list.splice(below(list.length), 1)[0];
}
