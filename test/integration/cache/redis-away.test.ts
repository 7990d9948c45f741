import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BusUnavailableError } from '../../../src/events/bus-unavailable-error.ts';
import { startRedis, type TestRedis } from '../../support/redis.ts';
import { until } from '../../support/wait.ts';
import { eventOf, rowsOf, World } from '../../unit/cache/world.ts';
import { startNode, type TestNode } from './fleet.ts';

let redis: TestRedis;
let world: World;
let one: TestNode;
let two: TestNode;

beforeEach(async () => {
  redis = await startRedis();
  world = new World();
  world.commit('a');
  one = await startNode(redis.url, world);
  two = await startNode(redis.url, world);
});
afterEach(async () => {
  await Promise.all([one.stop(), two.stop()]);
  await redis.stop();
});

async function version(node: TestNode): Promise<number | undefined> {
  return (await node.rows.get('a')).value?.version;
}

describe('while Redis is stopped', () => {
  it('critical data is read from the database, other data is served as degraded', async () => {
    const providers = rowsOf(one.cache, world, 'PROVIDER_STATUS');
    await one.rows.get('a');
    await providers.get('a');
    await redis.stop();
    await until(() => !one.bus.connected());
    world.commit('a');
    expect(await one.rows.get('a')).toMatchObject({ servedFrom: 'DATABASE', degraded: false });
    expect(await version(one)).toBe(2);
    expect(await providers.get('a')).toMatchObject({ servedFrom: 'L1', degraded: true });
  });

  it('publishing is refused, and a writer still reads its own write', async () => {
    await version(one);
    await redis.stop();
    const event = eventOf(['a']);
    one.cache.begin([event]);
    world.commit('a');
    await expect(one.publish(event)).rejects.toBeInstanceOf(BusUnavailableError);
    expect(await version(one)).toBe(2);
    expect(one.cache.pendingEvents()).toEqual([event.eventId]);
  });

  it('and comes back empty, both nodes trust it again and hear each other', async () => {
    await Promise.all([version(one), version(two)]);
    await redis.stop();
    world.commit('a');
    await redis.restart();
    await until(() => one.cache.stats().trusted && two.cache.stats().trusted);
    expect([await version(one), await version(two)]).toEqual([2, 2]);
    world.commit('a');
    await one.publish(eventOf(['a']));
    await until(() => two.heard.length === 1);
    expect(await version(two)).toBe(3);
  });
});

describe('while Redis is frozen', () => {
  it('reads give up on it and go to the database', async () => {
    await version(one);
    redis.pause();
    world.commit('b');
    expect((await one.rows.get('b')).servedFrom).toBe('DATABASE');
    world.commit('a');
    await until(() => !one.cache.stats().trusted);
    expect(await version(one)).toBe(2);
    redis.resume();
  });

  it('nothing can be published, and memory is not trusted until Redis goes on', async () => {
    redis.pause();
    await expect(one.publish(eventOf(['a']))).rejects.toBeInstanceOf(BusUnavailableError);
    await until(() => !one.cache.stats().trusted);
    redis.resume();
    await until(() => one.cache.stats().trusted);
    expect(one.bus.connected()).toBe(true);
  });
});

describe('while the subscription alone is cut', () => {
  it('memory is not served, and what was missed is made good when it stands again', async () => {
    await version(two);
    two.redis.subscriber.disconnect();
    await until(() => !two.bus.connected());
    world.commit('a');
    await one.publish(eventOf(['a']));
    expect(await version(two)).toBe(2);
    await two.redis.subscriber.connect();
    await until(() => two.cache.stats().trusted);
    expect(two.heard).toHaveLength(1);
    expect(await version(two)).toBe(2);
  });
});
