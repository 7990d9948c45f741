import { describe, expect, test } from 'vitest';
import { cancellationTerms } from '../../../src/domain/booking.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/domain/time.ts';
import { booking, NOON } from '../../support/domain.ts';

const USD = 1_000_000n;

/** A time of the day of the booking. */
function at(time: string): number {
  return Date.parse(`2026-11-23T${time}Z`);
}

describe('cancelling a booking of 48 USD (16 an hour) from 12:00 to 15:00', () => {
  test('is free until one hour before its start', () => {
    const terms = cancellationTerms(booking(), NOON - HOUR_MS - 1);
    expect(terms).toEqual({
      feeMicros: 0n,
      refundMicros: 48n * USD,
      freeUntil: NOON - HOUR_MS,
      validUntil: NOON - HOUR_MS,
    });
  });

  test.each(['11:00:00', '11:59:59', '12:00:00'])(
    'at %s costs one hour until it starts',
    (time) => {
      expect(cancellationTerms(booking(), at(time))).toEqual({
        feeMicros: 16n * USD,
        refundMicros: 32n * USD,
        freeUntil: null,
        validUntil: NOON,
      });
    },
  );

  test.each([
    ['12:30:00', 24n],
    ['12:29:01', 24n],
    ['13:00:00', 32n],
    ['14:00:00', 48n],
    ['14:30:00', 48n],
    ['15:00:00', 48n],
    ['16:00:00', 48n],
  ])('at %s costs %s USD: the started minutes and at most one hour more', (time, usd) => {
    const running = booking({ status: 'ACTIVE' });
    expect(cancellationTerms(running, at(time)).feeMicros).toBe(usd * USD);
  });

  test('names until when the fee stays the same: the end of the started minute', () => {
    const now = NOON + 10 * MINUTE_MS + SECOND_MS;
    const terms = cancellationTerms(booking({ status: 'ACTIVE' }), now);
    expect(terms.validUntil).toBe(NOON + 11 * MINUTE_MS);
    expect(cancellationTerms(booking({ status: 'ACTIVE' }), terms.validUntil).feeMicros).toBe(
      terms.feeMicros,
    );
  });
});

describe('cancelling a booking made at short notice', () => {
  const madeNow = booking({ createdAt: NOON - 5 * MINUTE_MS });

  test('is free for ten minutes after it was made, even once it runs', () => {
    expect(cancellationTerms(madeNow, NOON + 5 * MINUTE_MS - 1)).toMatchObject({
      feeMicros: 0n,
      freeUntil: NOON + 5 * MINUTE_MS,
    });
    expect(cancellationTerms(madeNow, NOON + 5 * MINUTE_MS).feeMicros).toBeGreaterThan(0n);
  });
});

test('a booking shorter than an hour never costs more than its total', () => {
  const end = NOON + 20 * MINUTE_MS;
  const short = booking({ period: { start: NOON, end }, totalMicros: 5_333_333n });
  expect(cancellationTerms(short, NOON - MINUTE_MS)).toMatchObject({
    feeMicros: 5_333_333n,
    refundMicros: 0n,
  });
});

test('a booking that was extended at a higher price pays the fee at its own price, for its time only', () => {
  const end = NOON + 4 * HOUR_MS;
  const extended = booking({
    status: 'ACTIVE',
    period: { start: NOON, end },
    totalMicros: 99n * USD,
  });
  expect(cancellationTerms(extended, at('15:30:00')).feeMicros).toBe(64n * USD);
});

test('a booking that was extended at a lower price pays the fee at its own price, within its total', () => {
  const end = NOON + 4 * HOUR_MS;
  const extended = booking({
    status: 'ACTIVE',
    period: { start: NOON, end },
    totalMicros: 50n * USD,
  });
  expect(cancellationTerms(extended, NOON + 3.5 * HOUR_MS).feeMicros).toBe(50n * USD);
});

test('a hold is free to cancel for as long as it lives', () => {
  const holdExpiresAt = NOON + 2 * MINUTE_MS;
  expect(cancellationTerms(booking({ status: 'HELD', holdExpiresAt }), NOON)).toEqual({
    feeMicros: 0n,
    refundMicros: 48n * USD,
    freeUntil: holdExpiresAt,
    validUntil: holdExpiresAt,
  });
});
