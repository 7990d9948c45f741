import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { PARTITIONS } from '../../../src/domain/partition.ts';
import { partitionKeys } from '../../../src/domain/redis-keys.ts';
import type { TestRedis } from '../redis.ts';

/** What a fault may touch. */
export interface FaultTargets {
  readonly redis: TestRedis;
  readonly admin: Redis;
  /** Freezes one node for a while. */
  readonly freezeNode: (ms: number) => Promise<void>;
  /** Kills one node and starts another in its place. */
  readonly replaceNode: () => Promise<void>;
}

type Fault = (targets: FaultTargets) => Promise<unknown>;

const REDIS_FREEZE_MS = 1_200;
/** Longer than the blind lease: whoever thaws must not trust what it remembers. */
const NODE_FREEZE_MS = 3_500;

const killPubSub: Fault = ({ admin }) => admin.client('KILL', 'TYPE', 'pubsub');

const trimLogs: Fault = ({ admin }) =>
  Promise.all(
    Array.from({ length: PARTITIONS }, (_, index) =>
      admin.xtrim(partitionKeys(index).log, 'MAXLEN', 0),
    ),
  );

/** Everything that may happen to a fleet, by name. */
export const FAULTS = {
  'kill pub/sub': killPubSub,
  'kill pub/sub and trim': async (targets) => {
    await killPubSub(targets);
    await trimLogs(targets);
  },
  FLUSHDB: ({ admin }) => admin.flushdb(),
  'freeze Redis': async ({ redis }) => {
    redis.pause();
    await sleep(REDIS_FREEZE_MS);
    redis.resume();
  },
  'restart Redis empty': ({ redis }) => redis.restart(),
  'freeze a node': ({ freezeNode }) => freezeNode(NODE_FREEZE_MS),
  'kill a node': ({ replaceNode }) => replaceNode(),
} as const satisfies Readonly<Record<string, Fault>>;

export type FaultName = keyof typeof FAULTS;

export const FAULT_NAMES = Object.keys(FAULTS) as FaultName[];
