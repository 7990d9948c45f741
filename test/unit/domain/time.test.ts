import { describe, expect, test } from 'vitest';
import {
  floorMinute,
  freeWindows,
  overlaps,
  parseIso,
  toIso,
  type Interval,
} from '../../../src/domain/time.ts';

const between = (start: number, end: number): Interval => ({ start, end });

describe('an instant from a client', () => {
  test.each([
    ['2026-11-23T06:00:00Z', '2026-11-23T06:00:00.000Z'],
    ['2026-11-23T06:00:00.123Z', '2026-11-23T06:00:00.123Z'],
    ['2026-11-23T06:00:00.123999Z', '2026-11-23T06:00:00.123Z'],
    ['2026-11-23T06:00:00+02:00', '2026-11-23T04:00:00.000Z'],
    ['2026-11-23t06:00:00-05:30', '2026-11-23T11:30:00.000Z'],
    ['2028-02-29T00:00:00Z', '2028-02-29T00:00:00.000Z'],
  ])('%s is %s', (text, utc) => {
    const at = parseIso(text);
    expect(at === null ? null : toIso(at)).toBe(utc);
  });

  test.each([
    ['2026-11-23T06:00:00', 'no offset'],
    ['2026-11-23', 'no time'],
    ['2026-02-30T00:00:00Z', 'no such day'],
    ['2027-02-29T00:00:00Z', 'no leap year'],
    ['2026-13-01T00:00:00Z', 'no such month'],
    ['2026-11-00T00:00:00Z', 'no such day'],
    ['2026-11-23T25:00:00Z', 'no such hour'],
    ['2026-11-23T06:61:00Z', 'no such minute'],
    ['Nov 23 2026 06:00:00Z', 'another notation'],
    ['1795413600000', 'a number'],
    ['+012026-11-23T06:00:00Z', 'an expanded year'],
    ['9999-12-31T23:59:59-23:59', 'a year of five digits in UTC'],
    ['0001-01-01T00:00:00+00:01', 'a year before the year 1 in UTC'],
    ['', 'nothing'],
  ])('%j is refused: %s', (text) => {
    expect(parseIso(text)).toBeNull();
  });
});

describe('half-open intervals', () => {
  test('overlap when they share an instant', () => {
    expect(overlaps(between(0, 10), between(9, 20))).toBe(true);
    expect(overlaps(between(0, 10), between(2, 3))).toBe(true);
  });

  test('do not overlap when they only touch', () => {
    expect(overlaps(between(0, 10), between(10, 20))).toBe(false);
    expect(overlaps(between(10, 20), between(0, 10))).toBe(false);
  });
});

test('the minute of an instant is the one that has begun', () => {
  expect([floorMinute(59_999), floorMinute(60_000), floorMinute(-1)]).toEqual([0, 60_000, -60_000]);
});

describe('free windows', () => {
  const range = between(0, 100);

  test('without bookings are the whole range', () => {
    expect(freeWindows([], range)).toEqual([range]);
  });

  test('lie before, between and after bookings, whatever their order', () => {
    const busy = [between(60, 70), between(10, 20)];
    expect(freeWindows(busy, range)).toEqual([between(0, 10), between(20, 60), between(70, 100)]);
  });

  test('have no empty ones between touching bookings', () => {
    expect(freeWindows([between(0, 50), between(50, 100)], range)).toEqual([]);
  });

  test('leave out what sticks out of the range or lies beside it', () => {
    const busy = [between(-50, -10), between(-5, 5), between(95, 120), between(200, 300)];
    expect(freeWindows(busy, range)).toEqual([between(5, 95)]);
  });

  test('survive a booking inside another', () => {
    expect(freeWindows([between(10, 80), between(20, 30)], range)).toEqual([
      between(0, 10),
      between(80, 100),
    ]);
  });

  test('of an empty range are none', () => {
    expect(freeWindows([], between(5, 5))).toEqual([]);
  });
});
