import type { Pair } from '../../domain/catalog.ts';
import { withFilled, type Order } from '../../domain/order.ts';
import { clearMatchDue, dueAsks, nextBids, type RestingBid } from '../../store/match-store.ts';
import { updateOrder } from '../../store/order-store.ts';
import { LockedUnit } from '../locked-unit.ts';
import type { Work } from '../unit-of-work.ts';
import { bookUnits } from './book-units.ts';
import { isEligible } from './eligibility.ts';

/** So many asks are looked at, and so many units change hands, in one transaction at most. */
const MAX_ASKS = 50;
const MAX_FILLS = 50;
/** Bids that are read at a time. */
const PAGE = 500;

/**
 * Serves the pair's resting bids from its improved asks: the best bid first, then the earliest; each
 * takes the lowest asks that it may, at its own limit. The book's lock is held. Returns whether more may
 * be left to serve.
 */
export async function serveBids(work: Work, pair: Pair): Promise<boolean> {
  const asks = await dueAsks(work.tx, pair, MAX_ASKS);
  const [lowest] = asks;
  if (!lowest) return false;
  const ids = asks.map(({ gpuId }) => gpuId);
  const units = await LockedUnit.lockInBook(work, ids);
  const sizes = [...new Set(asks.map(({ gpuCount }) => gpuCount))];
  const wanted = { atLeastMicros: lowest.rateMicros, sizes };
  let fills = 0;
  let after: RestingBid | null = null;
  do {
    const bids: RestingBid[] = await nextBids(work.tx, pair, wanted, { after, limit: PAGE });
    for (const { order } of bids) {
      fills += await serve(work, order, units, MAX_FILLS - fills);
      if (fills === MAX_FILLS) return true;
    }
    after = bids.length === PAGE ? (bids.at(-1) ?? null) : null;
  } while (after);
  await clearMatchDue(work.tx, ids);
  return asks.length === MAX_ASKS;
}

/** Returns how many of the units, which stand in the order of their asks, the order got. */
async function serve(
  work: Work,
  order: Order,
  units: readonly LockedUnit[],
  limit: number,
): Promise<number> {
  const wanted = Math.min(order.quantity - order.filledQuantity, limit);
  const taken: LockedUnit[] = [];
  for (const unit of units) {
    if (taken.length === wanted) break;
    if (isEligible(order, unit)) taken.push(unit);
  }
  if (taken.length > 0) await fill(work, order, taken);
  return taken.length;
}

async function fill(work: Work, order: Order, units: readonly LockedUnit[]): Promise<void> {
  const { bookings } = await bookUnits(work, order, units, order.limitMicros);
  const filled = withFilled(order, units.length);
  await updateOrder(work.tx, filled);
  work.changeOrder(order, filled, bookings.at(-1)?.createdAt ?? order.createdAt);
}
