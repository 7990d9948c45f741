import type { TieredCache } from '../../cache/types.ts';
import { CACHE_NAMESPACES, type CacheNamespace } from '../../domain/cache-namespace.ts';
import {
  totalOf,
  type EdgeNode,
  type NamespaceCounters,
  type NodeIdentity,
  type NodeStats,
} from '../../domain/edge-node.ts';
import { judgeHealth, type NodeHealth } from '../../domain/node-health.ts';
import { MINUTE_MS, type EpochMs } from '../../domain/time.ts';
import type { Db } from '../../store/database.ts';
import { logHeads } from '../../store/event-log-store.ts';
import { outboxLagMs } from '../../store/outbox-store.ts';
import type { EventLedger } from './event-ledger.ts';
import { createHitRate, type HitRate } from './hit-rate.ts';
import type { RedisProbe } from './redis-probe.ts';

const BYTES_PER_MB = 1024 * 1024;
/** A database that hangs must not take the cache's health with it. */
const DATABASE_WAIT_MS = 1000;

export interface NodeReportDeps {
  readonly db: Db;
  readonly cache: TieredCache;
  readonly ledger: EventLedger;
  readonly bus: { connected(): boolean };
  /** Null on a single node. */
  readonly redis: RedisProbe | null;
  readonly identity: NodeIdentity;
  /** Open live streams. */
  readonly subscribers: () => number;
  readonly isEventDriven: (namespace: CacheNamespace) => boolean;
  readonly hitRateTicks: number;
}

/** What a node can say of itself. */
export interface NodeReport {
  readonly hitRate: HitRate;
  health(): Promise<NodeHealth>;
  stats(): Promise<NodeStats>;
  /** All of it; rejects when the database is away. */
  full(): Promise<Omit<EdgeNode, 'lastHeartbeatAt'>>;
}

/** Measures by doing: Redis is asked, the subscription must have proved itself lately. */
export function createNodeReport(deps: NodeReportDeps): NodeReport {
  const { db, cache, ledger, bus, redis, identity } = deps;
  const startedAt: EpochMs = Date.now();
  const stats = (reading: { readonly usedBytes: number | null } | null): NodeStats => ({
    since: startedAt,
    namespaces: namespacesOf(cache, deps.isEventDriven),
    eventsProcessed: ledger.counts().processed,
    eventsDeduplicated: ledger.counts().deduplicated,
    eventGaps: ledger.counts().gaps,
    redisMemoryUsedMb: reading?.usedBytes == null ? null : reading.usedBytes / BYTES_PER_MB,
    propagationP50Ms: ledger.lagMs(0.5),
    propagationP99Ms: ledger.lagMs(0.99),
    subscribers: deps.subscribers(),
  });
  const hitRate = createHitRate(() => totalOf(stats(null), 'l1'), deps.hitRateTicks);

  async function health(): Promise<NodeHealth> {
    const [reading, outboxAgeMs] = await Promise.all([
      redis?.read() ?? null,
      soon(outboxLagMs(db)),
    ]);
    return judgeHealth({
      redis: reading && {
        answers: reading.answers,
        memoryPercent: reading.memoryPercent,
        failuresPerMinute: redis?.failuresPerMinute() ?? 0,
      },
      hearsEvents: bus.connected() && cache.stats().trusted,
      eventQueueSize: cache.stats().pendingEvents,
      lastEventAgeMs: ledger.lastEventAgeMs(),
      // What came while the node started had waited for it: that says nothing about the bus.
      eventLatencyMs: ledger.lagMs(0.99, Math.min(MINUTE_MS, Date.now() - startedAt)),
      hitPercent: hitRate.percent(),
      outboxAgeMs,
    });
  }

  return {
    hitRate,
    health,
    stats: async () => stats((await redis?.read()) ?? null),
    full: async () => ({
      ...identity,
      startedAt,
      lastSequence: highest(ledger),
      lagEvents: await lagOf(db, ledger),
      health: await health(),
      stats: stats((await redis?.read()) ?? null),
    }),
  };
}

/** Null when it takes too long or fails. */
async function soon<T>(reading: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), DATABASE_WAIT_MS);
  });
  const read = reading.catch(() => null);
  return Promise.race([read, late]).finally(() => clearTimeout(timer));
}

function namespacesOf(
  cache: TieredCache,
  isEventDriven: (namespace: CacheNamespace) => boolean,
): NodeStats['namespaces'] {
  const { namespaces } = cache.stats();
  const counters = CACHE_NAMESPACES.map((name): [CacheNamespace, NamespaceCounters] => {
    const { l1, l2, invalidations } = namespaces[name];
    const redisCounts = { entries: 0, bytes: 0, evictions: 0, coalesced: 0, staleServed: 0 };
    const { fillsRefused: _l1, ...first } = l1;
    const { hits, misses } = l2;
    const second = { ...redisCounts, hits, misses };
    return [name, { l1: first, l2: second, invalidations, eventDriven: isEventDriven(name) }];
  });
  return Object.fromEntries(counters) as Record<CacheNamespace, NamespaceCounters>;
}

function highest(ledger: EventLedger): bigint {
  let last = 0n;
  for (const { sequence } of ledger.positions().values()) if (sequence > last) last = sequence;
  return last;
}

/** Events that the database knows to be published and that were not heard here. */
async function lagOf(db: Db, ledger: EventLedger): Promise<number> {
  let lag = 0n;
  for (const [partition, head] of await logHeads(db)) {
    const own = ledger.positions().get(partition);
    if (own?.base === head.base && head.sequence > own.sequence)
      lag += head.sequence - own.sequence;
  }
  return Number(lag);
}
