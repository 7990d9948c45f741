import type { CacheEvent, SequencedEvent } from '../domain/cache-event.ts';
import type { CacheKey } from '../domain/cache-key.ts';
import type { CacheNamespace } from '../domain/cache-namespace.ts';
import type { ConsistencyToken } from '../domain/consistency-token.ts';
import type { LogPosition } from '../domain/log-position.ts';
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
  /**
   * The node had lost its event stream, or the database is away and the value is past its time: what
   * is known of it is old, though nothing is known to have changed it.
   */
  readonly degraded: boolean;
}

/** What a loader gives for one id. `null` values ("there is none") are cached too. */
export interface Loaded<V> {
  readonly value: V;
  /** The database's clock at the snapshot. */
  readonly asOf: EpochMs;
  /** When this value should live shorter than its namespace says; 0 keeps nothing of it. */
  readonly ttlMs?: number;
}

export interface CollectionOptions<K, V> {
  readonly keyOf: (id: K) => CacheKey;
  /**
   * Reads the system of record, one result per id, in order. Its snapshot begins after the call. Where
   * it rejects with `StoreUnavailableError`, a value past its time may stand in.
   */
  readonly load: (ids: readonly K[]) => Promise<readonly Loaded<V>[]>;
  /** An entity's row version: a node never answers a lower one than it has served. Absent for views. */
  readonly versionOf?: (value: V) => number | null;
  /** The part of a value that only events change: what a checker compares. Absent = all of it. */
  readonly settled?: (value: V) => unknown;
}

export interface ReadOptions {
  /**
   * Only state at least this new may answer. Where this node has not applied as much within 50 ms, or
   * never can (another incarnation, an event that was not published), the database answers.
   */
  readonly atLeast?: ConsistencyToken | null;
}

/** One kind of cached thing, e.g. units by id. */
export interface Collection<K, V> {
  get(id: K, options?: ReadOptions): Promise<Cached<V>>;
  /** Answers in the order of `ids`; one MGET per partition, one load for all that miss. */
  getMany(ids: readonly K[], options?: ReadOptions): Promise<Cached<V>[]>;
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
   * The blind lease. A catch-up that was asked for at `sentAtMs` (`performance.now()`) has succeeded:
   * every event of the partition up to `position` was applied. Memory is trusted until 3 s after it was
   * *sent*; `Infinity` trusts for ever. Nothing is forgotten: nothing was missed. Without the lease
   * critical namespaces are read from L2 or the database, the others may be served `degraded`. A cache
   * with an L2 begins without it; a single node needs none.
   */
  confirm(partition: number, position: LogPosition, sentAtMs: number): void;
  /**
   * Events of the partition were lost for good; `position` was read after that. Its memory is forgotten
   * and the incarnation of `position` followed. Trust returns with the next `confirm`.
   */
  lose(partition: number, position: LogPosition): void;
  /** The subscription is known to be cut: memory is trusted again by a `confirm` that is sent after this. */
  distrust(): void;
  /**
   * True while changes have been waiting for their publication for more than 3 s: then neither L2 nor
   * L1 can know of them, and critical namespaces are read from the database.
   */
  distrustL2(distrusted: boolean): void;
  /**
   * How new an answer must be to show these events, which this node has committed. Asked once they were
   * published, or when waiting for that was given up. Debounced events are not to be passed: they are
   * late by design.
   */
  tokenOf(events: readonly CacheEvent[]): ConsistencyToken;
  /** Lets go of a share (0–1) of memory, the least recently used values first. */
  shed(share: number): void;
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
  /** Whether memory may be served in every partition. */
  readonly trusted: boolean;
}
