import type { CacheKey } from '../domain/cache-key.ts';
import type { LogPosition } from '../domain/log-position.ts';

/** A value that is current as of the position it was read with. */
export interface L2Value {
  readonly payload: Buffer;
  /** How long L2 will keep it, never over-estimated. */
  readonly leftMs: number;
}

/** What was there at one moment: `position` is the token of everything loaded after it was read. */
export interface L2Snapshot {
  readonly position: LogPosition;
  /** L2's own clock, read before the position was; fills are refused when it is too long ago. */
  readonly bornAtMs: number;
  /** Per asked key; null for a miss, a tombstone, or a value of another incarnation. */
  readonly values: readonly (L2Value | null)[];
}

/**
 * `taken`: another value of the same age or newer is there; nothing has made this one old. `refused`:
 * it may be older than an invalidation, and must not be kept anywhere.
 */
export type FillOutcome = 'kept' | 'taken' | 'refused';

export interface L2Claim {
  readonly snapshot: L2Snapshot;
  /** Per asked key: whether nobody else is loading it. */
  readonly granted: readonly boolean[];
}

/** The layer that nodes share, seen by partition; a single node has only the log's position to share. */
export interface L2 {
  /** Whether there is a layer at all, to be counted. */
  readonly keepsValues: boolean;
  /** Reads keys of one partition and its position, all at one moment. Rejects quickly when away. */
  read(partition: number, keys: readonly CacheKey[]): Promise<L2Snapshot>;
  /**
   * Asks for the right to be the one that loads each key for all nodes, then reads as `read` does: so
   * what the last holder has filled is seen before anything is loaded again.
   */
  claim(partition: number, keys: readonly CacheKey[]): Promise<L2Claim>;
  /** Gives that right back; it also ends by itself after 2 s. */
  release(partition: number, key: CacheKey): Promise<void>;
  /** Keeps what was loaded after `snapshot` was read, if it may be kept. Rejects quickly when away. */
  fill(
    partition: number,
    key: CacheKey,
    snapshot: Omit<L2Snapshot, 'values'>,
    value: { readonly payload: Buffer; readonly ttlMs: number },
  ): Promise<FillOutcome>;
}
