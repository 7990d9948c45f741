import { describe, expect, test } from 'vitest';
import {
  availabilitySteps,
  readAvailabilityRow,
  type AvailabilityRow,
} from '../../../src/cli/replay/availability-rows.ts';

const CELLS = {
  kind: 'availability',
  cluster: '1-node',
  zone: 'us-west-2b',
  gpu_model: 'V100',
  gpus_per_node: '1',
  at: '2023-02-15T13:19:30Z',
  available_nodes: '1',
};

function row(cells: Partial<typeof CELLS>): AvailabilityRow[] {
  const read = readAvailabilityRow({ ...CELLS, ...cells });
  return read ? [read] : [];
}

describe('an availability trace', () => {
  test('counts a zone to its region', () => {
    expect(row({})[0]?.pair).toEqual({ gpuType: 'v100', region: 'us-west-2' });
  });

  test('leaves out what tells of no count', () => {
    expect(row({ kind: 'preemption' })).toEqual([]);
  });

  test('refuses an instant that is none', () => {
    expect(() => row({ at: 'noon' })).toThrow('at is not an instant');
  });

  test('adds up the zones and clusters of a region, each by its newest count, in order of time', () => {
    const steps = availabilitySteps([
      ...row({ at: '2023-02-15T00:00:30Z', zone: 'us-west-2a', available_nodes: '4' }),
      ...row({ at: '2023-02-15T00:00:10Z', available_nodes: '1' }),
      ...row({ at: '2023-02-15T00:00:50Z', available_nodes: '0' }),
      ...row({ at: '2023-02-15T00:00:40Z', cluster: '16-node', available_nodes: '16' }),
    ]);
    expect(steps.map((step) => [step.dueMs, step.available])).toEqual([
      [0, 1],
      [20_000, 5],
      [30_000, 21],
      [40_000, 20],
    ]);
  });
});
