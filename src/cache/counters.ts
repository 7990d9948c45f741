import type { CacheReporter, CachingLayer, LookUpResult } from '../domain/cache-reporter.ts';
import { CACHE_NAMESPACES, type CacheNamespace } from '../domain/cache-namespace.ts';
import type { CacheStatsSnapshot, NamespaceCacheStats } from './types.ts';

interface NamespaceCounters {
  readonly lookUps: Record<CachingLayer, Record<LookUpResult, number>>;
  readonly fillsRefused: Record<CachingLayer, number>;
  coalesced: number;
  evictions: number;
  staleServed: number;
  invalidations: number;
}

export interface CacheCounters extends CacheReporter {
  snapshot(
    held: (namespace: CacheNamespace) => { entries: number; bytes: number },
  ): Pick<CacheStatsSnapshot, 'namespaces' | 'flushes'>;
}

function zero(): NamespaceCounters {
  return {
    lookUps: { L1: { hit: 0, miss: 0, bypass: 0 }, L2: { hit: 0, miss: 0, bypass: 0 } },
    fillsRefused: { L1: 0, L2: 0 },
    coalesced: 0,
    evictions: 0,
    staleServed: 0,
    invalidations: 0,
  };
}

/** Counts what the cache reports for `stats()` and passes it on to who else listens. */
export function createCacheCounters(listener: CacheReporter | null): CacheCounters {
  const counters = Object.fromEntries(CACHE_NAMESPACES.map((name) => [name, zero()])) as Record<
    CacheNamespace,
    NamespaceCounters
  >;
  let flushes = 0;

  return {
    lookedUp: (namespace, layer, result) => {
      counters[namespace].lookUps[layer][result] += 1;
      listener?.lookedUp(namespace, layer, result);
    },
    fillRefused: (namespace, layer) => {
      counters[namespace].fillsRefused[layer] += 1;
      listener?.fillRefused(namespace, layer);
    },
    coalesced: (namespace) => {
      counters[namespace].coalesced += 1;
      listener?.coalesced(namespace);
    },
    evicted: (namespace) => {
      counters[namespace].evictions += 1;
      listener?.evicted(namespace);
    },
    staleServed: (namespace) => {
      counters[namespace].staleServed += 1;
      listener?.staleServed(namespace);
    },
    invalidated: (namespace) => {
      counters[namespace].invalidations += 1;
      listener?.invalidated(namespace);
    },
    flushed: (partition) => {
      flushes += 1;
      listener?.flushed(partition);
    },
    l2Failed: (error) => listener?.l2Failed(error),
    snapshot: (held) => {
      const stats = CACHE_NAMESPACES.map((name) => [name, toStats(counters[name], held(name))]);
      return { namespaces: Object.fromEntries(stats), flushes };
    },
  };
}

function toStats(
  counters: NamespaceCounters,
  held: { entries: number; bytes: number },
): NamespaceCacheStats {
  const { lookUps, fillsRefused, coalesced, evictions, staleServed, invalidations } = counters;
  const layer = (name: CachingLayer) => ({
    hits: lookUps[name].hit,
    misses: lookUps[name].miss,
    fillsRefused: fillsRefused[name],
  });
  return {
    l1: { ...layer('L1'), ...held, evictions, coalesced, staleServed },
    l2: layer('L2'),
    invalidations,
  };
}
