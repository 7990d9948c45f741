import { RedisPubSub } from 'graphql-redis-subscriptions';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SequencedEvent } from '../../../src/domain/cache-event.ts';
import { partitionKeys } from '../../../src/domain/redis-keys.ts';
import { BusUnavailableError } from '../../../src/events/bus-unavailable-error.ts';
import { encodeEnvelope } from '../../../src/events/envelope.ts';
import { createRedisBus } from '../../../src/events/redis-bus.ts';
import type { EventBus } from '../../../src/events/types.ts';
import { connectRedis, type RedisConnections } from '../../../src/redis.ts';
import { startRedis, type TestRedis } from '../../support/redis.ts';
import { until } from '../../support/wait.ts';
import { eventOf } from '../../unit/cache/world.ts';
import { PARTITION, silent } from '../cache/fleet.ts';

let server: TestRedis;
let redis: RedisConnections;
let bus: EventBus;
let told: string[];
let heard: SequencedEvent[];

beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

beforeEach(async () => {
  told = [];
  heard = [];
  redis = connectRedis({ url: server.url }, silent);
  bus = createRedisBus({ ...redis, logger: silent });
  await bus.start({
    onEvent: (event) => {
      heard.push(event);
      told.push(`event ${event.event.resourceId}`);
      if (event.event.resourceId === 'bad') throw new Error('handler');
    },
    onGap: (partition) => told.push(`gap ${partition}`),
    onDisconnected: () => told.push('disconnected'),
    onConnected: () => told.push('connected'),
  });
});
afterEach(async () => {
  await bus.stop();
  redis.close();
});

const { channel } = partitionKeys(PARTITION);

describe('the Redis bus', () => {
  it('hears what it publishes, in order, once', async () => {
    const events = [eventOf(['a']), eventOf(['b']), eventOf(['c'])];
    const { base, sequences } = await bus.publish(PARTITION, events);
    await until(() => heard.length === 3);
    expect(heard).toEqual(
      events.map((event, index) => ({
        event,
        partition: PARTITION,
        base,
        sequence: sequences[index],
      })),
    );
    expect(told).toEqual(['connected', 'event a', 'event b', 'event c']);
  });

  it('goes on when a handler throws', async () => {
    await bus.publish(PARTITION, [eventOf(['bad']), eventOf(['good'])]);
    await until(() => heard.length === 2);
    expect(bus.connected()).toBe(true);
  });

  it('drops what it does not understand, and tells that something was missed', async () => {
    await bus.publish(PARTITION, [eventOf(['a'])]);
    await redis.commands.publish(channel, 'rubbish');
    await redis.commands.publish(channel, '1|1|{"schema_version":99}');
    await redis.commands.incr(partitionKeys(PARTITION).sequence);
    await bus.publish(PARTITION, [eventOf(['b'])]);
    await until(() => heard.length === 2);
    expect(told).toEqual(['connected', 'event a', `gap ${PARTITION}`, 'event b']);
  });

  it('is not misled by a false number: the true ones after it count as a gap', async () => {
    await bus.publish(PARTITION, [eventOf(['a'])]);
    await until(() => heard.length === 1);
    const forged = encodeEnvelope(eventOf(['forged']));
    await redis.commands.publish(channel, `9007199254740991|${heard[0]?.base}|${forged}`);
    await bus.publish(PARTITION, [eventOf(['b'])]);
    await until(() => heard.length === 3);
    const gap = `gap ${PARTITION}`;
    expect(told.slice(2)).toEqual([gap, 'event forged', gap, 'event b']);
  });

  it('tells of a broken connection once, and of a standing one only when it is acknowledged', async () => {
    const admin = new Redis(server.url);
    await admin.client('KILL', 'TYPE', 'pubsub');
    await until(() => told.length === 3);
    expect(told).toEqual(['connected', 'disconnected', 'connected']);
    await bus.publish(PARTITION, [eventOf(['a'])]);
    await until(() => heard.length === 1);
    admin.disconnect();
  });

  it('is quiet after it was stopped, and may be stopped twice', async () => {
    await bus.stop();
    await bus.stop();
    await redis.commands.publish(channel, 'anything');
    redis.close();
    await until(() => redis.subscriber.status === 'end');
    expect([bus.connected(), told]).toEqual([false, ['connected']]);
  });
});

const never = (): void => undefined;

describe('a Redis that is not there', () => {
  it('makes starting fail with a sentence', async () => {
    const nowhere = connectRedis({ url: 'redis://127.0.0.1:1' }, silent);
    const lost = createRedisBus({ ...nowhere, logger: silent, startTimeoutMs: 200 });
    const handlers = { onEvent: never, onGap: never, onDisconnected: never, onConnected: never };
    await expect(lost.start(handlers)).rejects.toBeInstanceOf(BusUnavailableError);
    nowhere.close();
  });
});

/** A message as the client hands it over: what is thrown there has nobody to catch it. */
function arrive(pubSub: RedisPubSub): void {
  const receiver = pubSub as unknown as {
    onMessage(pattern: undefined, channel: string, message: string): void;
  };
  receiver.onMessage(undefined, 'topic', '"x"');
}

describe('graphql-redis-subscriptions, as it comes', () => {
  let publisher: Redis;
  let subscriber: Redis;
  let pubSub: RedisPubSub;

  beforeEach(() => {
    publisher = new Redis(server.url);
    subscriber = new Redis(server.url);
    pubSub = new RedisPubSub({ publisher, subscriber });
  });
  afterEach(() => {
    publisher.disconnect();
    subscriber.disconnect();
  });

  it('lets a listener that throws starve the ones after it', async () => {
    const second: string[] = [];
    await pubSub.subscribe('topic', () => {
      throw new Error('listener');
    });
    await pubSub.subscribe('topic', (message: string) => second.push(message));
    expect(() => arrive(pubSub)).toThrow('listener');
    expect(second).toEqual([]);
  });

  it('dies of the next message after an unsubscribe that came too early', async () => {
    const early = pubSub.subscribe('topic', () => undefined);
    const second = pubSub.subscribe('topic', () => undefined);
    pubSub.unsubscribe(0);
    await Promise.all([early, second]);
    expect(() => arrive(pubSub)).toThrow(TypeError);
  });

  it('resubscribes without telling anybody that messages were lost', async () => {
    const messages: string[] = [];
    await pubSub.subscribe('topic', (message: string) => messages.push(message));
    subscriber.disconnect(true);
    await until(() => subscriber.status !== 'ready');
    await publisher.publish('topic', '"lost"');
    await until(
      async () => (await publisher.publish('topic', '"later"')) > 0 && messages.length > 0,
    );
    expect(messages).not.toContain('lost');
  });
});
