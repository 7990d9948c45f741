import type { SequencedEvent } from '../../../src/domain/cache-event.ts';
import type { EventReporter } from '../../../src/domain/cache-reporter.ts';
import type { Logger } from '../../../src/domain/logger.ts';
import { partitionOf } from '../../../src/domain/partition.ts';
import { createRedisBus } from '../../../src/events/redis-bus.ts';
import type { EventBus } from '../../../src/events/types.ts';
import { connectRedis, type RedisConnections, type RedisSettings } from '../../../src/redis.ts';
import { until } from '../../support/wait.ts';
import { REGION } from '../../unit/cache/world.ts';

export const PARTITION = partitionOf(REGION);

/** The blind lease: how long one confirmation is good for. */
const LEASE_MS = 3000;

export const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** A bus on real connections that writes down everything it tells. */
export interface Ear {
  readonly redis: RedisConnections;
  readonly bus: EventBus;
  readonly heard: SequencedEvent[];
  /** Events by resource, and `connected`, `disconnected`, `lost` of {@link PARTITION}, in order. */
  readonly told: string[];
  /** Partitions that events were lost of, since the start. */
  readonly lost: number[];
  readonly counted: Record<string, number>;
  /** Per partition until when a cache would trust its memory, `performance.now()` ms. */
  readonly trustedUntil: ReadonlyMap<number, number>;
  trusted(): boolean;
  /** Resolves when the partition was confirmed by a heartbeat that was sent after this call. */
  confirmed(): Promise<void>;
  stop(): Promise<void>;
}

export interface EarOptions {
  readonly eventToken?: string;
  readonly settings?: Partial<RedisSettings>;
}

export async function startEar(url: string, options: EarOptions = {}): Promise<Ear> {
  const { eventToken = null, settings } = options;
  const redis = connectRedis({ url, ...settings }, silent);
  const told: string[] = [];
  const heard: SequencedEvent[] = [];
  const lost: number[] = [];
  const counted: Record<string, number> = {};
  const trustedUntil = new Map<number, number>();
  const bus = createRedisBus({ ...redis, logger: silent, eventToken, reporter: countIn(counted) });
  let started = false;
  await bus.start({
    onEvent: (event) => {
      heard.push(event);
      told.push(event.event.resourceId);
      if (event.event.resourceId === 'bad') throw new Error('handler');
    },
    onCaughtUp: (partition, _, sentAtMs) => trustedUntil.set(partition, sentAtMs + LEASE_MS),
    onLost: (partition) => {
      if (!started) return;
      lost.push(partition);
      if (partition === PARTITION) told.push('lost');
    },
    onDisconnected: () => told.push('disconnected'),
    onConnected: () => told.push('connected'),
  });
  started = true;
  const trustEnd = (): number => trustedUntil.get(PARTITION) ?? 0;
  return {
    redis,
    bus,
    heard,
    told,
    lost,
    counted,
    trustedUntil,
    trusted: () => trustEnd() > performance.now(),
    confirmed: async () => {
      const askedAtMs = performance.now();
      await until(() => trustEnd() > askedAtMs + LEASE_MS, { what: 'a confirmation' });
    },
    stop: async () => {
      await bus.stop();
      redis.close();
    },
  };
}

function countIn(counted: Record<string, number>): EventReporter {
  const count = (name: string): void => {
    counted[name] = (counted[name] ?? 0) + 1;
  };
  return {
    published: () => count('published'),
    heard: (_, __, arrival) => count(arrival),
    rejected: count,
    gap: () => count('gap'),
  };
}
