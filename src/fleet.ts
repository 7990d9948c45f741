import { readFileSync } from 'node:fs';
import { drivenNamespaces } from './cache/event-driven.ts';
import type { TieredCache } from './cache/types.ts';
import type { Config } from './config.ts';
import { CACHE_NAMESPACES, NAMESPACE_POLICIES } from './domain/cache-namespace.ts';
import type { NodeIdentity, NodeTier } from './domain/edge-node.ts';
import type { Logger } from './domain/logger.ts';
import type { EventBus } from './events/types.ts';
import type { EventLedger } from './market/fleet/event-ledger.ts';
import { createFleet } from './market/fleet/fleet.ts';
import { createNodeReport } from './market/fleet/node-report.ts';
import { createRedisProbe, type ProbedClient } from './market/fleet/redis-probe.ts';
import type { Fleet } from './market/fleet/types.ts';
import { HEARTBEATS_PER_MINUTE, startHeartbeat } from './market/jobs/heartbeat.ts';
import { startWatchHealth } from './market/jobs/watch-health.ts';
import type { Metrics } from './server/metrics.ts';
import { gaugeNode } from './server/node-gauges.ts';
import type { Db } from './store/database.ts';
import { outboxBacklog } from './store/outbox-store.ts';

export interface FleetParts {
  readonly config: Config;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly started: AsyncDisposableStack;
  readonly db: Db;
  readonly cache: TieredCache;
  readonly bus: EventBus;
  readonly ledger: EventLedger;
  readonly redis: { readonly commands: ProbedClient; readonly subscriber: ProbedClient } | null;
  /** Open live streams. */
  readonly subscribers: () => number;
}

/** Lets the node be seen: gauges, its row among the fleet's nodes, and what operators ask. */
export async function startFleet(parts: FleetParts): Promise<Fleet> {
  const { config, logger, started, db, redis } = parts;
  const identity = identityOf(config);
  const { nodeId } = identity;
  const driven = drivenNamespaces(config.cache.eventDriven);
  const report = createNodeReport({
    ...parts,
    identity,
    redis: redis && createRedisProbe(redis.commands, [redis.subscriber]),
    isEventDriven: (name) => driven.has(name) && NAMESPACE_POLICIES[name].eventDriven,
    hitRateTicks: HEARTBEATS_PER_MINUTE,
  });
  registerGauges(parts);
  const heartbeat = await startHeartbeat(db, nodeId, report, logger);
  started.defer(() => heartbeat.stop());
  const watch = startWatchHealth(report, config.cache.healthCheckIntervalMs, logger);
  started.defer(() => watch.stop());
  return createFleet(db, nodeId, report);
}

function identityOf({ node }: Config): NodeIdentity {
  const { id: nodeId, region, datacenter, tier } = node;
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(text) as { readonly version: string };
  return { nodeId, region, datacenter, tier: tier.toUpperCase() as NodeTier, version };
}

function registerGauges({ metrics, db, cache, bus, redis }: FleetParts): void {
  gaugeNode(metrics, {
    outboxPending: async () => (await outboxBacklog(db)).pending,
    eventQueueSize: () => cache.stats().pendingEvents,
    busUp: () => bus.connected(),
    redisUp: redis && (() => redis.commands.status === 'ready'),
    l1: () => CACHE_NAMESPACES.map((name) => [name, cache.stats().namespaces[name].l1]),
  });
}
