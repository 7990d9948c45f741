import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CacheEvent } from '../../../src/domain/cache-event.ts';
import { entryKey, partitionKeys } from '../../../src/domain/redis-keys.ts';
import { startRedis, type TestRedis } from '../../support/redis.ts';
import { until } from '../../support/wait.ts';
import { eventOf, rowKey, rowsOf, World } from '../../unit/cache/world.ts';
import { PARTITION, startNode, type TestNode } from './fleet.ts';

const ENTRY = entryKey(PARTITION, rowKey('a'));
const NAMES = partitionKeys(PARTITION);

let redis: TestRedis;
let world: World;
let one: TestNode;
let two: TestNode;

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

beforeEach(async () => {
  world = new World();
  world.commit('a');
  one = await startNode(redis.url, world);
  two = await startNode(redis.url, world);
});
afterEach(async () => {
  await one.redis.commands.flushall().catch(() => undefined);
  await Promise.all([one.stop(), two.stop()]);
});

async function servedFrom(node: TestNode, id = 'a'): Promise<string> {
  return (await node.rows.get(id)).servedFrom;
}

async function version(node: TestNode): Promise<number | undefined> {
  return (await node.rows.get('a')).value?.version;
}

/** Everything that was published so far has been applied by both nodes. */
async function settled(count: number): Promise<void> {
  await until(() => one.heard.length >= count && two.heard.length >= count);
}

describe('two nodes on one Redis', () => {
  it('share what one has loaded, bigint and all, and then remember it themselves', async () => {
    const loaded = await one.rows.get('a');
    const shared = await two.rows.get('a');
    expect(loaded.servedFrom).toBe('DATABASE');
    expect(shared).toMatchObject({ servedFrom: 'L2', value: loaded.value, asOf: loaded.asOf });
    expect(shared.value?.priceMicros).toBe(1_000_000n);
    expect(Object.isFrozen(shared.value)).toBe(true);
    expect(await servedFrom(two)).toBe('L1');
    expect(world.loads).toHaveLength(1);
  });

  it('share that there is nothing', async () => {
    await one.rows.get('none');
    expect(await two.rows.get('none')).toMatchObject({ value: null, servedFrom: 'L2' });
  });

  it('read many keys of a partition at once and load only what is nowhere', async () => {
    await one.rows.getMany(['a', 'b']);
    const answers = await two.rows.getMany(['a', 'b', 'c']);
    expect(answers.map((answer) => answer.servedFrom)).toEqual(['L2', 'L2', 'DATABASE']);
    expect(world.loads).toEqual([['a', 'b'], ['c']]);
  });

  it('drop what the other one has changed', async () => {
    await Promise.all([version(one), version(two)]);
    const event = eventOf(['a'], { version: 2 });
    one.cache.begin([event]);
    world.commit('a');
    await one.publish(event);
    expect(await version(one)).toBe(2);
    await settled(1);
    expect(await version(two)).toBe(2);
    expect(two.heard[0]?.event).toEqual(event);
  });

  it('tell how many nodes an event was handed to and how many values it removed', async () => {
    await one.rows.get('a');
    const published = await one.publish(eventOf(['a', 'b']), eventOf(['a']));
    expect(published).toMatchObject({ receivers: [2, 2], keysDeleted: [1, 0] });
    expect(published.sequences[1]).toBe((published.sequences[0] ?? 0n) + 1n);
    expect(published.sequences[0]).toBeGreaterThan(1_700_000_000_000_000n);
  });

  it('keep a log of the events under their exact numbers', async () => {
    const { sequences } = await one.publish(eventOf(['a']), eventOf(['b']));
    const log = await one.redis.commands.xrange(NAMES.log, '-', '+');
    expect(log.map(([id]) => id)).toEqual(sequences.map((sequence) => `${sequence}-0`));
  });
});

describe('a slow load', () => {
  it('cannot fill what was invalidated meanwhile: the tombstone refuses it', async () => {
    world.held = true;
    const slow = two.rows.get('a');
    await until(() => world.loads.length === 1);
    world.commit('a');
    await one.publish(eventOf(['a']));
    expect(await one.redis.commands.get(ENTRY)).toMatch(/^T\d+$/);
    world.release();
    await slow;
    expect(await version(one)).toBe(2);
    expect(await version(two)).toBe(2);
  });

  it('is refused by L2 even where the event has not arrived yet', async () => {
    world.held = true;
    const slow = two.rows.get('a');
    await until(() => world.loads.length === 1);
    world.commit('a');
    await two.bus.stop();
    await one.publish(eventOf(['a']));
    world.release();
    await slow;
    expect(await one.redis.commands.get(ENTRY)).not.toContain('V1|');
    expect(await version(one)).toBe(2);
    expect(two.cache.stats().namespaces.GPU_AVAILABILITY.l2.fillsRefused).toBe(1);
  });
});

