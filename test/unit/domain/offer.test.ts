import { expect, test } from 'vitest';
import { defaultBounds, offerRate } from '../../../src/domain/offer.ts';
import { lowerMedian } from '../../../src/domain/price.ts';
import { offer } from '../../support/domain.ts';

test('a FIXED offer costs its base, whatever the market does', () => {
  expect(offerRate(offer({ mode: 'FIXED' }), 3_000_000n)).toBe(2_000_000n);
});

test('a DYNAMIC offer costs base × multiplier, inside its floor and cap', () => {
  const dynamic = offer({ mode: 'DYNAMIC' });
  expect(offerRate(dynamic, 1_150_000n)).toBe(2_300_000n);
  expect(offerRate(dynamic, 100_000n)).toBe(1_000_000n);
  expect(offerRate(dynamic, 9_000_000n)).toBe(6_000_000n);
});

test('the usual bounds are half and three times the base', () => {
  expect(defaultBounds(2_000_001n)).toEqual({ floorMicros: 1_000_001n, capMicros: 6_000_003n });
});

test('the median is a price somebody asks', () => {
  expect(lowerMedian([5n, 1n, 3n])).toBe(3n);
  expect(lowerMedian([4n, 1n, 3n, 2n])).toBe(2n);
  expect(lowerMedian([])).toBeNull();
});
