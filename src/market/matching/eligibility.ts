import { TRUST_TIERS } from '../../domain/catalog.ts';
import { HOUR_MS, MINUTE_MS } from '../../domain/time.ts';
import type { Order } from '../../domain/order.ts';
import { conflicts, type Slot } from '../slot-rules.ts';

/** An ask stands in the book while its unit is free this long from now. */
const FREE_AHEAD_MS = HOUR_MS;

/**
 * Whether the order may take the unit, as it is under its locks: what the look-up of candidates asked of
 * the database, once more, because locking a unit settles what is due. Source: design "The market",
 * Order book and matching.
 */
export function isEligible(order: Order, slot: Slot): boolean {
  const { unit, now } = slot;
  const { offer } = unit;
  if (unit.status !== 'AVAILABLE' || offer?.status !== 'ACTIVE') return false;
  if (unit.provider === order.accountId || offer.rateMicros > order.limitMicros) return false;
  if (order.gpusPerUnit !== null && unit.gpuCount !== order.gpusPerUnit) return false;
  if (order.minTrustTier !== null && rank(unit.trustTier) < rank(order.minTrustTier)) return false;
  const { start, end } = order.period;
  const minutes = (end - start) / MINUTE_MS;
  if (minutes < offer.minDurationMinutes || minutes > offer.maxDurationMinutes) return false;
  const ahead = { start: now, end: now + FREE_AHEAD_MS };
  return conflicts(slot, order.period).length === 0 && conflicts(slot, ahead).length === 0;
}

function rank(tier: (typeof TRUST_TIERS)[number]): number {
  return TRUST_TIERS.indexOf(tier);
}