describe('a writer', () => {
  it('reads its own write before the event is out, though L2 still holds the old value', async () => {
    await version(two);
    const event = eventOf(['a']);
    one.cache.begin([event]);
    world.commit('a');
    expect(await version(one)).toBe(2);
    expect(await one.rows.get('a')).toMatchObject({ servedFrom: 'DATABASE' });
    expect(await one.redis.commands.get(ENTRY)).toMatch(/^V/);
    await one.publish(event);
    await one.rows.get('a');
    expect(await servedFrom(one)).toBe('L1');
  });
});

function whole(): CacheEvent {
  return eventOf([], { type: 'MANUAL_INVALIDATION' });
}

describe('an invalidation of a whole namespace', () => {
  it('removes exactly its values everywhere and says how many', async () => {
    const prices = rowsOf(one.cache, world, 'GPU_PRICING');
    await one.rows.getMany(['a', 'b', 'c']);
    await prices.get('a');
    await two.rows.getMany(['a', 'b']);
    const { keysDeleted, receivers } = await one.publish(whole());
    expect([keysDeleted, receivers]).toEqual([[3], [2]]);
    await settled(1);
    expect([await servedFrom(two, 'b'), await servedFrom(one, 'b')]).toEqual(['DATABASE', 'L2']);
    expect((await prices.get('a')).servedFrom).toBe('L1');
  });

  it('refuses what was being loaded', async () => {
    world.held = true;
    const slow = two.rows.get('a');
    await until(() => world.loads.length === 1);
    world.commit('a');
    await one.publish(whole());
    world.release();
    await slow;
    expect(await version(one)).toBe(2);
  });

  it('counts nothing twice', async () => {
    await one.rows.getMany(['a', 'b']);
    await one.publish(whole());
    expect((await one.publish(whole())).keysDeleted).toEqual([0]);
  });
});

describe('a Redis that has lost everything', () => {
  it('begins a new incarnation: nothing from before it is trusted', async () => {
    await Promise.all([version(one), version(two)]);
    const before = await one.publish(eventOf(['z']));
    await one.redis.commands.flushall();
    world.commit('a');
    const after = await two.publish(eventOf(['y']));
    expect(after.base).toBeGreaterThan(before.base);
    await until(async () => (await version(one)) === 2 && (await version(two)) === 2);
    await until(() => one.cache.stats().trusted && two.cache.stats().trusted);
    expect([await version(one), await version(two)]).toEqual([2, 2]);
  });

  it('is no token for a load that began before', async () => {
    world.held = true;
    const slow = one.rows.get('a');
    await until(() => world.loads.length === 1);
    await one.redis.commands.flushall();
    world.commit('a');
    world.release();
    await slow;
    expect(await version(two)).toBe(2);
  });

  it('that belongs to another master begins a new incarnation too', async () => {
    const before = await one.publish(eventOf(['z']));
    await one.rows.get('a');
    await one.redis.commands.set(NAMES.owner, 'another-master');
    const after = await one.publish(eventOf(['y']));
    expect(after.base).toBeGreaterThan(before.sequences[0] ?? 0n);
    expect(await servedFrom(two)).toBe('DATABASE');
  });

  it('but a part of it is not believed: the database answers', async () => {
    await version(two);
    const { sequences } = await one.publish(eventOf(['z']));
    await settled(1);
    await one.redis.commands.set(NAMES.sequence, `${(sequences[0] ?? 0n) - 1n}`);
    one.cache.flush();
    expect(await servedFrom(one)).toBe('DATABASE');
    expect(await servedFrom(one)).toBe('DATABASE');
    expect(one.cache.stats().namespaces.GPU_AVAILABILITY.l2.fillsRefused).toBe(0);
    expect(one.cache.stats().namespaces.GPU_AVAILABILITY.l1.fillsRefused).toBe(0);
  });

  it('is noticed by a reader too, whose memory is then worth nothing', async () => {
    await two.rows.getMany(['a', 'b']);
    await two.bus.stop();
    await one.redis.commands.flushall();
    world.commit('a');
    await one.publish(eventOf(['a']));
    await two.rows.get('c');
    expect(await version(two)).toBe(2);
  });

  it('without its scripts is given them again', async () => {
    await one.publish(eventOf(['a']));
    await one.redis.commands.script('FLUSH');
    await expect(one.publish(eventOf(['a']))).resolves.toMatchObject({ receivers: [2] });
    expect(await servedFrom(one)).toBe('DATABASE');
    expect(await servedFrom(two)).toBe('L2');
  });
});
