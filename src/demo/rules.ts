import type { Unit } from '../domain/gpu.ts';
import { clampMicros, divideHalfUp, type Micros } from '../domain/money.ts';
import type { Price } from '../domain/price.ts';
import { DEMO_LISTINGS, DEMO_PROVIDERS, MICROS_PER_CENT } from './catalogue.ts';
import type { Random } from './random.ts';

/** Only units whose number is divisible by this are the demo's to book and switch. */
const EVERY_NTH_UNIT = 3;
/** A price moves by at most this share at a time and stays within 25 % of what its model costs. */
const PRICE_STEP_PERMILLE = 25;

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
