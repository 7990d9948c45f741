import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createRedisL2 } from '../../../src/cache/redis-l2.ts';
import { PARTITIONS } from '../../../src/domain/partition.ts';
import { startRedisCluster, type TestCluster } from '../../support/redis-cluster.ts';
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
