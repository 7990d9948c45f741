import type { Pair } from '../domain/catalog.ts';
import type { Unit } from '../domain/gpu.ts';
import type { EpochMs } from '../domain/time.ts';
import type { Viewer } from '../domain/viewer.ts';
import type { Market } from '../market/types.ts';
import type { Random } from './random.ts';
import { DemoOrders } from './orders.ts';
import { isDemoModel, isDemoUnit, isIdle, nextPrice } from './rules.ts';
import { inMinutes, viewer } from './viewer.ts';

/** What one run of the demo may have going at the same time. */
const MAX_BOOKINGS = 40;
const MAX_HOLDS = 4;
const MAX_IN_MAINTENANCE = 4;

const HOLD_TTL_SECONDS = 30;
const HOLD_MINUTES = 30;
const RENTERS = 6;

interface OwnBooking {
  readonly id: string;
  readonly renter: Viewer;
  readonly endsAt: EpochMs;
}

/** One who acts on the market at random, as renters, providers and the operator of the demo. */
export class DemoActor {
  readonly #market: Market;
  readonly #random: Random;
  readonly #orders: DemoOrders;
  readonly #run: string;
  #bookings: OwnBooking[] = [];
  #holdEnds: EpochMs[] = [];
  /** Units that this run took out for maintenance. */
  readonly #inMaintenance = new Map<string, Unit>();
  #calls = 0;

  constructor(market: Market, random: Random, nodeId: string) {
    this.#market = market;
    this.#random = random;
    this.#orders = new DemoOrders(market, random);
    this.#run = `demo:${nodeId}:${Date.now()}`;
  }

  /** Does one thing; throws what the market throws. */
  async act(): Promise<void> {
    this.#forgetEnded(Date.now());
    const dice = this.#random.next();
    if (dice < 0.25) await this.#book();
    else if (dice < 0.6) await this.#movePrice();
    else if (dice < 0.68) await this.#cancel();
    else if (dice < 0.74) await this.#hold();
    else if (dice < 0.82) await this.#maintain();
    else await this.#trade();
  }

  async #book(): Promise<void> {
    if (this.#bookings.length >= MAX_BOOKINGS) return this.#cancel();
    const unit = await this.#idleUnit();
    if (!unit) return;
    const renter = this.#renter();
    const period = inMinutes(this.#random.between(0, 20), this.#random.between(15, 60));
    const { booking } = await this.#market.createBooking(renter, {
      idempotencyKey: this.#nextKey(),
      gpuId: unit.id,
      quoteId: null,
      holdId: null,
      period,
      maxRateMicros: null,
      ifVersion: null,
    });
    this.#bookings.push({ id: booking.id, renter, endsAt: period.end });
  }

  async #trade(): Promise<void> {
    if (this.#bookings.length >= MAX_BOOKINGS) return this.#cancel();
    const { pairs } = (await this.#market.reads.catalog()).value;
    const renter = this.#renter();
    for (const { id, period } of await this.#orders.act(renter, pairs, () => this.#nextKey()))
      this.#bookings.push({ id, renter, endsAt: period.end });
  }

  async #cancel(): Promise<void> {
    const own = this.#bookings.shift();
    if (!own) return;
    await this.#market.cancelBooking(own.renter, {
      idempotencyKey: this.#nextKey(),
      bookingId: own.id,
      reason: 'demo market',
      maxFeeMicros: null,
    });
  }

  async #hold(): Promise<void> {
    const unit = this.#holdEnds.length < MAX_HOLDS ? await this.#idleUnit() : undefined;
    if (!unit) return;
    const { booking } = await this.#market.holdGpu(this.#renter(), {
      idempotencyKey: this.#nextKey(),
      gpuId: unit.id,
      period: inMinutes(0, HOLD_MINUTES),
      ttlSeconds: HOLD_TTL_SECONDS,
    });
    if (booking.holdExpiresAt !== null) this.#holdEnds.push(booking.holdExpiresAt);
  }

  async #movePrice(): Promise<void> {
    const pair = await this.#pair();
    const [price] = pair ? await this.#market.reads.prices([pair]) : [];
    if (!price?.value) return;
    const { gpuType, region } = price.value;
    const rateMicros = nextPrice(price.value, this.#random);
    if (rateMicros === price.value.rateMicros) return;
    const operator = viewer('demo-operator', 'OPERATOR');
    await this.#market.updatePricing(operator, {
      gpuType,
      region,
      rateMicros,
      reason: 'demo market',
    });
  }

  /** Takes a unit out, or brings one back: its own, and whatever an earlier run left behind. */
  async #maintain(): Promise<void> {
    const units = await this.#demoUnits();
    const [oldest] = this.#inMaintenance.values();
    const full = this.#inMaintenance.size >= MAX_IN_MAINTENANCE;
    const out = units.find((unit) => unit.status === 'MAINTENANCE') ?? (full ? oldest : undefined);
    if (out) {
      this.#inMaintenance.delete(out.id);
      return this.#setStatus(out, 'AVAILABLE');
    }
    const unit = this.#random.pick(units.filter(isIdle));
    if (!unit) return;
    this.#inMaintenance.set(unit.id, unit);
    await this.#setStatus(unit, 'MAINTENANCE');
  }

  async #setStatus(unit: Unit, status: 'AVAILABLE' | 'MAINTENANCE'): Promise<void> {
    const provider = viewer(unit.provider, 'PROVIDER');
    const command = { gpuId: unit.id, status, reason: null, ifVersion: null };
    await this.#market.setGpuStatus(provider, command);
  }

  async #pair(): Promise<Pair | undefined> {
    const { pairs } = (await this.#market.reads.catalog()).value;
    return this.#random.pick(pairs.filter((pair) => isDemoModel(pair.gpuType)));
  }

  async #demoUnits(): Promise<Unit[]> {
    const pair = await this.#pair();
    const [list] = pair ? await this.#market.reads.unitLists([pair]) : [];
    return (list?.value ?? []).filter(isDemoUnit);
  }

  async #idleUnit(): Promise<Unit | undefined> {
    return this.#random.pick((await this.#demoUnits()).filter(isIdle));
  }

  #renter(): Viewer {
    return viewer(`demo-renter-${this.#random.between(1, RENTERS)}`, 'RENTER');
  }

  #nextKey(): string {
    this.#calls += 1;
    return `${this.#run}:${this.#calls}`;
  }

  #forgetEnded(now: EpochMs): void {
    this.#bookings = this.#bookings.filter((own) => own.endsAt > now);
    this.#holdEnds = this.#holdEnds.filter((end) => end > now);
  }
}
