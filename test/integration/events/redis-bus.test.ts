import { RedisPubSub } from 'graphql-redis-subscriptions';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PARTITIONS } from '../../../src/domain/partition.ts';
import { partitionKeys } from '../../../src/domain/redis-keys.ts';
import { BusUnavailableError } from '../../../src/events/bus-unavailable-error.ts';
import { encodeEnvelope } from '../../../src/events/envelope.ts';
import { createRedisBus } from '../../../src/events/redis-bus.ts';
import { connectRedis } from '../../../src/redis.ts';
import { startRedis, type TestRedis } from '../../support/redis.ts';
import { until } from '../../support/wait.ts';
import { eventOf } from '../../unit/cache/world.ts';
import { PARTITION, silent, startEar, type Ear } from './ear.ts';

let server: TestRedis;
let ear: Ear;

beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

beforeEach(async () => {
  ear = await startEar(server.url);
});
afterEach(() => ear.stop());

const { channel } = partitionKeys(PARTITION);

describe('the Redis bus', () => {
  it('is trusted in every partition once it has started', () => {
    expect(ear.trustedUntil.size).toBe(PARTITIONS);
    expect([ear.bus.connected(), ear.told]).toEqual([true, ['connected']]);
  });

  it('hears what it publishes, in order, once', async () => {
    const events = [eventOf(['a']), eventOf(['b']), eventOf(['c'])];
    const { base, sequences } = await ear.bus.publish(PARTITION, events);
    await until(() => ear.heard.length === 3);
    expect(ear.heard).toEqual(
      events.map((event, index) => ({
        event,
        partition: PARTITION,
        base,
        sequence: sequences[index],
      })),
    );
    expect(ear.told).toEqual(['connected', 'a', 'b', 'c']);
  });

  it('goes on when a handler throws', async () => {
    await ear.bus.publish(PARTITION, [eventOf(['bad']), eventOf(['good'])]);
    await until(() => ear.heard.length === 2);
    expect(ear.bus.connected()).toBe(true);
  });

  it('drops what it does not understand, counts it, and misses nothing for it', async () => {
    await ear.bus.publish(PARTITION, [eventOf(['a'])]);
    await ear.redis.commands.publish(channel, 'rubbish');
    await ear.redis.commands.publish(channel, '1|1|{"schema_version":99}');
    await ear.bus.publish(PARTITION, [eventOf(['b'])]);
    await until(() => ear.heard.length === 2);
    expect(ear.told).toEqual(['connected', 'a', 'b']);
    expect(ear.counted).toMatchObject({ forged: 2 });
  });

  it('is not misled by a false number: only the log says what was missed', async () => {
    await ear.bus.publish(PARTITION, [eventOf(['a'])]);
    await until(() => ear.heard.length === 1);
    const forged = encodeEnvelope(eventOf(['forged']));
    const far = `9007199254740991|${ear.heard[0]?.base}|${forged}`;
    await ear.redis.commands.publish(channel, far);
    await ear.bus.publish(PARTITION, [eventOf(['b'])]);
    await until(() => ear.heard.length === 2);
    expect(ear.told).toEqual(['connected', 'a', 'b']);
    expect(ear.counted).toMatchObject({ gap: 1 });
  });

  it('is quiet after it was stopped, and may be stopped twice', async () => {
    const { redis, bus, told } = ear;
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
    const handlers = {
      onEvent: never,
      onCaughtUp: never,
      onLost: never,
      onDisconnected: never,
      onConnected: never,
    };
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
