import { Redis } from 'ioredis';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  onTestFinished,
} from 'vitest';
import { createRedisL2 } from '../../../src/cache/redis-l2.ts';
import { PARTITIONS } from '../../../src/domain/partition.ts';
import { partitionKeys } from '../../../src/domain/redis-keys.ts';
import { startRedisCluster, type TestCluster } from '../../support/redis-cluster.ts';
import { startTcpProxy } from '../../support/tcp-proxy.ts';
import { until } from '../../support/wait.ts';
import { eventOf, rowKey } from '../../unit/cache/world.ts';
import { PARTITION, startEar, type Ear } from './ear.ts';

const ALL = Array.from({ length: PARTITIONS }, (_, partition) => partition);

let cluster: TestCluster;
let ear: Ear;
let other: Ear;

beforeAll(async () => {
  cluster = await startRedisCluster();
});
afterAll(() => cluster.stop());

beforeEach(async () => {
  const settings = { cluster: true };
  ear = await startEar(cluster.url, { settings });
  other = await startEar(cluster.url, { settings });
});
afterEach(async () => {
  await ear.stop();
  await other.stop();
});

async function confirmedEverywhere(): Promise<void> {
  const askedAtMs = performance.now();
  const isNewer = (partition: number): boolean =>
    (ear.trustedUntil.get(partition) ?? 0) > askedAtMs + 3000;
  await until(() => ALL.every(isNewer), { what: 'trust in every partition', timeoutMs: 30_000 });
}

describe('on a Redis Cluster', () => {
  it('every partition is heard and trusted, whichever shard it lies in', async () => {
    await confirmedEverywhere();
    await Promise.all(
      ALL.map((partition) => other.bus.publish(partition, [eventOf([`p${partition}`])])),
    );
    await until(() => ear.heard.length === PARTITIONS);
    expect(new Set(ear.heard.map(({ partition }) => partition)).size).toBe(PARTITIONS);
    expect(ear.counted).toEqual({ applied: PARTITIONS });
  });

  it('L2 keeps a value for all nodes', async () => {
    const key = rowKey('a');
    const first = createRedisL2(ear.redis.commands);
    const look = await first.read(PARTITION, [key]);
    const value = { payload: Buffer.from('x'), ttlMs: 5000 };
    await expect(first.fill(PARTITION, key, look, value)).resolves.toBe('kept');
    const { values } = await createRedisL2(other.redis.commands).read(PARTITION, [key]);
    expect(values[0]?.payload.toString()).toBe('x');
  });

  it('a connection to one shard that has gone deaf is made anew', async () => {
    const names = partitionKeys(PARTITION);
    const master = await cluster.masterOf(names.channel);
    const path = await startTcpProxy(master.port);
    const admin = new Redis(master.url);
    onTestFinished(async () => {
      await admin.config('SET', 'cluster-announce-port', 0);
      admin.disconnect();
      await path.stop();
    });
    await admin.config('SET', 'cluster-announce-port', path.port);
    const isAnnounced = async (): Promise<boolean> =>
      (await other.redis.commands.cluster('SLOTS')).flat(3).includes(path.port);
    await until(isAnnounced, { what: 'the way through the proxy', timeoutMs: 30_000 });
    const deaf = await startEar(cluster.url, { settings: { cluster: true } });
    onTestFinished(() => deaf.stop());
    await deaf.confirmed();
    deaf.told.length = 0;

    expect(path.deafen('ssubscribe')).toBeGreaterThan(0);
    const startMs = performance.now();
    await deaf.confirmed();
    process.stdout.write(
      `a deaf shard: heard again ${Math.round(performance.now() - startMs)} ms\n`,
    );
    // A busy machine may miss the catch-up's deadline: then the partition is flushed, which is safe.
    expect(deaf.told.filter((what) => what !== 'lost')).toEqual(['disconnected', 'connected']);
    await other.bus.publish(PARTITION, [eventOf(['after'])]);
    await until(() => deaf.told.includes('after'));
    expect(deaf.counted).toEqual({ applied: 1 });
  });

  it('each partition hears or is told of a loss, and is trusted again, when a killed master is replaced', async () => {
    await confirmedEverywhere();
    await cluster.masters[0]?.kill();
    const events = ALL.map((partition) => [partition, eventOf([`after-${partition}`])] as const);
    for (const [partition, event] of events) {
      await until(() => other.bus.publish(partition, [event]), { timeoutMs: 30_000 });
    }
    await confirmedEverywhere();
    const isKnown = (partition: number): boolean =>
      ear.told.includes(`after-${partition}`) || ear.lost.includes(partition);
    expect(ALL.filter((partition) => !isKnown(partition))).toEqual([]);
    await other.bus.publish(0, [eventOf(['last'])]);
    await until(() => ear.told.includes('last'));
    expect(ear.bus.connected()).toBe(true);
  });
});
