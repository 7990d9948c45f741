import { describe, expect, test } from 'vitest';
import type { UnitDraft } from '../../../src/market/ingest-draft.ts';
import { changedIds, isSettled, offerRow, planIngest } from '../../../src/market/ingest-plan.ts';
import type { StoredUnit } from '../../../src/store/ingest-store.ts';

const DRAFT: UnitDraft = {
  provider: 'acme',
  sourceKey: 'series/1',
  gpuCount: 8,
  cpuCores: null,
  ramGb: 512,
  diskGb: null,
  trustTier: 'VERIFIED',
  reliability: null,
  offer: { mode: 'FIXED', baseMicros: 2_000_000n, minDurationMinutes: 60, maxDurationMinutes: 600 },
};

const STORED: StoredUnit = {
  id: 'us/h100/0001',
  gpu_type: 'h100',
  region: 'us',
  provider: 'acme',
  source_key: 'series/1',
  gpu_count: 8,
  cpu_cores: null,
  ram_gb: 512,
  disk_gb: null,
  trust_tier: 'VERIFIED',
  reliability: null,
  mode: 'FIXED',
  base_micros: 2_000_000n,
  min_duration_minutes: 60,
  max_duration_minutes: 600,
  offer_status: 'ACTIVE',
};

function item(draft: UnitDraft | null) {
  return { provider: 'acme', sourceKey: 'series/1', draft };
}

describe('the plan of an import', () => {
  test('is settled when the database says what the source says', () => {
    expect(isSettled(planIngest([item(DRAFT)], [STORED]))).toBe(true);
  });

  test('adds a unit that is not there', () => {
    const plan = planIngest([item(DRAFT)], []);
    expect(plan.added).toEqual([DRAFT]);
    expect(isSettled(plan)).toBe(false);
  });

  test("takes another provider's unit of the same key for another unit", () => {
    expect(planIngest([item(DRAFT)], [{ ...STORED, provider: 'rival' }]).added).toHaveLength(1);
  });

  test.each([
    [{ ram_gb: 256 }],
    [{ gpu_count: 4 }],
    [{ cpu_cores: 64 }],
    [{ disk_gb: 9 }],
    [{ trust_tier: 'COMMUNITY' as const }],
    [{ reliability: 0.5 }],
  ])('rewrites the unit alone when only %o differs', (difference) => {
    const plan = planIngest([item(DRAFT)], [{ ...STORED, ...difference }]);
    expect(plan.rescaled).toHaveLength(1);
    expect(plan.reoffered).toHaveLength(0);
  });

  test.each([
    [{ base_micros: 1n }],
    [{ mode: 'DYNAMIC' as const }],
    [{ mode: null, offer_status: null }],
    [{ offer_status: 'PAUSED' as const }],
    [{ min_duration_minutes: 1 }],
    [{ max_duration_minutes: 1 }],
  ])('rewrites the offer alone when only %o differs', (difference) => {
    const plan = planIngest([item(DRAFT)], [{ ...STORED, ...difference }]);
    expect(plan.rescaled).toHaveLength(0);
    expect(changedIds(plan)).toEqual([STORED.id]);
  });

  test('pauses a surplus offer once, and no offer that rests already', () => {
    expect(planIngest([item(null)], [STORED]).paused).toEqual([STORED.id]);
    const paused = { ...STORED, offer_status: 'PAUSED' as const };
    expect(isSettled(planIngest([item(null)], [paused]))).toBe(true);
  });
});

describe("a drafted offer's row", () => {
  test('costs its base when FIXED, whatever the multiplier is', () => {
    expect(offerRow('u', DRAFT, 1_500_000n)).toMatchObject({
      rate_micros: 2_000_000n,
      floor_micros: 1_000_000n,
      cap_micros: 6_000_000n,
      status: 'ACTIVE',
    });
  });

  test("follows the pair's multiplier within its bounds when DYNAMIC", () => {
    const draft: UnitDraft = { ...DRAFT, offer: { ...DRAFT.offer, mode: 'DYNAMIC' } };
    expect(offerRow('u', draft, 1_500_000n).rate_micros).toBe(3_000_000n);
    expect(offerRow('u', draft, 9_000_000n).rate_micros).toBe(6_000_000n);
  });
});
