import type { CacheEvent, SequencedEvent } from '../domain/cache-event.ts';
import type { CacheKey } from '../domain/cache-key.ts';
import type { CacheNamespace } from '../domain/cache-namespace.ts';
import type { EpochMs } from '../domain/time.ts';

export const CACHE_LAYERS = ['L1', 'L2', 'DATABASE'] as const;
export type CacheLayer = (typeof CACHE_LAYERS)[number];

/** An answer with what a client may want to know of its freshness. */
export interface Cached<V> {
  /** Decoded and deeply frozen: it is shared by every reader. */
  readonly value: V;
  readonly servedFrom: CacheLayer;
  /** The partition's sequence when the value was loaded. */
  readonly sequence: bigint;
  /** When the system of record produced the value. */
  readonly asOf: EpochMs;
  /** The node had lost its event stream and only the TTL bounds the value's age. */
  readonly degraded: boolean;
}

/** What a loader gives for one id. `null` values ("there is none") are cached too. */
export interface Loaded<V> {
  readonly value: V;
  /** The database's clock at the snapshot. */
  readonly asOf: EpochMs;
}

export interface CollectionOptions<K, V> {
  readonly keyOf: (id: K) => CacheKey;
  /** Reads the system of record, one result per id, in order. Its snapshot begins after the call. */
  readonly load: (ids: readonly K[]) => Promise<readonly Loaded<V>[]>;
  /** An entity's row version: a node never answers a lower one than it has served. Absent for views. */
  readonly versionOf?: (value: V) => number | null;
}

/** One kind of cached thing, e.g. units by id. */
export interface Collection<K, V> {
  get(id: K): Promise<Cached<V>>;
  /** Answers in the order of `ids`; one MGET per partition, one load for all that miss. */
  getMany(ids: readonly K[]): Promise<Cached<V>[]>;
}

export interface TieredCache {
  collection<K, V>(options: CollectionOptions<K, V>): Collection<K, V>;
  /**
   * Called by a writer just before it commits: from now until an event id is applied (or `abort`ed)
   * its keys are pending: reads go to the database and nothing is kept (3-cache.md §9). An event that
   * names no key makes nothing pending: it says nothing about what this node commits.
   */
  begin(events: readonly CacheEvent[]): void;
  /** The transaction of these events was rolled back. */
  abort(events: readonly CacheEvent[]): void;
  /** Applies an event at its place in the log: commutes with itself and with every other. */
  apply(event: SequencedEvent): void;
  /**
   * These events are known to be published (their outbox rows say so) though none of them may ever
   * arrive here: their keys are pending no more, and what their partitions hold in memory is forgotten.
   */
  settle(eventIds: readonly string[]): void;
  /** Ids of the events that keys are pending for, oldest first. */
  pendingEvents(): readonly string[];
  /** Forgets everything that one partition (all of them without an argument) holds in memory. */
  flush(partition?: number): void;
  /**
   * Whether memory may be served: false while the event stream is known to be cut. Critical namespaces
   * are then read from L2 or the database, the others may be served `degraded`. Trust that returns
   * flushes everything first, so it may only be given when the subscription stands. With an L2 a
   * cache begins without trust.
   */
  trust(trusted: boolean): void;
  /** Sets the coarse clock right: to be called at the start of each incoming operation. */
  touch(): void;
  /** Counters since the start and what memory holds now. */
  stats(): CacheStatsSnapshot;
}

/** Counters only grow; `entries` and `bytes` (encoded) are what is held now. */
export interface LayerStats {
  readonly hits: number;
  readonly misses: number;
  /** Values refused because they may have been older than an invalidation. */
  readonly fillsRefused: number;
}

export interface NamespaceCacheStats {
  readonly l1: LayerStats & {
    readonly entries: number;
    readonly bytes: number;
    readonly evictions: number;
    readonly coalesced: number;
    readonly staleServed: number;
  };
  readonly l2: LayerStats;
  /** Keys invalidated by events; a whole namespace counts once. */
  readonly invalidations: number;
}

export interface CacheStatsSnapshot {
  readonly namespaces: Readonly<Record<CacheNamespace, NamespaceCacheStats>>;
  /** How often one partition's memory was forgotten as a whole. */
  readonly flushes: number;
  readonly pendingEvents: number;
  readonly trusted: boolean;
}
