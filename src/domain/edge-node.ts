import { CACHE_NAMESPACES, type CacheNamespace } from './cache-namespace.ts';
import type { NodeHealth } from './node-health.ts';
import type { EpochMs } from './time.ts';

export const NODE_TIERS = ['EDGE', 'REGIONAL', 'GLOBAL'] as const;
export type NodeTier = (typeof NODE_TIERS)[number];

/** Names of nodes: letters, digits and `. _ : -`. */
export function isNodeId(text: string): boolean {
  return /^[\w.:-]{1,64}$/.test(text);
}

/** Who a node is; the same for its whole life. */
export interface NodeIdentity {
  /** Unique in the fleet. */
  readonly nodeId: string;
  readonly region: string;
  readonly datacenter: string | null;
  readonly tier: NodeTier;
  readonly version: string;
}

/** What one layer did since the node started. L2's entries, bytes and evictions are Redis's: 0 here. */
export interface LayerCounters {
  readonly hits: number;
  readonly misses: number;
  readonly entries: number;
  readonly bytes: number;
  readonly evictions: number;
  readonly coalesced: number;
  readonly staleServed: number;
}

export interface NamespaceCounters {
  readonly l1: LayerCounters;
  readonly l2: LayerCounters;
  readonly invalidations: number;
  /** Whether events decide, rather than the TTL alone. */
  readonly eventDriven: boolean;
}

/** A node's counters; plain numbers, so that other nodes can be asked for theirs through the database. */
export interface NodeStats {
  readonly since: EpochMs;
  readonly namespaces: Readonly<Record<CacheNamespace, NamespaceCounters>>;
  readonly eventsProcessed: number;
  readonly eventsDeduplicated: number;
  readonly eventGaps: number;
  readonly redisMemoryUsedMb: number | null;
  /** Of the newest events; null before the first. */
  readonly propagationP50Ms: number | null;
  readonly propagationP99Ms: number | null;
  /** Open live streams. */
  readonly subscribers: number;
}

/** A node as it last told of itself. */
export interface EdgeNode extends NodeIdentity {
  readonly startedAt: EpochMs;
  readonly lastHeartbeatAt: EpochMs;
  /** The highest sequence that it has applied, of any partition. */
  readonly lastSequence: bigint;
  /** Published events that it had not applied. */
  readonly lagEvents: number;
  readonly health: NodeHealth;
  readonly stats: NodeStats;
}

/** One layer over all namespaces. */
export function totalOf({ namespaces }: NodeStats, layer: 'l1' | 'l2'): LayerCounters {
  return CACHE_NAMESPACES.map((name) => namespaces[name][layer]).reduce((a, b) => ({
    hits: a.hits + b.hits,
    misses: a.misses + b.misses,
    entries: a.entries + b.entries,
    bytes: a.bytes + b.bytes,
    evictions: a.evictions + b.evictions,
    coalesced: a.coalesced + b.coalesced,
    staleServed: a.staleServed + b.staleServed,
  }));
}

/** Hits among look-ups, 0..1; 0 without any. */
export function hitRatio({ hits, misses }: Pick<LayerCounters, 'hits' | 'misses'>): number {
  return hits + misses === 0 ? 0 : hits / (hits + misses);
}
