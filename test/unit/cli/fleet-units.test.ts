import { describe, expect, test } from 'vitest';
import { FleetUnits, readFleetRow } from '../../../src/cli/import/fleet-units.ts';
import { regionOf } from '../../../src/cli/import/regions.ts';

const CELLS = {
  node_id: 'node-0001',
  gpu_model: 'T4',
  gpu_count: '2',
  cpu_milli: '96000',
  memory_mib: '393216',
};

const PRICE = (): bigint => 350_000n;

describe('a fleet', () => {
  test('has one unit per node, with its cards, cores and memory', () => {
    const fleet = new FleetUnits();
    fleet.add(readFleetRow(CELLS), 2);
    const pairs = fleet.pairs({ provider: 'acme', region: regionOf('local'), priceMicros: PRICE });
    expect(pairs).toHaveLength(1);
    expect(pairs[0]?.pair).toEqual({ gpuType: 't4', region: 'local' });
    expect(pairs[0]?.units[0]).toMatchObject({
      provider: 'acme',
      sourceKey: 't4@local/node-0001',
      gpuCount: 2,
      cpuCores: 96,
      ramGb: 384,
      offer: { mode: 'FIXED', baseMicros: 350_000n, minDurationMinutes: 1 },
    });
  });

  test('refuses a second row of the same node and says where the first is', () => {
    const fleet = new FleetUnits();
    fleet.add(readFleetRow(CELLS), 2);
    expect(() => fleet.add(readFleetRow(CELLS), 7)).toThrow('the same as in line 2');
  });

  test.each([
    ['node_id', ''],
    ['gpu_model', '?'],
    ['gpu_count', '0'],
    ['gpu_count', '2.5'],
    ['cpu_milli', '-1'],
    ['memory_mib', 'lots'],
  ])('refuses a row whose %s is %o', (column, text) => {
    expect(() => readFleetRow({ ...CELLS, [column]: text })).toThrow(new RegExp(`^${column} `));
  });
});

describe('a region', () => {
  test.each([
    ['US', { code: 'us', name: 'United States', country: 'US' }],
    ['global', { code: 'global', name: 'Global', country: null }],
    ['EU', { code: 'eu', name: 'European Union', country: null }],
    ['us-west-2', { code: 'us-west-2', name: 'us-west-2', country: 'US' }],
    ['zz-lab', { code: 'zz-lab', name: 'zz-lab', country: null }],
  ])('is told from its label %s', (label, region) => {
    expect(regionOf(label)).toEqual(region);
  });
});
