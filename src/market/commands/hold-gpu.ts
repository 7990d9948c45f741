import { randomUUID } from 'node:crypto';
import type { Booking } from '../../domain/booking.ts';
import { InvalidInputError } from '../../domain/errors.ts';
import { totalCost } from '../../domain/money.ts';
import { SECOND_MS } from '../../domain/time.ts';
import type { Viewer } from '../../domain/viewer.ts';
import { countLiveHolds } from '../../store/booking-store.ts';
import { databaseNow, lockAccount } from '../../store/locks.ts';
import { idempotently, type Remembered } from '../idempotent.ts';
import { requireDuration, requirePeriodInTime } from '../input-rules.ts';
import { requirePeriodShape, requireRange } from '../input-rules.ts';
import { LockedUnit } from '../locked-unit.ts';
import { requireFree, requireOffer } from '../slot-rules.ts';
import type { HoldGpuCommand } from '../command-types.ts';
import type { UnitOfWork, Work } from '../unit-of-work.ts';

const PERIOD = ['input', 'period'];
const TTL_SECONDS = [30, 900] as const;
const MAX_LIVE_HOLDS = 20;

/** Reserves a unit for a short while, at the longest until its period ends, at today's price. */
export async function holdGpu(
  unitOfWork: UnitOfWork,
  { accountId }: Viewer,
  command: HoldGpuCommand,
): Promise<Remembered<{ bookingId: string }>> {
  requirePeriodShape(command.period, PERIOD);
  requireRange(command.ttlSeconds, TTL_SECONDS, ['input', 'ttlSeconds']);
  return idempotently(unitOfWork, { operation: 'holdGpu', accountId, command }, async (work) => {
    await lockAccount(work.tx, accountId);
    await requireFewHolds(work, accountId);
    const locked = await LockedUnit.lock(work, command.gpuId);
    requirePeriodInTime(command.period, locked.now, PERIOD);
    requireFree(locked, command.period);
    const offer = requireOffer(locked, command.period);
    requireDuration(command.period, offer, PERIOD);
    const booking = newBooking(locked, accountId, command.period, offer.rateMicros);
    const runsOut = locked.now + command.ttlSeconds * SECOND_MS;
    const holdExpiresAt = Math.min(runsOut, command.period.end);
    await locked.add({ ...booking, status: 'HELD', holdExpiresAt }, 'HELD');
    return { bookingId: booking.id };
  });
}

/** A booking of the locked unit as it begins: CONFIRMED, at the given rate. */
export function newBooking(
  locked: LockedUnit,
  accountId: string,
  period: Booking['period'],
  rateMicros: bigint,
): Booking {
  const { id, gpuCount } = locked.unit;
  return {
    id: randomUUID(),
    gpuId: id,
    accountId,
    status: 'CONFIRMED',
    period: { start: period.start, end: period.end },
    rateMicros,
    gpuCount,
    totalMicros: totalCost(rateMicros, gpuCount, period.end - period.start),
    refundedMicros: 0n,
    holdExpiresAt: null,
    version: 1,
    createdAt: locked.now,
    cancelledAt: null,
    orderId: null,
  };
}

async function requireFewHolds(work: Work, accountId: string): Promise<void> {
  const holds = await countLiveHolds(work.tx, accountId, await databaseNow(work.tx));
  if (holds < MAX_LIVE_HOLDS) return;
  const message = `An account has at most ${MAX_LIVE_HOLDS} live holds; book or cancel one first.`;
  throw new InvalidInputError(message, ['input'], `at most ${MAX_LIVE_HOLDS} live holds`);
}
