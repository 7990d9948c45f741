import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRedis, type TestRedis } from '../../support/redis.ts';
import { refusedOn, writeTestAcl, type TestAcl } from '../../support/redis-acl.ts';
import { until } from '../../support/wait.ts';
import { eventOf, World } from '../../unit/cache/world.ts';
import { startNode, type TestNode } from '../cache/fleet.ts';
import { PARTITION, startEar } from './ear.ts';

const REFUSED: readonly [string, ...string[]][] = [
  ['FLUSHALL'],
  ['FLUSHDB'],
  ['KEYS', '*'],
  ['SCAN', '0'],
  ['CONFIG', 'GET', '*'],
  ['CONFIG', 'SET', 'dir', '/tmp'],
  ['ACL', 'LIST'],
  ['ACL', 'SETUSER', 'evil', 'on', 'nopass', '+@all', '~*'],
  ['CLIENT', 'KILL', 'TYPE', 'pubsub'],
  ['CLIENT', 'LIST'],
  ['MODULE', 'LIST'],
  ['REPLICAOF', 'NO', 'ONE'],
  ['SHUTDOWN', 'NOSAVE'],
  ['SAVE'],
  ['MONITOR'],
  ['FUNCTION', 'LIST'],
  ['SCRIPT', 'FLUSH'],
  ['PSUBSCRIBE', '*'],
  ['GET', 'somebody:else'],
  ['SET', 'somebody:else', '1'],
  ['PUBLISH', 'somebody-elses', 'x'],
  ['SUBSCRIBE', 'somebody-elses'],
  ['EVAL', "return redis.call('GET', 'somebody:else')", '0'],
  ['EVAL', "return redis.call('FLUSHALL')", '0'],
];

let acl: TestAcl;
let server: TestRedis;
let url: string;

beforeAll(async () => {
  acl = await writeTestAcl();
  server = await startRedis(['--aclfile', acl.file]);
  url = `redis://edgebook:${acl.password}@127.0.0.1:${server.port}`;
});
afterAll(async () => {
  await server.stop();
  await acl.remove();
});

/** What the user was refused since the last call. */
function refused(): Promise<string[]> {
  return refusedOn([server.url], acl);
}

describe('the Redis user of deploy/redis-acl.conf', () => {
  it('may do all that the event bus does', async () => {
    const ear = await startEar(url);
    await ear.bus.publish(PARTITION, [eventOf(['a'])]);
    await until(() => ear.heard.length === 1);
    await ear.redis.subscriber.unsubscribe();
    await until(() => ear.told.filter((what) => what === 'connected').length === 2);
    const whole = { type: 'MANUAL_INVALIDATION', keys: [] } as const;
    await ear.bus.publish(PARTITION, [eventOf([], whole)]);
    await ear.confirmed();
    expect(ear.bus.connected()).toBe(true);
    await ear.stop();
    expect(await refused()).toEqual([]);
  });

  it('may do all that L2 does', async () => {
    const world = new World();
    world.commit('a');
    const nodes: TestNode[] = [await startNode(url, world), await startNode(url, world)];
    const [first, second] = nodes;
    const layers = [];
    for (const node of nodes) layers.push((await node.rows.get('a')).servedFrom);
    expect(layers).toEqual(['DATABASE', 'L2']);
    world.commit('a');
    await first?.publish(eventOf(['a']));
    await until(async () => (await second?.rows.get('a'))?.value?.version === 2);
    for (const node of nodes) await node.stop();
    expect(await refused()).toEqual([]);
  });

  it.each(REFUSED.map((command) => [command.join(' '), command] as const))(
    'may not %s',
    async (_, [name, ...args]) => {
      const client = new Redis(url, { retryStrategy: null, disableClientInfo: true });
      await expect(client.call(name, ...args)).rejects.toThrow(/NOPERM|can't (?:run|access)/);
      client.disconnect();
      expect(await refused()).toHaveLength(1);
    },
  );

  it('is the only one: nobody comes in without a password', async () => {
    const stranger = new Redis(`redis://127.0.0.1:${server.port}`, { retryStrategy: null });
    stranger.on('error', () => undefined);
    await expect(stranger.get('x')).rejects.toThrow(/NOAUTH|Connection is closed/);
    stranger.disconnect();
  });
});
