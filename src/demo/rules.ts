import type { Pair } from '../domain/catalog.ts';
import { isBookable, type Unit } from '../domain/gpu.ts';
import { clampMicros, divideHalfUp, type Micros } from '../domain/money.ts';
import type { Price } from '../domain/price.ts';
import { DEMO_LISTINGS, DEMO_PROVIDERS, DEMO_REGIONS, MICROS_PER_CENT } from './catalogue.ts';
import type { Random } from './random.ts';

/** Only units whose number is divisible by this are the demo's to book and switch. */
const EVERY_NTH_UNIT = 3;
/** A price moves by at most this share at a time and stays within 25 % of what its model costs. */
const PRICE_STEP_PERMILLE = 25;

/** Where the demo bids: few books, so that each has several orders. */
const TRADED_MODELS = new Set(['h100-sxm', 'a100-sxm-80gb', 'rtx-4090']);
const TRADED_REGIONS = new Set(DEMO_REGIONS.slice(0, 2).map(({ code }) => code));

const SLUGS = new Set(DEMO_PROVIDERS.map((provider) => provider.slug));
const COSTS = new Map(
  DEMO_LISTINGS.map(({ model, cents }) => [model, BigInt(cents) * MICROS_PER_CENT]),
);

/** Whether the demo moves prices of this model and looks for units in its pairs. */
export function isDemoModel(gpuType: string): boolean {
  return COSTS.has(gpuType);
}

/** Whether the demo may touch the unit; all others are left to whoever tries the market out. */
export function isDemoUnit(unit: Pick<Unit, 'id' | 'provider'>): boolean {
  const number = Number(unit.id.slice(unit.id.lastIndexOf('/') + 1));
  return SLUGS.has(unit.provider) && number % EVERY_NTH_UNIT === 0;
}

/** The next price of a pair in whole cents: a small step, kept near what its model costs. */
export function nextPrice(price: Pick<Price, 'gpuType' | 'rateMicros'>, random: Random): Micros {
  const permille = BigInt(1000 + random.between(-PRICE_STEP_PERMILLE, PRICE_STEP_PERMILLE));
  const cents = divideHalfUp(price.rateMicros * permille, 1000n * MICROS_PER_CENT);
  const cost = COSTS.get(price.gpuType) ?? price.rateMicros;
  return clampMicros(cents * MICROS_PER_CENT, (cost * 75n) / 100n, (cost * 125n) / 100n);
}

/** Whether the demo places orders in the book of the pair. */
export function isTraded({ gpuType, region }: Pair): boolean {
  return TRADED_MODELS.has(gpuType) && TRADED_REGIONS.has(region);
}

/**
 * A limit in whole cents below everything that the units can come to cost while nobody names a new
 * price: not even a falling market sells a unit that the demo may not touch. Null without offers.
 */
export function restingLimit(units: readonly Unit[], random: Random): Micros | null {
  const lowest = units.flatMap(({ offer }) => {
    if (!offer) return [];
    return offer.mode === 'FIXED' ? offer.rateMicros : offer.floorMicros;
  });
  const [first, ...rest] = lowest;
  if (first === undefined) return null;
  const floor = rest.reduce((least, micros) => (micros < least ? micros : least), first);
  const cents = (floor * BigInt(random.between(80, 99))) / (100n * MICROS_PER_CENT);
  return cents > 0n ? cents * MICROS_PER_CENT : null;
}

/**
 * A free unit of the demo that is cheaper than every other one of its size: an order for that size at
 * its price takes it and no other. Undefined when there is none.
 */
export function cheapestOwn(units: readonly Unit[]): Unit | undefined {
  const asks = units.filter(isBookable);
  return asks.find(
    (own) =>
      isDemoUnit(own) &&
      isIdle(own) &&
      asks.every((ask) => ask === own || ask.gpuCount !== own.gpuCount || isDearer(ask, own)),
  );
}

function isDearer(ask: Unit, than: Unit): boolean {
  return !!ask.offer && !!than.offer && ask.offer.rateMicros > than.offer.rateMicros;
}

/** Whether the unit can be booked for any time. */
export function isIdle(unit: Unit): boolean {
  return isBookable(unit) && unit.busy.length === 0;
}
