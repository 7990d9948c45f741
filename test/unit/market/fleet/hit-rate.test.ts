import { expect, test } from 'vitest';
import { createHitRate } from '../../../../src/market/fleet/hit-rate.ts';

test('tells the hits of lately, and nothing from a few look-ups', () => {
  const counted = { hits: 0, misses: 0 };
  const rate = createHitRate(() => ({ ...counted }), 2);
  counted.misses = 999;
  expect(rate.percent()).toBeNull();
  counted.hits = 1;
  expect(rate.percent()).toBeCloseTo(0.1);
  rate.tick();
  counted.hits = 1001;
  rate.tick();
  expect(rate.percent()).toBe(100);
});
