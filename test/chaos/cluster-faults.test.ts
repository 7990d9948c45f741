import { afterEach, beforeEach, describe, test } from 'vitest';
import { partitionOf } from '../../src/domain/partition.ts';
import { partitionKeys } from '../../src/domain/redis-keys.ts';
import { expectSurvived, expectWell } from '../support/fault.ts';
import { startFaultFleet, type FaultFleet } from '../support/fault-fleet.ts';
import type { TestRedis } from '../support/redis.ts';
import { startRedisCluster, type TestCluster } from '../support/redis-cluster.ts';

/** The fault table of a Redis Cluster, on real processes: what befalls the master that the price lives on. */

let cluster: TestCluster;
let fleet: FaultFleet;
let master: TestRedis;

beforeEach(async () => {
  cluster = await startRedisCluster();
  fleet = await startFaultFleet({ REDIS_URL: cluster.url, REDIS_CLUSTER: 'true' });
  master = await cluster.masterOf(partitionKeys(partitionOf(fleet.pair.region)).log);
});

afterEach(async () => {
  master.resume();
  await fleet.stop();
  await cluster.stop();
});

const FAULTS = {
  'is killed': { begin: () => master.kill() },
  'is frozen': { begin: () => master.pause() },
} as const;

describe('when the master of one shard', () => {
  test.each(Object.keys(FAULTS) as (keyof typeof FAULTS)[])(
    '%s, its replica takes its place, no event is lost, and all recovers',
    async (name) => {
      await expectSurvived(fleet, `the master of a shard ${name}`, FAULTS[name]);
      master.resume();
      // The former master, if it lives, has been demoted: nobody may go on speaking to it.
      await expectWell(fleet.reader, await fleet.writer.write());
    },
  );
});
