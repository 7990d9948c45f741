import { randomUUID } from 'node:crypto';
import { NotFoundError } from '../../domain/errors.ts';
import { pairOfUnit } from '../../domain/gpu.ts';
import { totalCost } from '../../domain/money.ts';
import { QUOTE_TTL_MS, type Quote } from '../../domain/quote.ts';
import type { Interval } from '../../domain/time.ts';
import type { Viewer } from '../../domain/viewer.ts';
import { bookingsOfUnits } from '../../store/booking-store.ts';
import type { Db } from '../../store/database.ts';
import { insertQuote } from '../../store/quote-store.ts';
import { inTransaction } from '../../store/transaction.ts';
import { readUnitStates } from '../../store/unit-write-store.ts';
import { requireDuration, requirePeriodInTime, requirePeriodShape } from '../input-rules.ts';
import { LOOK_BACK_MS, requireFree, requireOffer } from '../slot-rules.ts';

const PERIOD = ['period'];

/**
 * Promises today's price of a unit and period for 60 s. It reserves nothing and takes no lock, so the
 * unit may be gone when the quote is used.
 */
export async function quote(
  db: Db,
  viewer: Viewer | null,
  gpuId: string,
  period: Interval,
): Promise<Quote> {
  requirePeriodShape(period, PERIOD);
  return inTransaction(db, async (tx) => {
    const [state] = pairOfUnit(gpuId) ? await readUnitStates(tx, [gpuId]) : [];
    if (!state) throw new NotFoundError('The GPU', ['gpuId']);
    const { unit, now } = state;
    requirePeriodInTime(period, now, PERIOD);
    const slot = { unit, now, bookings: await bookingsOfUnits(tx, [gpuId], LOOK_BACK_MS) };
    requireFree(slot, period);
    const offer = requireOffer(slot, period);
    requireDuration(period, offer, PERIOD);
    const made: Quote = {
      id: randomUUID(),
      gpuId,
      gpuCount: unit.gpuCount,
      period: { start: period.start, end: period.end },
      rateMicros: offer.rateMicros,
      totalMicros: totalCost(offer.rateMicros, unit.gpuCount, period.end - period.start),
      validUntil: now + QUOTE_TTL_MS,
    };
    await insertQuote(tx, made, viewer?.accountId ?? null);
    return made;
  });
}
