import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../src/demo/random.ts';
import {
  cheapestOwn,
  isDemoUnit,
  isTraded,
  nextPrice,
  restingLimit,
} from '../../../src/demo/rules.ts';
import { demoPairs } from '../../../src/demo/seed-demo.ts';
import { offer, unit } from '../../support/domain.ts';

function draw(seed: number): number[] {
  const random = createRandom(seed);
  return Array.from({ length: 5 }, () => random.between(1, 1000));
}

describe('the demo', () => {
  test("touches every third unit of its own providers and nobody else's", () => {
    expect(isDemoUnit({ id: 'us-east-1/h100-sxm/0003', provider: 'aurora-compute' })).toBe(true);
    expect(isDemoUnit({ id: 'us-east-1/h100-sxm/0006', provider: 'aurora-compute' })).toBe(true);
    expect(isDemoUnit({ id: 'us-east-1/h100-sxm/0001', provider: 'aurora-compute' })).toBe(false);
    expect(isDemoUnit({ id: 'us-east-1/h100-sxm/0003', provider: 'vast-ai' })).toBe(false);
  });

  test('moves a price in small steps of whole cents and keeps it near what the model costs', () => {
    const random = createRandom(1);
    let rateMicros = 2_690_000n;
    for (let step = 0; step < 2_000; step += 1) {
      const next = nextPrice({ gpuType: 'h100-sxm', rateMicros }, random);
      const share = Number(next - rateMicros) / Number(rateMicros);
      expect(Math.abs(share)).toBeLessThan(0.03);
      expect(next).toBeGreaterThanOrEqual((2_690_000n * 75n) / 100n);
      expect(next).toBeLessThanOrEqual((2_690_000n * 125n) / 100n);
      rateMicros = next;
    }
  });

  test('repeats itself with the same seed only', () => {
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  test('bids below every price that its units can come to have', () => {
    const random = createRandom(3);
    const dynamic = unit({ offer: offer({ mode: 'DYNAMIC', floorMicros: 1_100_000n }) });
    const fixed = unit({ offer: offer({ mode: 'FIXED', rateMicros: 990_000n, floorMicros: 1n }) });
    for (let bid = 0; bid < 200; bid += 1) {
      const limit = restingLimit([dynamic, fixed, unit({ offer: null })], random) ?? 0n;
      expect(limit % 10_000n).toBe(0n);
      expect(limit).toBeGreaterThanOrEqual(790_000n);
      expect(limit).toBeLessThan(990_000n);
    }
    expect(restingLimit([unit({ offer: null })], random)).toBeNull();
  });

  test('buys a unit only where nobody else could sell at its price', () => {
    const demo = { provider: 'aurora-compute', id: 'us-east-1/h100-sxm/0003' };
    const own = unit({ ...demo, offer: offer({ rateMicros: 1_900_000n }) });
    const dearer = unit({ offer: offer({ rateMicros: 1_900_001n }) });
    const asCheap = unit({ offer: offer({ rateMicros: 1_900_000n }) });
    expect(cheapestOwn([dearer, own])).toBe(own);
    expect(cheapestOwn([asCheap, own])).toBeUndefined();
    expect(cheapestOwn([{ ...asCheap, gpuCount: 4 }, own])).toBe(own);
    expect(cheapestOwn([{ ...own, busy: [{ start: 0, end: 1 }] }])).toBeUndefined();
  });

  test('trades in a few books that it has', () => {
    const traded = demoPairs().filter(({ pair }) => isTraded(pair));
    expect(traded.map(({ pair }) => pair.gpuType)).toContain('h100-sxm');
    expect(traded).toHaveLength(6);
  });
});
