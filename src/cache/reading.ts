import type { CacheKey } from '../domain/cache-key.ts';
import type { CacheReporter } from '../domain/cache-reporter.ts';
import type { CoarseClock } from './coarse-clock.ts';
import type { Flight } from './flights.ts';
import type { GuardedL2 } from './guarded-l2.ts';
import type { L2Snapshot } from './l2.ts';
import type { NodeMemory } from './node-memory.ts';
import type { Cached } from './types.ts';

/** What all collections of one cache share. */
export interface CollectionDeps {
  readonly memory: NodeMemory;
  readonly l2: GuardedL2;
  readonly clock: CoarseClock;
  readonly reporter: CacheReporter;
  /** 0 ≤ x < 1, for the jitter of TTLs. */
  readonly random: () => number;
}

/** A key that somebody waits for. */
export interface Wanted<K, V> {
  readonly id: K;
  readonly key: CacheKey;
  readonly partition: number;
  readonly flight: Flight<Cached<V>>;
  /** Only the database may answer, and nothing may be kept of its answer. */
  uncached: boolean;
  /** Nobody waits: the value in memory is good, and growing old. */
  readonly refreshing: boolean;
  /** How often what was read for it was refused. */
  refusals: number;
  /** How often another node has been found loading it. */
  polls: number;
  /** This node is the one that loads it for all. */
  claimed: boolean;
}

/** The right to keep what is loaded from now on, as far as nothing happens meanwhile. */
export interface Permit extends Omit<L2Snapshot, 'values'> {
  readonly generation: number;
}

/** What a look-up ends with, for what it could not answer. */
export type Next<K, V> =
  | { readonly step: 'load'; readonly wanted: Wanted<K, V>; readonly permit: Permit | null }
  | { readonly step: 'retry'; readonly wanted: Wanted<K, V> }
  | { readonly step: 'wait'; readonly wanted: Wanted<K, V> };

/** The database is asked, and nothing is kept of its answer. */
export function loadUncached<K, V>(wanted: Wanted<K, V>): Next<K, V> {
  return { step: 'load', wanted, permit: null };
}

/** What was read cannot be used: again from the look-up. */
export function retry<K, V>(wanted: Wanted<K, V>): Next<K, V> {
  wanted.refusals += 1;
  return { step: 'retry', wanted };
}
