import { expect, test } from 'vitest';
import * as errors from '../../../src/domain/errors.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS, floorMinute } from '../../../src/domain/time.ts';
import { describeOnBothEngines } from '../../support/engines.ts';
import {
  bookingOf,
  bookingOfHold,
  cancellationOf,
  extensionOf,
  holdOf,
  refusalOf,
} from '../../support/market-commands.ts';
import { fromNow, inHours, seedMarket, USD, viewer } from '../../support/market-seed.ts';
import { moveBooking, runOut } from '../../support/time-travel.ts';

describeOnBothEngines('a hold', (node) => {
  test('reserves the unit for the given time at today’s price', async () => {
    const { market, db } = node();
    const gpuId = await (await seedMarket(db)).unit();
    const { booking } = await market.holdGpu(viewer('RENTER'), holdOf(gpuId, { ttlSeconds: 300 }));
    expect(booking).toMatchObject({ status: 'HELD', totalMicros: 32n * USD, version: 1 });
    expect((booking.holdExpiresAt ?? 0) - booking.createdAt).toBe(300 * SECOND_MS);
    const taken = market.createBooking(viewer('RENTER'), bookingOf(gpuId, inHours(4)));
    const refusal = await refusalOf(errors.GpuUnavailableError, taken);
    expect(refusal.conflictingUntil).toBe(inHours(4).end);
  });

  test('becomes a booking at the price it was held at, though the offer costs more now', async () => {
    const { market, db } = node();
    const gpuId = await (await seedMarket(db)).unit();
    const renter = viewer('RENTER');
    const hold = await market.holdGpu(renter, holdOf(gpuId));
    await db
      .updateTable('offer')
      .set({ rate_micros: 9n * USD })
      .where('gpu_id', '=', gpuId)
      .execute();
    const { booking } = await market.createBooking(renter, bookingOfHold(hold.booking.id));
    expect(booking).toEqual({
      ...hold.booking,
      status: 'CONFIRMED',
      holdExpiresAt: null,
      version: 2,
    });
  });

  test('makes the unit HELD within its period, and cancelling frees it for nothing', async () => {
    const { market, db } = node();
    const gpuId = await (await seedMarket(db)).unit();
    const renter = viewer('RENTER');
    const hold = await market.holdGpu(renter, holdOf(gpuId, { period: fromNow() }));
    expect((await market.reads.units([gpuId]))[0]?.value?.status).toBe('HELD');
    const cancelled = await market.cancelBooking(renter, cancellationOf(hold.booking.id));
    expect(cancelled).toMatchObject({ feeMicros: 0n, refundMicros: 32n * USD });
    expect((await market.reads.units([gpuId]))[0]?.value).toMatchObject({
      status: 'AVAILABLE',
      version: 3,
      busy: [],
    });
  });

  test('that has run out gives way to a booking before anybody has settled it', async () => {
    const { market, db } = node();
    const gpuId = await (await seedMarket(db)).unit();
    const renter = viewer('RENTER');
    const hold = await market.holdGpu(renter, holdOf(gpuId));
    await runOut(db, hold.booking.id);
    const { booking } = await market.createBooking(viewer('RENTER'), bookingOf(gpuId, inHours(4)));
    expect(booking.status).toBe('CONFIRMED');
    expect((await market.booking(renter, hold.booking.id))?.status).toBe('EXPIRED');
  });

  test('that has run out can be neither confirmed nor cancelled', async () => {
    const { market, db } = node();
    const gpuId = await (await seedMarket(db)).unit();
    const renter = viewer('RENTER');
    const { id } = (await market.holdGpu(renter, holdOf(gpuId))).booking;
    await runOut(db, id);
    const confirmation = market.createBooking(renter, bookingOfHold(id));
    const refusal = await refusalOf(errors.StateConflictError, confirmation);
    expect(refusal.currentStatus).toBe('EXPIRED');
    const cancellation = market.cancelBooking(renter, cancellationOf(id));
    expect(await refusalOf(errors.StateConflictError, cancellation)).toEqual(
      expect.objectContaining({ currentStatus: 'EXPIRED' }),
    );
  });

  test('can be confirmed once, by its owner, at a price he agrees to', async () => {
    const { market, db } = node();
    const gpuId = await (await seedMarket(db)).unit();
    const renter = viewer('RENTER');
    const { id } = (await market.holdGpu(renter, holdOf(gpuId))).booking;
    const foreign = market.createBooking(viewer('RENTER'), bookingOfHold(id));
    expect((await refusalOf(errors.NotFoundError, foreign)).path).toEqual(['input', 'holdId']);
    const dear = market.createBooking(renter, bookingOfHold(id, { maxRateMicros: 1n }));
    expect((await refusalOf(errors.PriceChangedError, dear)).requote).toBeNull();
    const stale = market.createBooking(renter, bookingOfHold(id, { ifVersion: 1 }));
    expect((await refusalOf(errors.VersionConflictError, stale)).currentVersion).toBe(2);
    await market.createBooking(renter, bookingOfHold(id, { ifVersion: 2 }));
    const again = market.createBooking(renter, bookingOfHold(id));
    expect((await refusalOf(errors.StateConflictError, again)).currentStatus).toBe('CONFIRMED');
  });

  test('cannot be confirmed while the unit is switched off, nor extended at all', async () => {
    const { market, db } = node();
    const { unit, provider } = await seedMarket(db);
    const gpuId = await unit();
    const renter = viewer('RENTER');
    const { id, period } = (await market.holdGpu(renter, holdOf(gpuId))).booking;
    const extension = market.extendBooking(renter, extensionOf(id, period.end + HOUR_MS));
    expect((await refusalOf(errors.StateConflictError, extension)).currentStatus).toBe('HELD');
    const off = { gpuId, status: 'MAINTENANCE', reason: null, ifVersion: null } as const;
    await market.setGpuStatus(viewer('PROVIDER', provider), off);
    const confirmation = market.createBooking(renter, bookingOfHold(id));
    await refusalOf(errors.GpuUnavailableError, confirmation);
  });

  test('never outlives its period', async () => {
    const { market, db } = node();
    const gpuId = await (await seedMarket(db)).unit({ minutes: [1, 60] });
    const start = floorMinute(Date.now());
    const period = { start, end: start + 3 * MINUTE_MS };
    const command = holdOf(gpuId, { period, ttlSeconds: 900 });
    const { booking } = await market.holdGpu(viewer('RENTER'), command);
    expect(booking.holdExpiresAt).toBe(period.end);
  });

  test.each([29, 901, 120.5, Number.NaN])('lasts 30 to 900 seconds, not %d', async (ttlSeconds) => {
    const { market, db } = node();
    const gpuId = await (await seedMarket(db)).unit();
    const attempt = market.holdGpu(viewer('RENTER'), holdOf(gpuId, { ttlSeconds }));
    const refusal = await refusalOf(errors.InvalidInputError, attempt);
    expect(refusal.path).toEqual(['input', 'ttlSeconds']);
  });

  test('is one of at most 20 of an account; those that ran out do not count', async () => {
    const { market, db } = node();
    const { unit } = await seedMarket(db);
    const renter = viewer('RENTER');
    const holds: string[] = [];
    for (let count = 0; count < 20; count += 1)
      holds.push((await market.holdGpu(renter, holdOf(await unit()))).booking.id);
    const gpuId = await unit();
    const refusal = await refusalOf(
      errors.InvalidInputError,
      market.holdGpu(renter, holdOf(gpuId)),
    );
    expect(refusal.constraint).toBe('at most 20 live holds');
    await expect(market.holdGpu(viewer('RENTER'), holdOf(gpuId))).resolves.toBeDefined();
    await runOut(db, holds[0] ?? '');
    await expect(market.holdGpu(renter, holdOf(await unit()))).resolves.toBeDefined();
  });

  test('whose period begins makes the unit HELD when the scheduler comes by', async () => {
    const { market, db, settleDue } = node();
    const gpuId = await (await seedMarket(db)).unit();
    const { booking } = await market.holdGpu(viewer('RENTER'), holdOf(gpuId));
    expect((await market.reads.units([gpuId]))[0]?.value?.status).toBe('AVAILABLE');
    await moveBooking(db, booking.id, { start: floorMinute(Date.now()) });
    await settleDue();
    expect((await market.reads.units([gpuId]))[0]?.value).toMatchObject({
      status: 'HELD',
      version: 3,
    });
  });
});
