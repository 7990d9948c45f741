import type { L2 } from './l2.ts';
import type { Position } from './partition-state.ts';

/** The L2 of a single node: none. Its log is its own, so the position is what it has applied itself. */
export function createNoL2(positionOf: (partition: number) => Position): L2 {
  return {
    keepsValues: false,
    read: async (partition, keys) => ({
      position: positionOf(partition),
      bornAtMs: 0,
      values: keys.map(() => null),
    }),
    fill: async () => true,
  };
}
