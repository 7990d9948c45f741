import { describe, expect, test } from 'vitest';
import type { PriceRow } from '../../../src/cli/import/price-rows.ts';
import { PriceSeries } from '../../../src/cli/import/price-series.ts';

const ROW: PriceRow = {
  date: '2026-07-01',
  provider: 'vast.ai',
  model: 'H100_SXM',
  gpuCount: 8,
  region: 'US',
  rentalType: 'on_demand',
  medianMicros: 2_000_000n,
  offers: 2,
};

function catalogueOf(rows: readonly Partial<PriceRow>[]) {
  const series = new PriceSeries();
  for (const row of rows) series.add({ ...ROW, ...row });
  return series.catalogue();
}

describe('a price series', () => {
  test('makes as many units as its newest row has offers, at that price', () => {
    const { pairs, series } = catalogueOf([
      { date: '2026-07-02', offers: 3, medianMicros: 1_900_000n },
      { date: '2026-07-01', offers: 9 },
    ]);
    expect(series).toBe(1);
    expect(pairs[0]?.units.map((unit) => unit.sourceKey)).toEqual([
      'h100-sxm@us/8/on_demand/1',
      'h100-sxm@us/8/on_demand/2',
      'h100-sxm@us/8/on_demand/3',
    ]);
    expect(pairs[0]?.units[0]).toMatchObject({ provider: 'vast-ai', gpuCount: 8 });
    expect(pairs[0]?.units[0]?.offer).toMatchObject({ mode: 'FIXED', baseMicros: 1_900_000n });
  });

  test('folds the case of regions', () => {
    const { pairs, references } = catalogueOf([{ region: 'US' }, { region: 'us' }]);
    expect(references.regions).toEqual([{ code: 'us', name: 'United States', country: 'US' }]);
    expect(pairs).toHaveLength(1);
  });

  test.each([
    [{ provider: 'other' }],
    [{ gpuCount: 1 }],
    [{ rentalType: 'spot' as const }],
    [{ model: 'H200' }],
    [{ region: 'DE' }],
  ])('is another one with %o', (difference) => {
    expect(catalogueOf([{}, difference]).series).toBe(2);
  });

  test('prices spot DYNAMIC', () => {
    const { pairs } = catalogueOf([{ rentalType: 'spot' }]);
    expect(pairs[0]?.units[0]?.offer.mode).toBe('DYNAMIC');
  });

  test("clips a price above five times its model's median and counts it", () => {
    const rows = [{}, {}, {}, { provider: 'dear', medianMicros: 98_000_000n }];
    const { pairs, clipped } = catalogueOf(rows);
    expect(clipped).toBe(1);
    const dear = pairs[0]?.units.find((unit) => unit.provider === 'dear');
    expect(dear?.offer.baseMicros).toBe(10_000_000n);
  });

  test('is history too: each row a price at the start of its day, clipped, in the file’s order', () => {
    const { histories } = catalogueOf([
      { date: '2026-07-02' },
      { date: '2026-07-01', medianMicros: 98_000_000n },
      { date: '2026-07-02', region: 'DE' },
      { date: '2026-07-02', provider: 'other', medianMicros: 1_000_000n, offers: 0 },
    ]);
    const [first, second] = [Date.UTC(2026, 6, 1), Date.UTC(2026, 6, 2)];
    expect(histories).toEqual([
      {
        pair: { gpuType: 'h100-sxm', region: 'us' },
        prices: [
          { rateMicros: 2_000_000n, at: second },
          { rateMicros: 10_000_000n, at: first },
          { rateMicros: 1_000_000n, at: second },
        ],
      },
      {
        pair: { gpuType: 'h100-sxm', region: 'de' },
        prices: [{ rateMicros: 2_000_000n, at: second }],
      },
    ]);
  });

  test('without offers makes no unit but is named, so that its old ones can be paused', () => {
    const { pairs } = catalogueOf([{ offers: 0 }]);
    expect(pairs[0]?.units).toEqual([]);
    expect(pairs[0]?.series).toEqual([{ provider: 'vast-ai', key: 'h100-sxm@us/8/on_demand' }]);
  });
});
