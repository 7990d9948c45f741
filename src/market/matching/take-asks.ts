import type { Order } from '../../domain/order.ts';
import { eligibleAsks } from '../../store/match-store.ts';
import { LockedUnit } from '../locked-unit.ts';
import type { Work } from '../unit-of-work.ts';
import { isEligible } from './eligibility.ts';

/**
 * Locks the units that a new order takes, best ask first, as many as it wants or as there are. Nothing
 * is booked yet, so that all or nothing can be decided. The book's lock is held.
 */
export async function lockBestAsks(work: Work, order: Order): Promise<LockedUnit[]> {
  const units: LockedUnit[] = [];
  const tried: string[] = [];
  for (;;) {
    const limit = order.quantity - units.length;
    const ids = await eligibleAsks(work.tx, order, { limit, without: tried });
    const locked = await LockedUnit.lockInBook(work, ids);
    units.push(...locked.filter((unit) => isEligible(order, unit)));
    if (units.length === order.quantity || ids.length < limit) return units;
    tried.push(...ids);
  }
}
