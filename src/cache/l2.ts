import type { CacheKey } from '../domain/cache-key.ts';
import type { Position } from './partition-state.ts';

/** A value that is current as of the position it was read with. */
export interface L2Value {
  readonly payload: Buffer;
  /** How long L2 will keep it, never over-estimated. */
  readonly leftMs: number;
}

/** What was there at one moment: `position` is the token of everything loaded after it was read. */
export interface L2Snapshot {
  readonly position: Position;
  /** L2's own clock, read before the position was; fills are refused when it is too long ago. */
  readonly bornAtMs: number;
  /** Per asked key; null for a miss, a tombstone, or a value of another incarnation. */
  readonly values: readonly (L2Value | null)[];
}

/** The layer that nodes share, seen by partition; a single node has only the log's position to share. */
export interface L2 {
  /** Whether there is a layer at all, to be counted. */
  readonly keepsValues: boolean;
  /** Reads keys of one partition and its position, all at one moment. Rejects quickly when away. */
  read(partition: number, keys: readonly CacheKey[]): Promise<L2Snapshot>;
  /**
   * Keeps what was loaded after `snapshot` was read. False when it may be older than an invalidation:
   * it must then not be kept anywhere. Rejects quickly when away.
   */
  fill(
    partition: number,
    key: CacheKey,
    snapshot: Omit<L2Snapshot, 'values'>,
    value: { readonly payload: Buffer; readonly ttlMs: number },
  ): Promise<boolean>;
}
