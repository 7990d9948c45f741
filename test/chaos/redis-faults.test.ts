import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectSurvived, type Fault } from '../support/fault.ts';
import { startFaultFleet, type FaultFleet } from '../support/fault-fleet.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { until } from '../support/wait.ts';

/** The fault table of a single Redis, on real processes: what is seen meanwhile, and how soon all is well. */

const FOREIGN_KEYS = 1_500;
/** Makes a Redis with that many keys load for 3 s, and say so meanwhile. */
const SLOW_TO_LOAD = [
  '--key-load-delay',
  '2000',
  '--loading-process-events-interval-bytes',
  '1024',
];

let folder: string;
let redis: TestRedis;
let admin: Redis;
let fleet: FaultFleet;
let reloaded: Promise<void> | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edgebook-faults-'));
  redis = await startRedis(['--dir', folder, ...SLOW_TO_LOAD]);
  fleet = await startFaultFleet({ REDIS_URL: redis.url });
  admin = new Redis(redis.url);
  admin.on('error', () => undefined);
});

afterAll(async () => {
  redis.resume();
  admin?.disconnect();
  await fleet?.stop();
  await reloaded;
  await redis.stop();
  await rm(folder, { recursive: true });
});

async function answer(): Promise<string> {
  const client = new Redis(redis.url, { retryStrategy: null, enableReadyCheck: false });
  client.on('error', () => undefined);
  try {
    return await client.get('foreign:0').then(String, (error: Error) => error.message);
  } finally {
    client.disconnect();
  }
}

/** Restarts with what it held before a write that nobody may forget; resolves while it loads that. */
async function restartLoading(): Promise<void> {
  const foreign = Array.from({ length: FOREIGN_KEYS }, (_, index) => [`foreign:${index}`, 'x']);
  await admin.mset(foreign.flat());
  await fleet.reader.read();
  await admin.save();
  await fleet.writer.write();
  reloaded = redis.restart();
  await until(async () => (await answer()).startsWith('LOADING'), { what: 'LOADING' });
}

/** What was read and written meanwhile did not wait for it. */
async function isLoadingStill(): Promise<void> {
  expect(await answer()).toMatch(/^LOADING/);
  await reloaded;
  expect(await answer()).toBe('x');
}

const FAULTS = {
  'is down': { begin: () => redis.kill(), end: () => redis.restart() },
  'is frozen': { begin: () => redis.pause(), end: () => redis.resume() },
  'drops its subscribers': { begin: () => admin.client('KILL', 'TYPE', 'pubsub') },
  'forgets everything': { begin: () => admin.flushall() },
  'restarts empty': { begin: () => redis.restart() },
  'is out of memory': {
    begin: () => admin.config('SET', 'maxmemory', '1mb'),
    end: () => admin.config('SET', 'maxmemory', '0'),
  },
  'loads what it held long ago': { begin: restartLoading, end: isLoadingStill },
} as const satisfies Readonly<Record<string, Fault>>;

describe('when the only Redis', () => {
  test.each(Object.keys(FAULTS) as (keyof typeof FAULTS)[])(
    '%s, writes succeed, their node shows them at once, the others soon, and all recovers',
    async (name) => {
      await expectSurvived(fleet, `Redis ${name}`, FAULTS[name]);
    },
  );
});
