import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  divideHalfUp,
  formatDecimal,
  MAX_RATE_MICROS,
  parseDecimal,
  totalCost,
} from '../../src/domain/money.ts';
import { offerRate } from '../../src/domain/offer.ts';
import { HOUR_MS, MINUTE_MS } from '../../src/domain/time.ts';

const micros = fc.bigInt({ min: 0n, max: 10n ** 18n - 1n });
const rate = fc.bigInt({ min: 0n, max: MAX_RATE_MICROS });
const cards = fc.integer({ min: 1, max: 64 });
const minutes = fc.integer({ min: 1, max: 90 * 24 * 60 });

test('what is printed can be read back, to the micro-dollar', () => {
  fc.assert(
    fc.property(micros, (amount) => {
      expect(parseDecimal(formatDecimal(amount))).toBe(amount);
    }),
  );
});

test('a decimal has two to six fraction digits and no needless zero beyond the second', () => {
  fc.assert(
    fc.property(micros, (amount) => {
      expect(formatDecimal(amount)).toMatch(/^(0|[1-9]\d*)\.\d{2}(\d{0,3}[1-9])?$/);
    }),
  );
});

test('division half-up is the nearest integer, the upper one in the middle', () => {
  const denominator = fc.bigInt({ min: 1n, max: 10n ** 12n });
  fc.assert(
    fc.property(micros, denominator, (numerator, divisor) => {
      const twiceTheError = 2n * (divideHalfUp(numerator, divisor) * divisor - numerator);
      expect(twiceTheError > -divisor && twiceTheError <= divisor).toBe(true);
    }),
  );
});

test('a total is the exact product, rounded once by at most half a micro-dollar', () => {
  fc.assert(
    fc.property(rate, cards, minutes, (perHour, gpuCount, length) => {
      const exactTimes60 = perHour * BigInt(gpuCount) * BigInt(length);
      const twiceTheError =
        2n * (totalCost(perHour, gpuCount, length * MINUTE_MS) * 60n - exactTimes60);
      expect(twiceTheError > -60n && twiceTheError <= 60n).toBe(true);
    }),
  );
});

test('a total never falls when rate, cards or time grow', () => {
  fc.assert(
    fc.property(rate, cards, minutes, (perHour, gpuCount, length) => {
      const total = totalCost(perHour, gpuCount, length * MINUTE_MS);
      expect(totalCost(perHour + 1n, gpuCount, length * MINUTE_MS)).toBeGreaterThanOrEqual(total);
      expect(totalCost(perHour, gpuCount + 1, length * MINUTE_MS)).toBeGreaterThanOrEqual(total);
      expect(totalCost(perHour, gpuCount, (length + 1) * MINUTE_MS)).toBeGreaterThanOrEqual(total);
    }),
  );
});

test('a stay cut in two costs the same but for one micro-dollar of rounding', () => {
  fc.assert(
    fc.property(rate, cards, minutes, minutes, (perHour, gpuCount, first, second) => {
      const cost = (length: number): bigint => totalCost(perHour, gpuCount, length * MINUTE_MS);
      const difference = cost(first) + cost(second) - cost(first + second);
      expect(difference >= -1n && difference <= 1n).toBe(true);
    }),
  );
});

test('whole hours cost exactly rate × cards × hours', () => {
  fc.assert(
    fc.property(rate, cards, fc.integer({ min: 1, max: 2160 }), (perHour, gpuCount, hours) => {
      const total = totalCost(perHour, gpuCount, hours * HOUR_MS);
      expect(total).toBe(perHour * BigInt(gpuCount * hours));
    }),
  );
});

test('a DYNAMIC offer rises with the multiplier and stays inside its bounds', () => {
  const multiplier = fc.bigInt({ min: 0n, max: 10_000_000n });
  fc.assert(
    fc.property(rate, rate, rate, multiplier, (base, one, other, millionths) => {
      const [floorMicros, capMicros] = one < other ? [one, other] : [other, one];
      const offer = { mode: 'DYNAMIC', baseMicros: base, floorMicros, capMicros } as const;
      const price = offerRate(offer, millionths);
      expect(price >= floorMicros && price <= capMicros).toBe(true);
      expect(offerRate(offer, millionths + 1n)).toBeGreaterThanOrEqual(price);
    }),
  );
});
