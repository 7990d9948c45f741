import { expect, test } from 'vitest';
import * as errors from '../../../src/domain/errors.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/domain/time.ts';
import { describeOnBothEngines } from '../../support/engines.ts';
import {
  bookingOf,
  cancellationOf,
  extensionOf,
  refusalOf,
} from '../../support/market-commands.ts';
import type { MarketNode } from '../../support/market-node.ts';
import { inHours, seedMarket, USD, viewer, type UnitSeed } from '../../support/market-seed.ts';

async function booked({ market, db }: MarketNode, options: UnitSeed = {}) {
  const seed = await seedMarket(db);
  const gpuId = await seed.unit(options);
  const renter = viewer('RENTER');
  const { booking } = await market.createBooking(renter, bookingOf(gpuId, inHours(4)));
  return { ...seed, gpuId, renter, booking, end: booking.period.end };
}

describeOnBothEngines('extending', (node) => {
  test('adds time at the price of now; what was booked keeps its own', async () => {
    const { market, db } = node();
    const { gpuId, renter, booking, end } = await booked(node());
    await db
      .updateTable('offer')
      .set({ rate_micros: 3n * USD })
      .where('gpu_id', '=', gpuId)
      .execute();
    const outcome = await market.extendBooking(renter, extensionOf(booking.id, end + HOUR_MS));
    expect(outcome).toMatchObject({ additionalMicros: 24n * USD, replayed: false });
    expect(outcome.booking).toMatchObject({
      status: 'CONFIRMED',
      period: { start: booking.period.start, end: end + HOUR_MS },
      rateMicros: 2n * USD,
      totalMicros: 56n * USD,
      version: 2,
    });
    const [found] = await market.reads.units([gpuId]);
    expect(found?.value).toMatchObject({ version: 3, busy: [outcome.booking.period] });
  });

  test('is refused up to the next booking of somebody else', async () => {
    const { market } = node();
    const { gpuId, renter, booking, end } = await booked(node());
    await market.createBooking(viewer('RENTER'), bookingOf(gpuId, inHours(7)));
    const attempt = market.extendBooking(renter, extensionOf(booking.id, end + 2 * HOUR_MS));
    const refusal = await refusalOf(errors.GpuUnavailableError, attempt);
    expect(refusal).toMatchObject({ gpuId, conflictingUntil: inHours(7).end });
    const touching = extensionOf(booking.id, inHours(7).start);
    expect((await market.extendBooking(renter, touching)).additionalMicros).toBe(16n * USD);
  });

  test('is refused above the given price', async () => {
    const { market } = node();
    const { renter, booking, end } = await booked(node());
    const command = extensionOf(booking.id, end + HOUR_MS, { maxRateMicros: 1n * USD });
    const refusal = await refusalOf(
      errors.PriceChangedError,
      market.extendBooking(renter, command),
    );
    expect(refusal).toMatchObject({ quotedMicros: 1n * USD, currentMicros: 2n * USD });
  });

  test('is refused for another version of the booking', async () => {
    const { market } = node();
    const { renter, booking, end } = await booked(node());
    await market.extendBooking(renter, extensionOf(booking.id, end + HOUR_MS, { ifVersion: 1 }));
    const stale = extensionOf(booking.id, end + 2 * HOUR_MS, { ifVersion: 1 });
    const refusal = await refusalOf(
      errors.VersionConflictError,
      market.extendBooking(renter, stale),
    );
    expect(refusal.currentVersion).toBe(2);
  });

  test('goes forward, in whole minutes, within the offer’s longest time and 90 days', async () => {
    const { market } = node();
    const { renter, booking, end } = await booked(node(), { minutes: [60, 240] });
    for (const newEnd of [
      end,
      end - HOUR_MS,
      end + 1000,
      end + 121 * MINUTE_MS,
      end + 90 * DAY_MS,
    ]) {
      const attempt = market.extendBooking(renter, extensionOf(booking.id, newEnd));
      const refusal = await refusalOf(errors.InvalidInputError, attempt);
      expect(refusal.path).toEqual(['input', 'newEnd']);
    }
  });

  test('is refused while the unit is off, and once the booking is cancelled', async () => {
    const { market } = node();
    const { gpuId, provider, renter, booking, end } = await booked(node());
    const owner = viewer('PROVIDER', provider);
    const status = { gpuId, reason: null, ifVersion: null };
    await market.setGpuStatus(owner, { ...status, status: 'OFFLINE' });
    const off = market.extendBooking(renter, extensionOf(booking.id, end + HOUR_MS));
    expect(await refusalOf(errors.GpuUnavailableError, off)).toMatchObject({
      conflictingUntil: null,
      nextFreeWindow: null,
    });
    await market.setGpuStatus(owner, { ...status, status: 'AVAILABLE' });
    await market.cancelBooking(renter, cancellationOf(booking.id));
    const over = market.extendBooking(renter, extensionOf(booking.id, end + HOUR_MS));
    expect((await refusalOf(errors.StateConflictError, over)).currentStatus).toBe('CANCELLED');
  });

  test('a foreign booking is not found', async () => {
    const { market } = node();
    const { booking, end } = await booked(node());
    const command = extensionOf(booking.id, end + HOUR_MS);
    await refusalOf(errors.NotFoundError, market.extendBooking(viewer('RENTER'), command));
  });
});
