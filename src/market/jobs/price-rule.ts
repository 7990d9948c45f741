import type { Pair } from '../../domain/catalog.ts';
import type { Logger, Running } from '../../domain/logger.ts';
import { divideHalfUp, type Micros } from '../../domain/money.ts';
import { PRICE_CADENCE_MS, priceStep, type PriceState } from '../../domain/price-rule.ts';
import { SECOND_MS, type EpochMs } from '../../domain/time.ts';
import type { Db } from '../../store/database.ts';
import { databaseNow, lockBooks } from '../../store/locks.ts';
import {
  pairsToPrice,
  postponePriceLook,
  readPricePosition,
  writePriceLook,
} from '../../store/price-rule-store.ts';
import { repriceDynamicOffers, writePairPrice } from '../../store/price-store.ts';
import { pricingUpdated } from '../event-drafts.ts';
import type { UnitOfWork, Work } from '../unit-of-work.ts';
import { repeat } from './repeat.ts';

const POLL_MS = SECOND_MS;
const BATCH = 50;

interface PriceRuleDeps {
  readonly db: Db;
  readonly unitOfWork: UnitOfWork;
  readonly logger: Logger;
}

/**
 * Looks once at every pair that is due. Candidates are read without locks; each is looked at in a small
 * transaction under its book's lock that asks again whether it is due, so any number of nodes may run
 * this and each step is taken once.
 */
export async function priceDue(deps: PriceRuleDeps): Promise<void> {
  for (const pair of await pairsToPrice(deps.db, BATCH)) {
    try {
      await deps.unitOfWork((work) => look(work, pair));
    } catch (error) {
      deps.logger.warn({ err: error, pair }, 'a pair could not be priced and will be tried again');
    }
  }
}

async function look(work: Work, pair: Pair): Promise<void> {
  await lockBooks(work.tx, [pair]);
  const now = await databaseNow(work.tx);
  const position = await readPricePosition(work.tx, pair);
  if (!position || position.dueAt > now) return;
  const { heldUntil, state } = position;
  if (heldUntil !== null && heldUntil > now) {
    return await postponePriceLook(work.tx, pair, heldUntil);
  }
  const dueAt = now + PRICE_CADENCE_MS;
  if (!state) return await postponePriceLook(work.tx, pair, dueAt);
  const { smoothed, rateMicros } = priceStep(state);
  await writePriceLook(work.tx, pair, { smoothed, ranAt: now, dueAt });
  if (rateMicros !== null) await publish(work, pair, { ...state, rateMicros }, state, now);
}

async function publish(
  work: Work,
  pair: Pair,
  { rateMicros, baseMicros }: PriceState,
  { rateMicros: previousMicros }: { readonly rateMicros: Micros },
  now: EpochMs,
): Promise<void> {
  const multiplierMillionths = divideHalfUp(rateMicros * 1_000_000n, baseMicros);
  const price = { rateMicros, multiplierMillionths };
  await writePairPrice(work.tx, pair, price, { now, heldUntil: null });
  const unitIds = await repriceDynamicOffers(work.tx, pair, multiplierMillionths, now);
  work.emit(pricingUpdated({ ...pair, rateMicros, previousMicros }, unitIds), now);
  work.tick(pair, rateMicros, now);
  work.touch(pair, now, { stats: true, unitIds, freer: false });
}

/** Runs the price rule on this node until stopped. */
export function startPriceRule(deps: PriceRuleDeps): Running {
  return repeat('price rule', POLL_MS, () => priceDue(deps), deps.logger);
}
