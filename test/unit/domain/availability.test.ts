import { describe, expect, test } from 'vitest';
import { stockLevel, utilisation } from '../../../src/domain/availability.ts';
import type { AvailabilitySummary } from '../../../src/domain/availability.ts';

function summary(available: number, booked: number, offline = 0, held = 0): AvailabilitySummary {
  const total = available + booked + offline + held;
  return { gpuType: 'h100', region: 'us', total, available, booked, offline, held };
}

describe('stock', () => {
  test.each([
    [0, 10, 'NONE'],
    [1, 9, 'LOW'],
    [19, 81, 'LOW'],
    [20, 80, 'MEDIUM'],
    [49, 51, 'MEDIUM'],
    [50, 50, 'HIGH'],
    [10, 0, 'HIGH'],
  ] as const)('%i available and %i booked is %s', (available, booked, level) => {
    expect(stockLevel(summary(available, booked))).toBe(level);
  });

  test('is a share of the rentable units: switched-off ones do not count', () => {
    expect(stockLevel(summary(5, 5, 90))).toBe('HIGH');
    expect(stockLevel(summary(0, 0, 10))).toBe('NONE');
  });
});

describe('utilisation', () => {
  test('is booked divided by rentable', () => {
    expect(utilisation(summary(1, 3, 4))).toBe(0.75);
  });

  test('counts a hold as rentable, not as booked', () => {
    expect(utilisation(summary(1, 2, 0, 1))).toBe(0.5);
  });

  test('is 0 where nothing can be rented', () => {
    expect(utilisation(summary(0, 0, 3))).toBe(0);
  });
});
