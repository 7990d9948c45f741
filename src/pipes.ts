import { startCoarseClock } from './cache/coarse-clock.ts';
import { startMemoryGuard } from './cache/memory-guard.ts';
import { createRedisL2 } from './cache/redis-l2.ts';
import { createTieredCache } from './cache/tiered-cache.ts';
import type { TieredCache } from './cache/types.ts';
import { unusable, type Config } from './config.ts';
import type { WriteThroughReporter } from './domain/cache-reporter.ts';
import type { Logger } from './domain/logger.ts';
import { createInProcessBus } from './events/in-process-bus.ts';
import { createRedisBus } from './events/redis-bus.ts';
import type { EventBus, EventBusHandlers } from './events/types.ts';
import { createLiveFeed } from './live/live-feed.ts';
import type { LiveFeed } from './live/types.ts';
import { createApplyEvent } from './market/apply-event.ts';
import { createEventLedger, type EventLedger } from './market/fleet/event-ledger.ts';
import { connectRedis, type RedisConnections } from './redis.ts';
import { createCacheMetrics } from './server/cache-metrics.ts';
import { createMetrics, type Metrics } from './server/metrics.ts';

/** How values and events travel. */
export interface Pipes {
  readonly cache: TieredCache;
  readonly bus: EventBus;
  readonly live: LiveFeed;
  /** Null in single-node mode. */
  readonly redis: RedisConnections | null;
  /** Counts what writers do for the caches of others. */
  readonly reporter: WriteThroughReporter;
  /** What was heard of the log, for operators. */
  readonly ledger: EventLedger;
}

export interface PipesOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** What has started, to be stopped in reverse. */
  readonly started: AsyncDisposableStack;
}

/** Puts cache and bus together, on Redis or in process, and starts them. */
export async function startPipes(options: PipesOptions): Promise<Pipes> {
  const { config, logger, metrics, started } = options;
  // Without CACHE_ENABLE_METRICS nobody reads what is counted.
  const counted = createCacheMetrics(config.cache.metrics ? metrics : createMetrics());
  const ledger = createEventLedger();
  const reporting = { logger, reporter: ledger.reporting(counted) };
  const redis = config.redis && connectRedis(redisSettings(config.redis), logger);
  if (redis) started.defer(() => redis.close());
  const clock = startCoarseClock();
  started.defer(() => clock.stop());
  const cache = createTieredCache({
    l2: redis && createRedisL2(redis.commands),
    clock,
    maxEntries: config.cache.l1Entries,
    eventDriven: config.cache.eventDriven,
    reporter: counted,
  });
  const memoryGuard = startMemoryGuard({ cache, logger });
  started.defer(() => memoryGuard.stop());
  const { eventToken } = config.cache;
  const bus = redis
    ? createRedisBus({ ...redis, ...reporting, eventToken })
    : createInProcessBus(reporting);
  const live = createLiveFeed({ replay: bus.replay, onConflated: () => metrics.conflated() });
  await subscribe(bus, ledger.following(handlersOf(cache, live)));
  started.defer(() => bus.stop());
  return { cache, bus, live, redis, reporter: counted, ledger };
}

function handlersOf(cache: TieredCache, live: LiveFeed): EventBusHandlers {
  return {
    onEvent: createApplyEvent(cache, live),
    onCaughtUp: (partition, position, sentAtMs) => {
      cache.confirm(partition, position, sentAtMs);
      live.reach(partition, position);
    },
    onLost: (partition, position) => {
      cache.lose(partition, position);
      live.lose(partition, position);
    },
    onConnected: () => undefined,
    onDisconnected: () => cache.distrust(),
  };
}

async function subscribe(bus: EventBus, handlers: EventBusHandlers): Promise<void> {
  try {
    await bus.start(handlers);
  } catch (error) {
    throw unusable('REDIS_URL: Redis', error);
  }
}

function redisSettings({
  url,
  cluster,
  sentinels,
  tls,
}: NonNullable<Config['redis']>): Parameters<typeof connectRedis>[0] {
  return { url, cluster, ...(sentinels && { sentinels }), ...(tls && { tls }) };
}
