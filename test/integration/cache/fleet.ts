import { startCoarseClock } from '../../../src/cache/coarse-clock.ts';
import { createRedisL2 } from '../../../src/cache/redis-l2.ts';
import { createTieredCache } from '../../../src/cache/tiered-cache.ts';
import type { TieredCache } from '../../../src/cache/types.ts';
import type { CacheEvent, SequencedEvent } from '../../../src/domain/cache-event.ts';
import type { Logger } from '../../../src/domain/logger.ts';
import { partitionOf } from '../../../src/domain/partition.ts';
import { createRedisBus } from '../../../src/events/redis-bus.ts';
import type { EventBus, Published } from '../../../src/events/types.ts';
import { connectRedis, type RedisConnections } from '../../../src/redis.ts';
import { REGION, rowsOf, type Rows, type World } from '../../unit/cache/world.ts';

export const PARTITION = partitionOf(REGION);

export const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** A node as the application puts it together: two connections, a bus, a cache. */
export interface TestNode {
  readonly redis: RedisConnections;
  readonly bus: EventBus;
  readonly cache: TieredCache;
  readonly rows: Rows;
  /** Every event that the bus has handed over, after the cache applied it. */
  readonly heard: SequencedEvent[];
  /** What a relay does with rows of the outbox. */
  publish(...events: CacheEvent[]): Promise<Published>;
  stop(): Promise<void>;
}

export interface NodeOptions {
  readonly onApplied?: (event: CacheEvent) => void;
}

export async function startNode(
  url: string,
  world: World,
  { onApplied }: NodeOptions = {},
): Promise<TestNode> {
  const redis = connectRedis({ url }, silent);
  const clock = startCoarseClock();
  const l2 = createRedisL2(redis.commands);
  const cache = createTieredCache({ l2, clock, maxEntries: 500 });
  const bus = createRedisBus({ ...redis, logger: silent });
  const heard: SequencedEvent[] = [];
  await bus.start({
    onEvent: (event) => {
      cache.apply(event);
      heard.push(event);
      onApplied?.(event.event);
    },
    onCaughtUp: (...confirmed) => cache.confirm(...confirmed),
    onLost: (...lost) => cache.lose(...lost),
    onDisconnected: () => cache.distrust(),
    onConnected: () => undefined,
  });
  return {
    redis,
    bus,
    cache,
    rows: rowsOf(cache, world),
    heard,
    publish: async (...events) => {
      const published = await bus.publish(PARTITION, events);
      for (const [index, event] of events.entries()) {
        const sequence = published.sequences[index];
        if (sequence === undefined) throw new Error('The bus numbered fewer events than it got.');
        cache.apply({ event, partition: PARTITION, base: published.base, sequence });
      }
      return published;
    },
    stop: async () => {
      await bus.stop();
      redis.close();
      clock.stop();
    },
  };
}
