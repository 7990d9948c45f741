import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fillLeaseKey } from '../../../src/domain/redis-keys.ts';
import { startRedis, type TestRedis } from '../../support/redis.ts';
import { until } from '../../support/wait.ts';
import { eventOf, rowKey, World } from '../../unit/cache/world.ts';
import { PARTITION, startNode, type TestNode } from './fleet.ts';

const LEASE = fillLeaseKey(PARTITION, rowKey('a'));
const NODES = 4;

let redis: TestRedis;
let world: World;
let nodes: TestNode[];

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

beforeEach(async () => {
  world = new World();
  world.commit('a');
  nodes = await Promise.all(Array.from({ length: NODES }, () => startNode(redis.url, world)));
});
afterEach(async () => {
  await nodes[0]?.redis.commands.flushall();
  await Promise.all(nodes.map((node) => node.stop()));
});

function readEverywhere(): Promise<(number | undefined)[]> {
  return Promise.all(nodes.map(async ({ rows }) => (await rows.get('a')).value?.version));
}

describe('four nodes that miss one key at once', () => {
  it('cost the database one load, and give the right to load back', async () => {
    expect(await readEverywhere()).toEqual([1, 1, 1, 1]);
    expect(world.loads).toEqual([['a']]);
    await until(async () => (await nodes[0]?.redis.commands.exists(LEASE)) === 0);
  });

  it('cost one load again after each change', async () => {
    await readEverywhere();
    world.commit('a');
    await nodes[0]?.publish(eventOf(['a']));
    await until(() => nodes.every(({ heard }) => heard.length > 0));
    expect(await readEverywhere()).toEqual([2, 2, 2, 2]);
    expect(world.loads).toEqual([['a'], ['a']]);
  });

  it('do not wait for one that takes too long', async () => {
    world.held = true;
    const first = nodes[0]?.rows.get('a');
    await until(() => world.loads.length === 1);
    const others = nodes.slice(1).map(({ rows }) => rows.get('a'));
    await until(() => world.loads.length === NODES);
    world.release();
    const answers = await Promise.all([first, ...others]);
    expect(answers.map((answer) => answer?.value?.version)).toEqual([1, 1, 1, 1]);
  });

  it('do not wait for one that has failed', async () => {
    world.failure = new Error('away');
    await expect(nodes[0]?.rows.get('a')).rejects.toThrow('away');
    world.failure = null;
    await until(async () => (await nodes[0]?.redis.commands.exists(LEASE)) === 0);
    expect(await readEverywhere()).toEqual([1, 1, 1, 1]);
    expect(world.loads).toHaveLength(2);
  });

  it('never take over what was loaded before a change that came meanwhile', async () => {
    world.held = true;
    const first = nodes[0]?.rows.get('a');
    await until(() => world.loads.length === 1);
    world.held = false;
    const second = nodes[1]?.rows.get('a');
    world.commit('a');
    await nodes[2]?.publish(eventOf(['a']));
    await until(() => nodes.every(({ heard }) => heard.length > 0));
    world.release();
    await Promise.all([first, second]);
    expect(await readEverywhere()).toEqual([2, 2, 2, 2]);
  });
});
