import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cancellationTerms, type Booking } from '../../src/domain/booking.ts';
import { MAX_RATE_MICROS, totalCost } from '../../src/domain/money.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/domain/time.ts';
import { booking, NOON } from '../support/domain.ts';

/** Bookings of any price and length, made up to 30 days before their start, some of them extended. */
const anyBooking = fc
  .record({
    rateMicros: fc.bigInt({ min: 1n, max: MAX_RATE_MICROS }),
    gpuCount: fc.integer({ min: 1, max: 16 }),
    minutes: fc.integer({ min: 1, max: 43_200 }),
    madeMinutesBefore: fc.integer({ min: 0, max: 43_200 }),
    extraMicros: fc.bigInt({ min: 0n, max: 10n ** 12n }),
  })
  .map(({ rateMicros, gpuCount, minutes, madeMinutesBefore, extraMicros }): Booking => {
    const period = { start: NOON, end: NOON + minutes * MINUTE_MS };
    const totalMicros = totalCost(rateMicros, gpuCount, minutes * MINUTE_MS) + extraMicros;
    const createdAt = NOON - madeMinutesBefore * MINUTE_MS;
    return booking({ rateMicros, gpuCount, period, totalMicros, createdAt });
  });
const moment = fc.integer({ min: -31 * DAY_MS, max: 31 * DAY_MS }).map((offset) => NOON + offset);

test('fee and refund are the total, and neither is negative', () => {
  fc.assert(
    fc.property(anyBooking, moment, (made, now) => {
      const { feeMicros, refundMicros } = cancellationTerms(made, now);
      expect(feeMicros + refundMicros).toBe(made.totalMicros);
      expect(feeMicros >= 0n && refundMicros >= 0n).toBe(true);
    }),
  );
});

test('waiting never makes cancelling cheaper', () => {
  fc.assert(
    fc.property(anyBooking, moment, fc.integer({ min: 0, max: DAY_MS }), (made, now, later) => {
      const fee = cancellationTerms(made, now).feeMicros;
      expect(cancellationTerms(made, now + later).feeMicros).toBeGreaterThanOrEqual(fee);
    }),
  );
});

test('it is free exactly until the told moment', () => {
  fc.assert(
    fc.property(anyBooking, (made) => {
      const freeUntil = Math.max(NOON - HOUR_MS, made.createdAt + 10 * MINUTE_MS);
      expect(cancellationTerms(made, freeUntil - 1)).toMatchObject({ feeMicros: 0n, freeUntil });
      expect(cancellationTerms(made, freeUntil).freeUntil).toBeNull();
    }),
  );
});

test('the answer holds until it says', () => {
  fc.assert(
    fc.property(
      anyBooking,
      moment,
      fc.double({ min: 0, max: 1, noNaN: true }),
      (made, now, part) => {
        const terms = cancellationTerms(made, now);
        if (terms.validUntil <= now) return;
        const inBetween = now + Math.floor((terms.validUntil - 1 - now) * part);
        expect(cancellationTerms(made, inBetween).feeMicros).toBe(terms.feeMicros);
      },
    ),
  );
});

test('the fee is never more than the time used, rounded up to a minute, and one hour', () => {
  fc.assert(
    fc.property(anyBooking, moment, (made, now) => {
      const usedMs = Math.max(0, now - NOON);
      const bound = totalCost(made.rateMicros, made.gpuCount, usedMs + MINUTE_MS + HOUR_MS);
      expect(cancellationTerms(made, now).feeMicros).toBeLessThanOrEqual(bound);
    }),
  );
});
