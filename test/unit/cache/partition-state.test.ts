import { describe, expect, it } from 'vitest';
import { PartitionState } from '../../../src/cache/partition-state.ts';
import { rowKey } from './world.ts';

function stateAt(base: bigint): PartitionState {
  const state = new PartitionState(false);
  state.follow(base);
  return state;
}

describe('what a node knows of a partition', () => {
  it('forbids after a flush everything from before the highest event that was applied', () => {
    const state = stateAt(100n);
    state.applied(107n);
    state.applied(103n);
    state.forget();
    expect(state.floors.of(rowKey('a'))).toBe(107n);
  });

  it('forbids after a loss everything from before the position that was read then', () => {
    const state = stateAt(100n);
    state.applied(103n);
    state.caughtUp(109n);
    state.forget();
    expect(state.floors.of(rowKey('a'))).toBe(109n);
  });

  it('reaches as far as no event is missing', () => {
    const state = stateAt(100n);
    const standing = (sequence: bigint) => state.standing({ base: 100n, sequence });
    expect(standing(100n)).toBe('behind');
    state.caughtUp(100n);
    state.applied(102n);
    expect([standing(100n), standing(101n), standing(102n)]).toEqual([
      'reached',
      'behind',
      'behind',
    ]);
    state.applied(101n);
    state.applied(102n);
    expect(standing(102n)).toBe('reached');
    expect(state.standing({ base: 99n, sequence: 100n })).toBe('elsewhere');
  });
});
