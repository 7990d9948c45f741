import { expect, test } from 'vitest';
import { InvalidInputError } from '../../../src/domain/errors.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, floorMinute } from '../../../src/domain/time.ts';
import { describeOnBothEngines } from '../../support/engines.ts';
import { bookingOf, bookingOfHold, refusalOf } from '../../support/market-commands.ts';
import { freshKey, inHours, seedMarket, viewer } from '../../support/market-seed.ts';

describeOnBothEngines('the input of a booking', (node) => {
  const minute = floorMinute(Date.now());

  test.each([
    ['starts in the past', { start: minute - 10 * MINUTE_MS, end: minute + 2 * HOUR_MS }, 'start'],
    ['is reversed', { start: minute + 4 * HOUR_MS, end: minute + 2 * HOUR_MS }, 'end'],
    ['is empty', { start: minute + HOUR_MS, end: minute + HOUR_MS }, 'end'],
    ['has seconds', { start: minute + HOUR_MS + 7000, end: minute + 3 * HOUR_MS }, 'start'],
    ['ends beyond 90 days', { start: minute + 89 * DAY_MS, end: minute + 91 * DAY_MS }, 'end'],
  ])('whose period %s is refused', async (_, period, at) => {
    const { market, db } = node();
    const gpuId = await (await seedMarket(db)).unit();
    const attempt = market.createBooking(viewer('RENTER'), bookingOf(gpuId, period));
    const refusal = await refusalOf(InvalidInputError, attempt);
    expect(refusal.path).toEqual(['input', 'period', at]);
  });

  test('whose seconds are not 0 hears of the nearest minute', async () => {
    const { market, db } = node();
    const gpuId = await (await seedMarket(db)).unit();
    const period = { start: Date.UTC(2999, 0, 1, 12, 0, 40), end: Date.UTC(2999, 0, 1, 14) };
    const attempt = market.createBooking(viewer('RENTER'), bookingOf(gpuId, period));
    const refusal = await refusalOf(InvalidInputError, attempt);
    expect(refusal.message).toContain('2999-01-01T12:01:00.000Z');
  });

  test('stays within the offer’s shortest and longest time', async () => {
    const { market, db } = node();
    const gpuId = await (await seedMarket(db)).unit({ minutes: [60, 120] });
    const start = inHours(4).start;
    for (const minutes of [59, 121]) {
      const period = { start, end: start + minutes * MINUTE_MS };
      const attempt = market.createBooking(viewer('RENTER'), bookingOf(gpuId, period));
      const refusal = await refusalOf(InvalidInputError, attempt);
      expect(refusal.constraint).toBe('60-120 minutes');
    }
    const period = { start, end: start + 120 * MINUTE_MS };
    const { booking } = await market.createBooking(viewer('RENTER'), bookingOf(gpuId, period));
    expect(booking.status).toBe('CONFIRMED');
  });

  test('names exactly one source, and a period only with a unit', async () => {
    const { market, db } = node();
    const gpuId = await (await seedMarket(db)).unit();
    const id = '00000000-0000-4000-8000-000000000000';
    const wrong = [
      bookingOf(gpuId, inHours(4), { holdId: id }),
      bookingOf(gpuId, inHours(4), { gpuId: null }),
      bookingOf(gpuId, inHours(4), { period: null }),
      bookingOfHold(id, { period: inHours(4) }),
    ];
    for (const command of wrong)
      await refusalOf(InvalidInputError, market.createBooking(viewer('RENTER'), command));
  });

  test.each([
    ['nothing', ''],
    ['256 characters', 'k'.repeat(256)],
    ['a NUL', 'a\u0000b'],
    ['half a surrogate pair', '\ud800'],
  ])('has a proper key, not %s', async (_, key) => {
    const { market, db } = node();
    const gpuId = await (await seedMarket(db)).unit();
    const command = bookingOf(gpuId, inHours(4), { idempotencyKey: key });
    const attempt = market.createBooking(viewer('RENTER'), command);
    const refusal = await refusalOf(InvalidInputError, attempt);
    expect(refusal.path).toEqual(['input', 'idempotencyKey']);
  });

  test('may have a key of 255 characters of any script', async () => {
    const { market, db } = node();
    const gpuId = await (await seedMarket(db)).unit();
    const idempotencyKey = `${freshKey()}${'鍵'.repeat(200)}`;
    const command = bookingOf(gpuId, inHours(4), { idempotencyKey });
    const { booking } = await market.createBooking(viewer('RENTER'), command);
    expect(booking.status).toBe('CONFIRMED');
  });
});
