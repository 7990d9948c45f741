import { afterEach, beforeEach, describe, test } from 'vitest';
import { expectSurvived, expectWell } from '../support/fault.ts';
import { startFaultFleet, type FaultFleet } from '../support/fault-fleet.ts';
import {
  MASTER_NAME,
  SENTINEL_PASSWORD,
  startRedisSentinels,
  type TestSentinels,
} from '../support/redis-sentinel.ts';
import { until } from '../support/wait.ts';

/** The fault table of a Redis whose Sentinels promote a replica, on real processes. */

let servers: TestSentinels;
let fleet: FaultFleet;

beforeEach(async () => {
  servers = await startRedisSentinels();
  fleet = await startFaultFleet({
    REDIS_URL: `redis://${MASTER_NAME}`,
    REDIS_SENTINELS: servers.addresses.join(','),
    REDIS_SENTINEL_PASSWORD: SENTINEL_PASSWORD,
  });
  await expectWell(fleet.reader, await fleet.writer.write());
});

afterEach(async () => {
  servers.master.resume();
  await fleet.stop();
  await servers.stop();
});

const FAULTS = {
  'is killed together with a Sentinel': {
    begin: async () => {
      await servers.sentinels[0]?.kill();
      await servers.master.kill();
    },
  },
  'is frozen': { begin: () => servers.master.pause() },
} as const;

describe('when the master that Sentinels watch over', () => {
  test.each(Object.keys(FAULTS) as (keyof typeof FAULTS)[])(
    '%s, its replica takes its place, no event is lost, and all recovers',
    async (name) => {
      await expectSurvived(fleet, `the master of Sentinels ${name}`, FAULTS[name]);
      servers.master.resume();
      // The former master, if it lives, has been demoted: nobody may go on speaking to it.
      await expectWell(fleet.reader, await fleet.writer.write());
      // The market's own events go on, so there is no moment at which nothing can be waiting.
      await until(async () => (await pending(fleet)) === 0, { what: 'an empty outbox' });
    },
  );
});

async function pending({ reader }: FaultFleet): Promise<number> {
  const text = await (await fetch(`${reader.process.origin}/metrics`)).text();
  return Number(/^edgebook_outbox_pending (\d+)$/m.exec(text)?.[1]);
}
