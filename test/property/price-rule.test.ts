import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  multiplierMillionths,
  priceStep,
  smooth,
  targetRate,
  type PriceState,
} from '../../src/domain/price-rule.ts';

const share = fc.double({ min: 0, max: 1, noNaN: true });
const bounds = fc
  .tuple(
    fc.bigInt({ min: 1n, max: 1_000_000_000_000n }),
    fc.bigInt({ min: 0n, max: 1_000_000n }),
    fc.bigInt({ min: 1_000_000n, max: 9_000_000n }),
  )
  .map(([baseMicros, floor, cap]) => ({
    baseMicros,
    floorMicros: (baseMicros * floor) / 1_000_000n,
    capMicros: (baseMicros * cap) / 1_000_000n,
  }));
const states: fc.Arbitrary<PriceState> = fc
  .tuple(bounds, fc.bigInt({ min: 1n, max: 1_000_000_000_000n }), share, fc.option(share))
  .map(([terms, rateMicros, utilisation, smoothed]) =>
    Object.assign(terms, { rateMicros, utilisation, smoothed }),
  );

const ordered = fc.tuple(share, share).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);

function published(state: PriceState): bigint {
  return priceStep(state).rateMicros ?? state.rateMicros;
}

describe('the price rule', () => {
  test.each([
    [0, 800_000n],
    [0.5, 1_000_000n],
    [0.8, 1_150_000n],
    [1, 1_650_000n],
  ])('multiplies by the design’s value at %s', (smoothed, millionths) => {
    expect(multiplierMillionths(smoothed)).toBe(millionths);
  });

  test('is continuous: a little more demand is a little more multiplier', () => {
    const nearby = fc.tuple(share, fc.double({ min: 0, max: 1e-4, noNaN: true }));
    fc.assert(
      fc.property(nearby, ([s, more]) => {
        const next = multiplierMillionths(Math.min(1, s + more));
        return next - multiplierMillionths(s) <= 251n;
      }),
    );
  });

  test('never lowers a price because demand rose', () => {
    fc.assert(
      fc.property(states, ordered, (state, [less, more]) => {
        expect(multiplierMillionths(less)).toBeLessThanOrEqual(multiplierMillionths(more));
        expect(targetRate(state, less)).toBeLessThanOrEqual(targetRate(state, more));
        const step = (utilisation: number) => priceStep({ ...state, utilisation });
        expect(step(less).smoothed).toBeLessThanOrEqual(step(more).smoothed);
        expect(published({ ...state, utilisation: less })).toBeLessThanOrEqual(
          published({ ...state, utilisation: more }),
        );
      }),
    );
  });

  test('heads for a price within the offers’ floor and cap and half to three times the base', () => {
    fc.assert(
      fc.property(bounds, share, (terms, smoothed) => {
        const target = targetRate({ ...terms, rateMicros: 1n }, smoothed);
        expect(target).toBeGreaterThanOrEqual(terms.floorMicros);
        expect(target).toBeLessThanOrEqual(terms.capMicros);
        expect(2n * target).toBeGreaterThanOrEqual(terms.baseMicros);
        expect(target).toBeLessThanOrEqual(3n * terms.baseMicros);
      }),
    );
  });

  test('tells only moves of 1 % to 10 %, towards the target and not past it', () => {
    fc.assert(
      fc.property(states, (state) => {
        const { smoothed, rateMicros } = priceStep(state);
        if (rateMicros === null) return;
        const target = targetRate(state, smoothed);
        const moved = rateMicros - state.rateMicros;
        const size = moved < 0n ? -moved : moved;
        expect(size * 100n).toBeGreaterThanOrEqual(state.rateMicros);
        expect(size * 10n).toBeLessThanOrEqual(state.rateMicros);
        expect(moved > 0n ? rateMicros <= target : rateMicros >= target).toBe(true);
      }),
    );
  });

  test('arrives: under steady demand it falls silent within 1 % of the target', () => {
    const market = fc.record({
      terms: bounds.filter(({ baseMicros }) => baseMicros >= 1000n),
      utilisation: share,
    });
    fc.assert(
      fc.property(market, ({ terms, utilisation }) => {
        let [rateMicros, smoothed] = [terms.baseMicros, 0];
        for (let look = 0; look < 100; look += 1) {
          const step = priceStep({ ...terms, rateMicros, utilisation, smoothed });
          ({ smoothed } = step);
          rateMicros = step.rateMicros ?? rateMicros;
        }
        const state = { ...terms, rateMicros, utilisation, smoothed };
        expect(priceStep(state).rateMicros).toBe(null);
        const off = state.rateMicros - targetRate(state, utilisation);
        expect((off < 0n ? -off : off) * 100n).toBeLessThanOrEqual(state.rateMicros + 100n);
      }),
    );
  });

  test('takes over three tenths of a change of utilisation, and all of the first it sees', () => {
    expect(smooth(null, 0.4)).toBe(0.4);
    expect(smooth(0.5, 0.7)).toBeCloseTo(0.56, 12);
  });
});
