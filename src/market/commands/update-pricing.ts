import { statsKeysOf } from '../../domain/cache-key.ts';
import { isSlug } from '../../domain/catalog.ts';
import { NotFoundError } from '../../domain/errors.ts';
import { divideHalfUp, type Micros } from '../../domain/money.ts';
import { MINUTE_MS } from '../../domain/time.ts';
import type { Viewer } from '../../domain/viewer.ts';
import { appendAudit } from '../../store/audit-store.ts';
import { databaseNow, lockBooks } from '../../store/locks.ts';
import {
  pairBase,
  readPairPrice,
  repriceDynamicOffers,
  writePairPrice,
} from '../../store/price-store.ts';
import { pricingUpdated } from '../event-drafts.ts';
import { requireRate, requireReason } from '../input-rules.ts';
import type { UpdatePricingCommand } from '../command-types.ts';
import type { UnitOfWork } from '../unit-of-work.ts';

/** The price rule leaves an operator's price alone this long. */
const HELD_MS = 5 * MINUTE_MS;

/** Sets a pair's reference price to exactly the given value and reprices its DYNAMIC offers. */
export async function updatePricing(
  unitOfWork: UnitOfWork,
  viewer: Viewer,
  command: UpdatePricingCommand,
): Promise<{ previousMicros: Micros }> {
  const { gpuType, region, rateMicros, reason } = command;
  requireRate(rateMicros, ['input', 'usdPerGpuHour']);
  requireReason(reason, true);
  const notFound = new NotFoundError('The market of this GPU type and region', ['input']);
  if (!isSlug(gpuType) || !isSlug(region)) throw notFound;
  const pair = { gpuType, region };
  return unitOfWork(async (work) => {
    await lockBooks(work.tx, [pair]);
    const old = await readPairPrice(work.tx, pair);
    if (!old) throw notFound;
    const now = await databaseNow(work.tx);
    // Without offers, or with free ones (an import may bring them), the price is its own base.
    const base = (await pairBase(work.tx, pair)) || rateMicros;
    const multiplierMillionths = divideHalfUp(rateMicros * 1_000_000n, base);
    await writePairPrice(
      work.tx,
      pair,
      { rateMicros, multiplierMillionths },
      { now, heldUntil: now + HELD_MS },
    );
    const unitIds = await repriceDynamicOffers(work.tx, pair, multiplierMillionths, now);
    const { accountId } = viewer;
    const subject = `${gpuType}@${region}`;
    await appendAudit(work.tx, { accountId, action: 'updatePricing', subject, reason });
    // What offers ask is part of statistics, of which this command publishes no event.
    const stats = unitIds.length > 0 ? statsKeysOf(pair) : [];
    const pricing = { ...pair, rateMicros, previousMicros: old.rateMicros };
    work.emit(pricingUpdated(pricing, unitIds, stats), now);
    work.tick(pair, rateMicros, now);
    work.touch(pair, now, { unitIds, freer: false });
    return { previousMicros: old.rateMicros ?? rateMicros };
  });
}
