import type { CacheKey } from './cache-key.ts';
import { NAMESPACE_POLICIES, type CacheNamespace } from './cache-namespace.ts';

/**
 * The names in Redis that nodes share. The hash tag keeps a partition's keys in one cluster slot, so
 * that one script or one MGET sees all of them at one moment. Source: design "The cache", §3.
 */
export interface PartitionKeys {
  /** Number of the last event, decimal text. */
  readonly sequence: string;
  /** The sequence at which this incarnation of the log began. */
  readonly base: string;
  /** Replication id of the master that counts. */
  readonly owner: string;
  /** Stream of the newest events; an entry's id is `<sequence>-0`. */
  readonly log: string;
  /** Pub/sub channel; a message is `<sequence>|<base>|<envelope>`. */
  readonly channel: string;
  /** What a heartbeat writes, to know that the master takes writes; expires by itself. */
  readonly beat: string;
}

/** The names of one partition. */
export function partitionKeys(partition: number): PartitionKeys {
  const tag = tagOf(partition);
  return {
    sequence: `${tag}:seq`,
    base: `${tag}:base`,
    owner: `${tag}:owner`,
    log: `${tag}:ev`,
    channel: `${tag}:ch`,
    beat: `${tag}:beat`,
  };
}

/** The channel on which one node hears its own heartbeats, beside the partition's; `id` is unique. */
export function heartbeatChannel(partition: number, id: string): string {
  return `${tagOf(partition)}:beat:${id}`;
}

/** Where L2 keeps one value or its tombstone. */
export function entryKey(partition: number, key: CacheKey): string {
  return `${tagOf(partition)}:e:${NAMESPACE_POLICIES[key.namespace].prefix}:${key.key}`;
}

/** Who is loading a value for all nodes: a key of its own, never the entry. */
export function fillLeaseKey(partition: number, key: CacheKey): string {
  return `${tagOf(partition)}:l:${NAMESPACE_POLICIES[key.namespace].prefix}:${key.key}`;
}

/** Sorted set of a namespace's filled entry keys by the instant of their expiry, Redis time in ms. */
export function indexKey(partition: number, namespace: CacheNamespace): string {
  return `${tagOf(partition)}:i:${NAMESPACE_POLICIES[namespace].prefix}`;
}

/** Tombstone of a whole namespace: the sequence of its last whole invalidation. */
export function namespaceTombstoneKey(partition: number, namespace: CacheNamespace): string {
  return `${tagOf(partition)}:t:${NAMESPACE_POLICIES[namespace].prefix}`;
}

function tagOf(partition: number): string {
  return `{c${partition}}`;
}
