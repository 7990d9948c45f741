import { expect, test } from 'vitest';
import * as errors from '../../../src/domain/errors.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/domain/time.ts';
import { describeOnBothEngines } from '../../support/engines.ts';
import { bookingOf, bookingOfQuote, holdOf, refusalOf } from '../../support/market-commands.ts';
import { markOutbox, typesSince } from '../../support/outbox.ts';
import { inHours, seedMarket, USD, viewer } from '../../support/market-seed.ts';
import { expireQuote, runOut } from '../../support/time-travel.ts';

describeOnBothEngines('a quote', (node) => {
  test('promises today’s price for 60 s and changes nothing', async () => {
    const { market, db } = node();
    const gpuId = await (await seedMarket(db)).unit();
    const mark = await markOutbox(db);
    const asked = Date.now();
    const quote = await market.quote(viewer('RENTER'), gpuId, inHours(4));
    expect(quote).toMatchObject({
      gpuId,
      gpuCount: 8,
      period: inHours(4),
      rateMicros: 2n * USD,
      totalMicros: 32n * USD,
    });
    expect(quote.validUntil).toBeGreaterThanOrEqual(asked + 60 * SECOND_MS);
    expect(quote.validUntil).toBeLessThanOrEqual(Date.now() + 60 * SECOND_MS);
    expect(await typesSince(db, mark)).toEqual([]);
    expect((await market.reads.units([gpuId]))[0]?.value?.version).toBe(1);
  });

  test('is honoured though the offer costs more now', async () => {
    const { market, db } = node();
    const gpuId = await (await seedMarket(db)).unit();
    const renter = viewer('RENTER');
    const { id } = await market.quote(renter, gpuId, inHours(4));
    await db
      .updateTable('offer')
      .set({ rate_micros: 3n * USD })
      .where('gpu_id', '=', gpuId)
      .execute();
    const { booking } = await market.createBooking(renter, bookingOfQuote(id));
    expect(booking).toMatchObject({ rateMicros: 2n * USD, totalMicros: 32n * USD });
  });

  test('reserves nothing', async () => {
    const { market, db } = node();
    const gpuId = await (await seedMarket(db)).unit();
    const renter = viewer('RENTER');
    const { id } = await market.quote(renter, gpuId, inHours(4));
    await market.createBooking(viewer('RENTER'), bookingOf(gpuId, inHours(5)));
    const attempt = market.createBooking(renter, bookingOfQuote(id));
    const refusal = await refusalOf(errors.GpuUnavailableError, attempt);
    expect(refusal.conflictingUntil).toBe(inHours(5).end);
  });

  test('that has run out is told with the price of now and what to quote anew', async () => {
    const { market, db } = node();
    const gpuId = await (await seedMarket(db)).unit();
    const renter = viewer('RENTER');
    const { id } = await market.quote(renter, gpuId, inHours(4));
    await db
      .updateTable('offer')
      .set({ rate_micros: 3n * USD })
      .where('gpu_id', '=', gpuId)
      .execute();
    await expireQuote(db, id);
    const attempt = market.createBooking(renter, bookingOfQuote(id));
    expect(await refusalOf(errors.PriceChangedError, attempt)).toMatchObject({
      code: 'QUOTE_EXPIRED',
      quotedMicros: 2n * USD,
      currentMicros: 3n * USD,
      requote: { gpuId, period: inHours(4) },
    });
  });

  test('is bound to who asked for it when signed in, and to nobody otherwise', async () => {
    const { market, db } = node();
    const { unit } = await seedMarket(db);
    const bound = await market.quote(viewer('RENTER'), await unit(), inHours(4));
    const attempt = market.createBooking(viewer('RENTER'), bookingOfQuote(bound.id));
    expect((await refusalOf(errors.NotFoundError, attempt)).path).toEqual(['input', 'quoteId']);
    const open = await market.quote(null, await unit(), inHours(4));
    const { booking } = await market.createBooking(viewer('RENTER'), bookingOfQuote(open.id));
    expect(booking.status).toBe('CONFIRMED');
  });

  test('is checked against maxUsdPerGpuHour and ifVersion like any booking', async () => {
    const { market, db } = node();
    const gpuId = await (await seedMarket(db)).unit();
    const renter = viewer('RENTER');
    const { id } = await market.quote(renter, gpuId, inHours(4));
    const dear = market.createBooking(renter, bookingOfQuote(id, { maxRateMicros: 1n }));
    expect((await refusalOf(errors.PriceChangedError, dear)).code).toBe('PRICE_CHANGED');
    const stale = market.createBooking(renter, bookingOfQuote(id, { ifVersion: 7 }));
    expect((await refusalOf(errors.VersionConflictError, stale)).currentVersion).toBe(1);
  });

  test('of garbage is not found', async () => {
    const { market } = node();
    for (const gpuId of ['', 'x', 'nowhere/h100/0001', '\u0000', 'a\u0000/b/0001'])
      await refusalOf(errors.NotFoundError, market.quote(null, gpuId, inHours(4)));
    for (const quoteId of ['', 'x', '\u0000', '00000000-0000-4000-8000-000000000000']) {
      const attempt = market.createBooking(viewer('RENTER'), bookingOfQuote(quoteId));
      await refusalOf(errors.NotFoundError, attempt);
    }
  });

  test.each([
    ['reversed', { start: inHours(4).end, end: inHours(4).start }],
    ['in the past', { start: inHours(-4).start, end: inHours(4).start }],
    ['of seconds', { start: inHours(4).start + SECOND_MS, end: inHours(4).end }],
    ['too short', { start: inHours(4).start, end: inHours(4).start + 5 * MINUTE_MS }],
    ['beyond 90 days', { start: inHours(4).start, end: inHours(4).start + 91 * DAY_MS }],
  ])('of a period that is %s is refused', async (_, period) => {
    const { market, db } = node();
    const gpuId = await (await seedMarket(db)).unit();
    const refusal = await refusalOf(errors.InvalidInputError, market.quote(null, gpuId, period));
    expect(refusal.path?.[0]).toBe('period');
  });

  test('is refused where the unit is taken, off or not offered', async () => {
    const { market, db } = node();
    const { unit } = await seedMarket(db);
    const taken = await unit();
    const hold = await market.holdGpu(viewer('RENTER'), holdOf(taken));
    for (const gpuId of [taken, await unit({ declared: 'OFFLINE' }), await unit({ mode: null })])
      await refusalOf(errors.GpuUnavailableError, market.quote(null, gpuId, inHours(4)));
    await runOut(db, hold.booking.id);
    const { period } = await market.quote(null, taken, inHours(4));
    expect(period.end - period.start).toBe(2 * HOUR_MS);
  });
});
