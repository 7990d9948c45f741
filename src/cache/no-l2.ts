import type { L2 } from './l2.ts';
import type { LogPosition } from '../domain/log-position.ts';

/** The L2 of a single node: none. Its log is its own, so the position is what it has applied itself. */
export function createNoL2(positionOf: (partition: number) => LogPosition): L2 {
  const read: L2['read'] = async (partition, keys) => ({
    position: positionOf(partition),
    bornAtMs: 0,
    values: keys.map(() => null),
  });
  return {
    keepsValues: false,
    read,
    claim: async (partition, keys) => ({
      snapshot: await read(partition, keys),
      granted: keys.map(() => true),
    }),
    release: async () => undefined,
    fill: async () => 'kept',
  };
}
