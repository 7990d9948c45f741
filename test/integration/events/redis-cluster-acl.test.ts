import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { partitionKeys } from '../../../src/domain/redis-keys.ts';
import { expectWell } from '../../support/fault.ts';
import { startFaultFleet } from '../../support/fault-fleet.ts';
import { refusedOn, writeTestAcl, type TestAcl } from '../../support/redis-acl.ts';
import { startRedisCluster, type TestCluster } from '../../support/redis-cluster.ts';
import { until } from '../../support/wait.ts';
import { eventOf } from '../../unit/cache/world.ts';
import { PARTITION, startEar } from './ear.ts';

const REFUSED: readonly [string, ...string[]][] = [
  ['FLUSHALL'],
  ['FLUSHDB'],
  ['KEYS', '*'],
  ['SCAN', '0'],
  ['CONFIG', 'GET', '*'],
  ['CONFIG', 'SET', 'cluster-announce-ip', '192.0.2.1'],
  ['DEBUG', 'SEGFAULT'],
  ['SHUTDOWN', 'NOSAVE'],
  ['SCRIPT', 'FLUSH'],
  ['SCRIPT', 'LOAD', 'return 1'],
  ['FUNCTION', 'FLUSH'],
  ['ACL', 'SETUSER', 'evil', 'on', 'nopass', '+@all', '~*'],
  ['CLIENT', 'KILL', 'TYPE', 'pubsub'],
  ['CLIENT', 'PAUSE', '1000'],
  ['CLUSTER', 'FAILOVER', 'TAKEOVER'],
  ['CLUSTER', 'RESET', 'HARD'],
  ['CLUSTER', 'FORGET', '0'.repeat(40)],
  ['CLUSTER', 'MEET', '192.0.2.1', '6379'],
  ['CLUSTER', 'REPLICATE', '0'.repeat(40)],
  ['CLUSTER', 'ADDSLOTS', '0'],
  ['CLUSTER', 'DELSLOTS', '0'],
  ['CLUSTER', 'SETSLOT', '0', 'STABLE'],
  ['CLUSTER', 'FLUSHSLOTS'],
  ['CLUSTER', 'BUMPEPOCH'],
  ['CLUSTER', 'NODES'],
  ['MIGRATE', '192.0.2.1', '6379', 'x', '0', '100'],
  ['SSUBSCRIBE', 'somebody-elses'],
  ['SPUBLISH', 'somebody-elses', 'x'],
  ['PUBSUB', 'SHARDCHANNELS'],
];

let acl: TestAcl;
let cluster: TestCluster;
let url: string;

beforeAll(async () => {
  acl = await writeTestAcl({ cluster: true });
  const { username, password } = acl.admin;
  const replication = ['--masteruser', username, '--masterauth', password];
  // Otherwise it is not the user's rights that forbid DEBUG.
  const args = ['--aclfile', acl.file, '--enable-debug-command', 'yes', ...replication];
  cluster = await startRedisCluster({ args, admin: acl.admin });
  url = cluster.url.replace('//', `//edgebook:${acl.password}@`);
});
afterAll(async () => {
  await cluster.stop();
  await acl.remove();
});

/** What the user was refused on any server since the last call. */
function refused(): Promise<string[]> {
  const servers = [...cluster.masters, ...cluster.replicas];
  return refusedOn(
    servers.map((server) => server.url),
    acl,
  );
}

describe('the Redis user of deploy/redis-acl.conf, with the rights that it names for a cluster', () => {
  it('may do all that whole nodes do', async () => {
    await refused();
    const env = { REDIS_URL: url, REDIS_CLUSTER: 'true', CACHE_REQUIRE_AUTH: 'true' };
    const fleet = await startFaultFleet(env);
    try {
      for (const writer of [fleet.writer, fleet.reader]) {
        const written = await writer.write();
        await Promise.all([fleet.writer, fleet.reader].map((node) => expectWell(node, written)));
      }
    } finally {
      await fleet.stop();
    }
    expect(await refused()).toEqual([]);
  });

  it('may subscribe anew, and leave', async () => {
    const ear = await startEar(url, { settings: { cluster: true } });
    await ear.confirmed();
    await ear.redis.subscriber.sunsubscribe(partitionKeys(PARTITION).channel);
    ear.redis.subscriber.disconnect(true);
    await until(() => ear.told.filter((what) => what === 'connected').length === 2);
    await ear.bus.publish(PARTITION, [eventOf(['a'])]);
    await until(() => ear.told.includes('a'));
    await ear.stop();
    expect(await refused()).toEqual([]);
  });

  it.each(['READONLY', 'READWRITE', 'ASKING'])(
    'may send %s, as its client does while a cluster changes',
    async (command) => {
      const client = new Redis(url, { retryStrategy: null, disableClientInfo: true });
      await expect(client.call(command)).resolves.toBe('OK');
      client.disconnect();
    },
  );

  it.each(REFUSED.map((command) => [command.join(' '), command] as const))(
    'may not %s',
    async (_, [name, ...args]) => {
      const client = new Redis(url, { retryStrategy: null, disableClientInfo: true });
      await expect(client.call(name, ...args)).rejects.toThrow('NOPERM');
      client.disconnect();
      expect(await refused()).toHaveLength(1);
    },
  );
});
