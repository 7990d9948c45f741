import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BusUnavailableError } from '../../../src/events/bus-unavailable-error.ts';
import { startRedis, type TestRedis } from '../../support/redis.ts';
import { until } from '../../support/wait.ts';
import { eventOf } from '../../unit/cache/world.ts';
import { PARTITION, startEar, type Ear } from './ear.ts';

let server: TestRedis;
let admin: Redis;
let ear: Ear;

beforeEach(async () => {
  server = await startRedis();
  admin = new Redis(server.url);
  admin.on('error', () => undefined);
  ear = await startEar(server.url);
});
afterEach(async () => {
  admin.disconnect();
  await ear.stop();
  await server.stop();
});

async function lapsed(): Promise<void> {
  await until(() => !ear.trusted(), { what: 'the end of the lease' });
}

async function expectHeardAgain(): Promise<void> {
  await ear.confirmed();
  await ear.bus.publish(PARTITION, [eventOf(['after'])]);
  await until(() => ear.told.at(-1) === 'after');
  expect(ear.bus.connected()).toBe(true);
}

describe('the heartbeat', () => {
  it('confirms again and again, also when nothing happens', async () => {
    await ear.confirmed();
    await ear.confirmed();
    expect(ear.told).toEqual(['connected']);
  });

  it('rebuilds a subscription that is deaf while Redis is well', async () => {
    await ear.redis.subscriber.unsubscribe();
    await until(() => !ear.bus.connected(), { what: 'noticing the silence' });
    await until(() => ear.told.includes('disconnected'));
    await expectHeardAgain();
    expect(ear.told).toEqual(['connected', 'disconnected', 'connected', 'after']);
  });
});

describe('trust lapses, nothing is lost, and all is well again by itself, when Redis', () => {
  it('is frozen and thaws', async () => {
    server.pause();
    await expect(ear.bus.publish(PARTITION, [eventOf(['x'])])).rejects.toThrow(BusUnavailableError);
    await lapsed();
    expect(ear.bus.connected()).toBe(false);
    server.resume();
    await expectHeardAgain();
    expect(ear.told).not.toContain('lost');
  });

  it('is out of memory: it takes no writes, so nothing can be published', async () => {
    await admin.config('SET', 'maxmemory', '1');
    await expect(ear.bus.publish(PARTITION, [eventOf(['x'])])).rejects.toThrow(BusUnavailableError);
    await lapsed();
    await admin.config('SET', 'maxmemory', '0');
    await expectHeardAgain();
    expect(ear.told).not.toContain('lost');
  });

  it('has too few replicas to take writes', async () => {
    await admin.config('SET', 'min-replicas-to-write', '1');
    await lapsed();
    await admin.config('SET', 'min-replicas-to-write', '0');
    await expectHeardAgain();
    expect(ear.told).not.toContain('lost');
  });

  it('was demoted, until it is a master again: another one, whose numbers begin anew', async () => {
    await admin.replicaof('127.0.0.1', '1');
    await lapsed();
    await admin.replicaof('NO', 'ONE');
    await expectHeardAgain();
    expect(ear.told).toContain('lost');
  });

  it('is gone and comes back', async () => {
    await server.kill();
    await until(() => ear.told.includes('disconnected'));
    await lapsed();
    await server.restart();
    await expectHeardAgain();
  });
});

describe('a Redis that takes no writes', () => {
  it('does not keep a node from starting; it starts without trust', async () => {
    await admin.config('SET', 'maxmemory', '1');
    const poor = await startEar(server.url);
    expect(poor.trusted()).toBe(false);
    await admin.config('SET', 'maxmemory', '0');
    await poor.confirmed();
    await poor.stop();
  });
});
