import { describe, expect, test } from 'vitest';
import { isOpen, restingGpus, restsUntil, withFilled } from '../../../src/domain/order.ts';
import { NOON, order } from '../../support/domain.ts';

describe('an order', () => {
  test('rests until its period starts, or until its own end where that is earlier', () => {
    const { period } = order();
    expect(restsUntil({ period, expiresAt: null })).toBe(period.start);
    expect(restsUntil({ period, expiresAt: NOON })).toBe(NOON);
    expect(restsUntil({ period, expiresAt: period.start + 1 })).toBe(period.start);
  });

  test('is partially filled until it has all its units', () => {
    const open = order({ quantity: 3 });
    expect(withFilled(open, 0)).toBe(open);
    const some = withFilled(open, 2);
    expect(some).toEqual({ ...open, filledQuantity: 2, status: 'PARTIALLY_FILLED', version: 2 });
    expect(withFilled(some, 1)).toMatchObject({ filledQuantity: 3, status: 'FILLED', version: 3 });
  });

  test('adds to the bids the cards that it still wants, one per unit of any size', () => {
    expect(restingGpus(order({ quantity: 3, filledQuantity: 1 }))).toBe(2);
    expect(restingGpus(order({ quantity: 3, gpusPerUnit: 8 }))).toBe(24);
  });

  test.each(['FILLED', 'CANCELLED', 'EXPIRED'] as const)('that is %s rests no more', (status) => {
    expect(isOpen({ status })).toBe(false);
    expect(restingGpus(order({ status }))).toBeNull();
  });
});
