import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { partitionKeys } from '../../../src/domain/redis-keys.ts';
import { encodeEnvelope } from '../../../src/events/envelope.ts';
import { startRedis, type TestRedis } from '../../support/redis.ts';
import { until } from '../../support/wait.ts';
import { eventOf } from '../../unit/cache/world.ts';
import { PARTITION, startEar, type Ear } from './ear.ts';

const names = partitionKeys(PARTITION);

let server: TestRedis;
let admin: Redis;
let ear: Ear;
/** Another node, which publishes. */
let other: Ear;

beforeAll(async () => {
  server = await startRedis();
  admin = new Redis(server.url);
  admin.on('error', () => undefined);
});
afterAll(async () => {
  admin.disconnect();
  await server.stop();
});

beforeEach(async () => {
  ear = await startEar(server.url);
  other = await startEar(server.url);
  await other.bus.publish(PARTITION, [eventOf(['known'])]);
  await until(() => ear.heard.length === 1);
});
afterEach(async () => {
  await ear.stop();
  await other.stop();
});

/** Cuts the subscription and publishes before it can stand again. */
async function missWhileCut(...resources: string[]): Promise<void> {
  const events = resources.map((name) => eventOf([name]));
  const killed = admin.client('KILL', 'TYPE', 'pubsub');
  await Promise.all([killed, other.bus.publish(PARTITION, events)]);
}

describe('a node whose subscription was cut', () => {
  it('hears in order, from the log, what was published meanwhile', async () => {
    await missWhileCut('a', 'b', 'c');
    await until(() => ear.heard.length === 4);
    expect(ear.told.filter((what) => !what.includes('connected'))).toEqual([
      'known',
      'a',
      'b',
      'c',
    ]);
    expect(ear.heard.map(({ sequence }) => sequence)).toEqual(
      ear.heard.map((_, index) => (ear.heard[0]?.sequence ?? 0n) + BigInt(index)),
    );
    expect(ear.counted).toMatchObject({ applied: 1, replayed: 3 });
  });

  it('tells of the cut once, and of a standing subscription only when it is acknowledged', async () => {
    await admin.client('KILL', 'TYPE', 'pubsub');
    await until(() => ear.told.filter((what) => what === 'connected').length === 2);
    expect(ear.told).toEqual(['connected', 'known', 'disconnected', 'connected']);
    await ear.confirmed();
  });

  it('says that events were lost when the log no longer holds them', async () => {
    const before = ear.heard.length;
    const newest = (ear.heard[0]?.sequence ?? 0n) + 3n;
    await Promise.all([
      admin.client('KILL', 'TYPE', 'pubsub'),
      admin.incrby(names.sequence, 3),
      admin.xadd(names.log, `${newest}-0`, 'event', encodeEnvelope(eventOf(['newest']))),
    ]);
    await until(() => ear.told.includes('lost'));
    expect(ear.heard).toHaveLength(before);
    await other.bus.publish(PARTITION, [eventOf(['after'])]);
    await until(() => ear.told.at(-1) === 'after');
  });
});

describe('a node that missed a message on a standing subscription', () => {
  it('reads it from the log as soon as the next one comes', async () => {
    await admin.incr(names.sequence);
    const sequence = await admin.get(names.sequence);
    await admin.xadd(names.log, `${sequence}-0`, 'event', encodeEnvelope(eventOf(['silent'])));
    await other.bus.publish(PARTITION, [eventOf(['next'])]);
    await until(() => ear.heard.length === 3);
    expect(ear.told.slice(1)).toEqual(['known', 'silent', 'next']);
  });

  it('reads it with a heartbeat when no other one comes', async () => {
    await admin.incr(names.sequence);
    const sequence = await admin.get(names.sequence);
    await admin.xadd(names.log, `${sequence}-0`, 'event', encodeEnvelope(eventOf(['silent'])));
    await until(() => ear.heard.length === 2);
    expect(ear.told.slice(1)).toEqual(['known', 'silent']);
  });

  it('is lost when the log does not hold it', async () => {
    await admin.incr(names.sequence);
    await until(() => ear.told.includes('lost'));
    expect(ear.counted).toMatchObject({ gap: 1 });
  });

  it('is lost when the log holds something that it cannot read', async () => {
    await admin.incr(names.sequence);
    const sequence = await admin.get(names.sequence);
    await admin.xadd(names.log, `${sequence}-0`, 'event', '{"schema_version":2}');
    await until(() => ear.told.includes('lost'));
    expect(ear.counted).toMatchObject({ forged: 1, gap: 1 });
  });
});

describe('a Redis that forgot everything', () => {
  it('by FLUSHDB: every node loses once, and follows the new incarnation', async () => {
    await admin.flushdb();
    await until(() => [ear, other].every(({ told }) => told.includes('lost')));
    await other.bus.publish(PARTITION, [eventOf(['after'])]);
    await until(() => [ear, other].every(({ told }) => told.at(-1) === 'after'));
    expect(ear.told.filter((what) => what === 'lost')).toEqual(['lost']);
    const [first, last] = [ear.heard[0], ear.heard.at(-1)];
    expect(last && first && last.base > first.sequence).toBe(true);
  });

  it('by an empty restart: the same, once it is there again', async () => {
    await server.restart();
    await until(() => [ear, other].every(({ told }) => told.includes('lost')));
    await until(() => other.bus.publish(PARTITION, [eventOf(['after'])]));
    await until(() => ear.told.at(-1) === 'after');
    await ear.confirmed();
    expect(ear.bus.connected()).toBe(true);
  });
});
