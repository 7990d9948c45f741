import { describe, expect, test } from 'vitest';
import { pairKey } from '../../../src/domain/catalog.ts';
import { gpuModel } from '../../../src/domain/gpu-models.ts';
import { DEMO_PROVIDERS, DEMO_REGIONS } from '../../../src/demo/catalogue.ts';
import { demoPairs } from '../../../src/demo/seed-demo.ts';

const PAIRS = demoPairs();
const UNITS = PAIRS.flatMap((draft) => draft.units);

describe('the demo catalogue', () => {
  test('is the size of a small market', () => {
    expect(new Set(PAIRS.map((draft) => draft.pair.gpuType)).size).toBeGreaterThanOrEqual(14);
    expect(new Set(PAIRS.map((draft) => draft.pair.region)).size).toBeGreaterThanOrEqual(9);
    expect(new Set(UNITS.map((unit) => unit.provider)).size).toBeGreaterThanOrEqual(11);
    expect(UNITS.length).toBeGreaterThanOrEqual(320);
  });

  test('is made of real models with their VRAM', () => {
    for (const { pair } of PAIRS) expect(gpuModel(pair.gpuType).vramGb).toBeGreaterThan(0);
  });

  test('names each unit and each pair once', () => {
    expect(new Set(UNITS.map((unit) => `${unit.provider} ${unit.sourceKey}`)).size).toBe(
      UNITS.length,
    );
    expect(new Set(PAIRS.map((draft) => pairKey(draft.pair))).size).toBe(PAIRS.length);
  });

  test('refers only to providers and regions of its own', () => {
    const providers = new Set(DEMO_PROVIDERS.map((provider) => provider.slug));
    const regions = new Set(DEMO_REGIONS.map((region) => region.code));
    expect(UNITS.every((unit) => providers.has(unit.provider))).toBe(true);
    expect(PAIRS.every((draft) => regions.has(draft.pair.region))).toBe(true);
  });

  test('is the same every time', () => {
    expect(demoPairs()).toEqual(PAIRS);
  });
});
