import fc from 'fast-check';
import { expect, test } from 'vitest';
import { freeWindows, overlaps, parseIso, toIso, type Interval } from '../../src/domain/time.ts';

const HORIZON = 120;

/** Intervals of whole minutes, overlapping and touching as they please, some beyond the range. */
const interval = fc
  .tuple(fc.integer({ min: -20, max: HORIZON + 20 }), fc.integer({ min: 1, max: 30 }))
  .map(([start, length]): Interval => ({ start, end: start + length }));
const busy = fc.array(interval, { maxLength: 12 });
const range = fc
  .tuple(fc.integer({ min: 0, max: HORIZON }), fc.integer({ min: 0, max: HORIZON }))
  .map(([start, length]): Interval => ({ start, end: start + length }));

const covers =
  (minute: number) =>
  ({ start, end }: Interval): boolean =>
    start <= minute && minute < end;

test('free windows hold exactly the minutes of the range that no booking holds', () => {
  fc.assert(
    fc.property(busy, range, (taken, within) => {
      const windows = freeWindows(taken, within);
      for (let minute = -25; minute < 2 * HORIZON + 25; minute += 1) {
        const isFree = covers(minute)(within) && !taken.some(covers(minute));
        expect(windows.some(covers(minute))).toBe(isFree);
      }
    }),
  );
});

test('free windows are in order, never empty, and as long as they can be', () => {
  fc.assert(
    fc.property(busy, range, (taken, within) => {
      const windows = freeWindows(taken, within);
      for (const [index, window] of windows.entries()) {
        expect(window.end).toBeGreaterThan(window.start);
        const previous = windows[index - 1];
        if (previous) expect(window.start).toBeGreaterThan(previous.end);
      }
    }),
  );
});

test('the order of the bookings does not matter, and none of them is changed', () => {
  fc.assert(
    fc.property(busy, range, (taken, within) => {
      const before = structuredClone(taken);
      expect(freeWindows(taken.toReversed(), within)).toEqual(freeWindows(taken, within));
      expect(taken).toEqual(before);
    }),
  );
});

test('two intervals overlap exactly when they share a minute', () => {
  fc.assert(
    fc.property(interval, interval, (one, other) => {
      const minutes = Array.from({ length: one.end - one.start }, (_, index) => one.start + index);
      expect(overlaps(one, other)).toBe(minutes.some((minute) => covers(minute)(other)));
      expect(overlaps(other, one)).toBe(overlaps(one, other));
    }),
  );
});

test('an instant that is printed can be read back', () => {
  const years = { min: new Date('0100-01-01'), max: new Date('9999-12-31'), noInvalidDate: true };
  fc.assert(
    fc.property(fc.date(years), (date) => {
      expect(parseIso(toIso(date.getTime()))).toBe(date.getTime());
    }),
  );
});
