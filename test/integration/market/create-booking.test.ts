import { expect, test } from 'vitest';
import * as errors from '../../../src/domain/errors.ts';
import { describeOnBothEngines } from '../../support/engines.ts';
import { bookingOf, bookingOfHold, holdOf, refusalOf } from '../../support/market-commands.ts';
import { fromNow, inHours, seedMarket, USD, viewer } from '../../support/market-seed.ts';

describeOnBothEngines('a direct booking', (node) => {
  test('is confirmed at the offer’s price for the whole period', async () => {
    const { market, db } = node();
    const { unit } = await seedMarket(db);
    const gpuId = await unit({ gpuCount: 4, baseMicros: 1_500_000n });
    const renter = viewer('RENTER');
    const period = inHours(4, 3);
    const { booking, replayed } = await market.createBooking(renter, bookingOf(gpuId, period));
    expect(replayed).toBe(false);
    expect(booking).toMatchObject({
      gpuId,
      accountId: renter.accountId,
      status: 'CONFIRMED',
      period,
      rateMicros: 1_500_000n,
      gpuCount: 4,
      totalMicros: 18n * USD,
      refundedMicros: 0n,
      holdExpiresAt: null,
      version: 1,
      cancelledAt: null,
    });
    expect(await market.booking(renter, booking.id)).toEqual(booking);
  });

  test('in the present makes the unit BOOKED; one in the future leaves it AVAILABLE', async () => {
    const { market, db } = node();
    const { unit } = await seedMarket(db);
    const [now, later] = [await unit(), await unit()];
    await market.createBooking(viewer('RENTER'), bookingOf(now, fromNow()));
    await market.createBooking(viewer('RENTER'), bookingOf(later, inHours(4)));
    const units = await market.reads.units([now, later]);
    expect(units.map(({ value }) => [value?.status, value?.version])).toEqual([
      ['BOOKED', 2],
      ['AVAILABLE', 2],
    ]);
  });

  test('shows at once in every read of the node that made it', async () => {
    const { market, db } = node();
    const { unit, big, home } = await seedMarket(db);
    const gpuId = await unit();
    const pair = { gpuType: big, region: home };
    const [before] = await market.reads.unitLists([pair]);
    expect(before?.value[0]?.busy).toEqual([]);
    const period = fromNow();
    await market.createBooking(viewer('RENTER'), bookingOf(gpuId, period));
    const [list] = await market.reads.unitLists([pair]);
    const [summary] = await market.reads.summaries([pair]);
    expect(list?.value[0]?.busy).toEqual([period]);
    expect(summary?.value).toMatchObject({ total: 1, booked: 1, available: 0 });
  });

  test('may touch its neighbours', async () => {
    const { market, db } = node();
    const gpuId = await (await seedMarket(db)).unit();
    for (const hour of [4, 8, 6])
      await market.createBooking(viewer('RENTER'), bookingOf(gpuId, inHours(hour)));
    const [found] = await market.reads.units([gpuId]);
    expect(found?.value?.busy).toEqual([inHours(4), inHours(6), inHours(8)]);
  });

  test('may begin at the minute under way', async () => {
    const { market, db } = node();
    const gpuId = await (await seedMarket(db)).unit();
    const period = fromNow(1);
    const { booking } = await market.createBooking(viewer('RENTER'), bookingOf(gpuId, period));
    expect(booking.period).toEqual(period);
  });

  test('is refused where the unit is taken, with the end of the conflict and the next free window', async () => {
    const { market, db } = node();
    const gpuId = await (await seedMarket(db)).unit();
    const renter = viewer('RENTER');
    await market.createBooking(renter, bookingOf(gpuId, inHours(4)));
    await market.createBooking(renter, bookingOf(gpuId, inHours(7, 1)));
    await market.createBooking(renter, bookingOf(gpuId, inHours(12)));
    const attempt = market.createBooking(renter, bookingOf(gpuId, inHours(3)));
    const refusal = await refusalOf(errors.GpuUnavailableError, attempt);
    expect(refusal).toMatchObject({
      code: 'GPU_UNAVAILABLE',
      gpuId,
      conflictingUntil: inHours(4).end,
      nextFreeWindow: { start: inHours(8).start, end: inHours(12).start },
    });
  });

  test('is refused where the unit is off or not offered, without a window', async () => {
    const { market, db } = node();
    const { unit } = await seedMarket(db);
    const refusing = [
      await unit({ declared: 'MAINTENANCE' }),
      await unit({ declared: 'OFFLINE' }),
      await unit({ offerStatus: 'PAUSED' }),
      await unit({ offerStatus: 'WITHDRAWN' }),
      await unit({ mode: null }),
    ];
    for (const gpuId of refusing) {
      const attempt = market.createBooking(viewer('RENTER'), bookingOf(gpuId));
      const refusal = await refusalOf(errors.GpuUnavailableError, attempt);
      expect(refusal).toMatchObject({ conflictingUntil: null, nextFreeWindow: null });
    }
  });

  test('is refused above the given price, and tells both prices', async () => {
    const { market, db } = node();
    const gpuId = await (await seedMarket(db)).unit();
    const command = bookingOf(gpuId, inHours(4), { maxRateMicros: 1_999_999n });
    const refusal = await refusalOf(
      errors.PriceChangedError,
      market.createBooking(viewer('RENTER'), command),
    );
    expect(refusal).toMatchObject({
      code: 'PRICE_CHANGED',
      quotedMicros: 1_999_999n,
      currentMicros: 2n * USD,
      requote: { gpuId, period: inHours(4) },
    });
    const exact = bookingOf(gpuId, inHours(4), { maxRateMicros: 2n * USD });
    await expect(market.createBooking(viewer('RENTER'), exact)).resolves.toBeDefined();
  });

  test('is refused for another version of the unit, and tells the present one', async () => {
    const { market, db } = node();
    const gpuId = await (await seedMarket(db)).unit();
    await market.createBooking(viewer('RENTER'), bookingOf(gpuId, inHours(4), { ifVersion: 1 }));
    const stale = bookingOf(gpuId, inHours(8), { ifVersion: 1 });
    const refusal = await refusalOf(
      errors.VersionConflictError,
      market.createBooking(viewer('RENTER'), stale),
    );
    expect(refusal.currentVersion).toBe(2);
  });

  test('of an unknown unit or hold is not found', async () => {
    const { market, db } = node();
    await seedMarket(db);
    const ids = ['nowhere/h100/0001', 'garbage', '', 'a\u0000b/c/0001'];
    for (const gpuId of ids)
      await refusalOf(
        errors.NotFoundError,
        market.createBooking(viewer('RENTER'), bookingOf(gpuId)),
      );
    for (const holdId of ['00000000-0000-4000-8000-000000000000', 'garbage', '\u0000'])
      await refusalOf(
        errors.NotFoundError,
        market.createBooking(viewer('RENTER'), bookingOfHold(holdId)),
      );
  });

  test('is counted with its result', async () => {
    const { market, db, bookingResults } = node();
    const gpuId = await (await seedMarket(db)).unit();
    const told = bookingResults.length;
    const command = bookingOf(gpuId);
    const renter = viewer('RENTER');
    await market.createBooking(renter, command);
    await market.createBooking(renter, command);
    await refusalOf(errors.GpuUnavailableError, market.holdGpu(renter, holdOf(gpuId)));
    expect(bookingResults.slice(told)).toEqual(['created', 'replayed', 'gpu_unavailable']);
  });
});
