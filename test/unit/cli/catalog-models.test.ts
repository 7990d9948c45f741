import { describe, expect, test } from 'vitest';
import { CatalogModels, type CatalogRow } from '../../../src/cli/import/catalog-models.ts';

const ROW: CatalogRow = {
  provider: 'salad',
  model: 'NVIDIA L40',
  vendor: 'NVIDIA',
  vramGb: 48,
  interconnect: 'PCIe',
  tier: 'on-demand',
  spot: false,
  priceMicros: 500_000n,
};

function referencesOf(rows: readonly Partial<CatalogRow>[]) {
  const models = new CatalogModels();
  for (const row of rows) models.add({ ...ROW, ...row });
  return models.references();
}

describe('a catalogue of models', () => {
  test('takes the lower median of the prices that are not spot', () => {
    const rows = [
      { priceMicros: 900_000n },
      { priceMicros: 700_000n },
      { priceMicros: 100_000n, spot: true },
    ];
    expect(referencesOf(rows).gpuTypes[0]?.referenceMicros).toBe(700_000n);
  });

  test('takes spot prices where there are no others', () => {
    const rows = [{ priceMicros: 100_000n, spot: true }];
    expect(referencesOf(rows).gpuTypes[0]?.referenceMicros).toBe(100_000n);
  });

  test('says of a model what the file says most often', () => {
    const [type] = referencesOf([{ vramGb: 40 }, {}, {}, { vramGb: null }]).gpuTypes;
    expect(type).toMatchObject({ slug: 'nvidia-l40', vramGb: 48, interconnect: 'PCIE' });
  });

  test('knows by itself what the file leaves out', () => {
    const rows = [{ model: 'H100 SXM', vramGb: null, interconnect: '', vendor: '' }];
    expect(referencesOf(rows).gpuTypes[0]).toMatchObject({
      vendor: 'NVIDIA',
      vramGb: 80,
      interconnect: 'SXM',
    });
  });

  test('trusts a provider that only sells a community less', () => {
    const { providers } = referencesOf([
      { provider: 'akash', tier: 'marketplace' },
      { provider: 'runpod', tier: 'community' },
      { provider: 'runpod', tier: 'secure' },
    ]);
    expect(providers.map((provider) => [provider.slug, provider.trustTier])).toEqual([
      ['akash', 'COMMUNITY'],
      ['runpod', 'VERIFIED'],
    ]);
  });
});
