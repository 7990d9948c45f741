import type { CacheReporter } from '../domain/cache-reporter.ts';
import type { CoarseClock } from './coarse-clock.ts';
import { createCollection } from './collection.ts';
import { createCacheCounters } from './counters.ts';
import type { EventDriven } from './event-driven.ts';
import { GuardedL2 } from './guarded-l2.ts';
import type { L2 } from './l2.ts';
import { createNoL2 } from './no-l2.ts';
import { NodeMemory } from './node-memory.ts';
import { tokenOf } from './sessions.ts';
import type { TieredCache } from './types.ts';

export interface TieredCacheOptions {
  /** Null on a single node, whose own bus is the only log there is. */
  readonly l2: L2 | null;
  /** The caller's to stop. */
  readonly clock: CoarseClock;
  /** L1 entries of all namespaces together. */
  readonly maxEntries: number;
  /** How far events decide; all namespaces by default. */
  readonly eventDriven?: EventDriven;
  readonly reporter?: CacheReporter;
  readonly random?: () => number;
}

/** The cache of one node: L1 in memory, L2 shared, and the rules that keep both from lying. */
export function createTieredCache(options: TieredCacheOptions): TieredCache {
  const { clock, maxEntries, eventDriven = 'all', random = Math.random } = options;
  const reporter = createCacheCounters(options.reporter ?? null);
  const memory = new NodeMemory({
    clock,
    reporter,
    maxEntries,
    alone: options.l2 === null,
    eventDriven,
  });
  const layer = options.l2 ?? createNoL2((partition) => memory.position(partition));
  const l2 = new GuardedL2(layer, { clock, reporter });
  const deps = { memory, l2, clock, reporter, random };

  return {
    collection: (collectionOptions) => createCollection(collectionOptions, deps),
    begin: (events) => memory.begin(events),
    abort: (events) => {
      for (const { eventId } of events) memory.pending.remove(eventId);
    },
    apply: (event) => memory.apply(event),
    settle: (eventIds) => memory.settle(eventIds),
    pendingEvents: () => memory.pending.eventIds(),
    flush: (partition) => {
      if (partition === undefined) memory.forgetAll();
      else memory.forget(partition);
    },
    confirm: (partition, position, sentAtMs) => memory.confirm(partition, position, sentAtMs),
    lose: (partition, position) => memory.lose(partition, position),
    distrust: () => memory.leases.endAll(),
    distrustL2: (distrusted) => memory.leases.distrustL2(distrusted),
    tokenOf: (events) => tokenOf(memory, events),
    shed: (share) => memory.shed(share),
    touch: () => clock.touch(),
    stats: () => ({
      ...reporter.snapshot((namespace) => memory.held(namespace)),
      pendingEvents: memory.pending.size,
      trusted: memory.leases.trustsAll,
    }),
  };
}
