import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../src/demo/random.ts';
import { isDemoUnit, nextPrice } from '../../../src/demo/rules.ts';

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
});
