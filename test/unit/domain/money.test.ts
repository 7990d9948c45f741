import { describe, expect, test } from 'vitest';
import {
  clampMicros,
  divideHalfUp,
  formatDecimal,
  gpuHours,
  parseDecimal,
  timesMillionths,
  totalCost,
} from '../../../src/domain/money.ts';
import { HOUR_MS, MINUTE_MS } from '../../../src/domain/time.ts';

describe('a decimal from a client', () => {
  test.each([
    ['0', 0n],
    ['1', 1_000_000n],
    ['1.5', 1_500_000n],
    ['0.000001', 1n],
    ['007.10', 7_100_000n],
    ['999999999999.999999', 999_999_999_999_999_999n],
  ])('%s is exact in micro-dollars', (text, micros) => {
    expect(parseDecimal(text)).toBe(micros);
  });

  test.each([
    ['-1', 'a sign'],
    ['+1', 'a sign'],
    ['1.0000001', 'a seventh fraction digit'],
    ['1e3', 'an exponent'],
    ['.5', 'no whole part'],
    ['1.', 'no fraction after the point'],
    ['1,5', 'a comma'],
    [' 1', 'white space'],
    ['1\n', 'a line break'],
    ['', 'nothing'],
    ['NaN', 'no number'],
    ['٣', 'other digits than 0 to 9'],
    ['1000000000000', 'more than twelve whole digits'],
  ])('%j is refused: %s', (text) => {
    expect(parseDecimal(text)).toBeNull();
  });
});

describe('a decimal for a client', () => {
  test.each([
    [0n, '0.00'],
    [1n, '0.000001'],
    [10n, '0.00001'],
    [1_500_000n, '1.50'],
    [1_230_000n, '1.23'],
    [1_234_500n, '1.2345'],
    [20_000_000n, '20.00'],
    [-1_500_000n, '-1.50'],
  ])('%s micro-dollars are written %s', (micros, text) => {
    expect(formatDecimal(micros)).toBe(text);
  });
});

describe('a total', () => {
  test('is rate × cards × hours', () => {
    expect(totalCost(2_000_000n, 8, 3 * HOUR_MS)).toBe(48_000_000n);
  });

  test('is rounded half-up, once, on the whole', () => {
    expect(totalCost(1n, 1, 30 * MINUTE_MS)).toBe(1n);
    expect(totalCost(1n, 1, 29 * MINUTE_MS)).toBe(0n);
    expect(totalCost(1n, 3, 30 * MINUTE_MS)).toBe(2n);
  });

  test('stays exact where a float would not', () => {
    expect(totalCost(999_999_999_999n, 8, 90 * 24 * HOUR_MS)).toBe(17_279_999_999_982_720n);
  });
});

test('halves go up and less goes down', () => {
  expect([divideHalfUp(5n, 2n), divideHalfUp(7n, 3n), divideHalfUp(8n, 3n)]).toEqual([3n, 2n, 3n]);
});

test('a factor in millionths scales and rounds half-up', () => {
  expect(timesMillionths(2_000_000n, 1_150_000n)).toBe(2_300_000n);
  expect(timesMillionths(1n, 500_000n)).toBe(1n);
  expect(timesMillionths(1n, 499_999n)).toBe(0n);
});

test('a clamped value stays inside its bounds', () => {
  expect([0n, 5n, 9n].map((value) => clampMicros(value, 2n, 7n))).toEqual([2n, 5n, 7n]);
});

test('GPU-hours count every card', () => {
  expect(gpuHours(8, 90 * MINUTE_MS)).toBe(12);
});
