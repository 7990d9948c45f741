import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { TestRedis } from '../../test/support/redis.ts';
import type { Contender, RaceDatabase } from './contenders.ts';

/** What a schedule may use: two nodes of one arm, their database and their Redis. */
export interface Stage {
  readonly a: Contender;
  readonly b: Contender;
  readonly database: RaceDatabase;
  readonly admin: Redis;
  readonly redis: TestRedis;
}

/** Plays one race about a key that nobody has used before; returns how many answers were wrong. */
export type Schedule = (stage: Stage, id: string) => Promise<number>;

/** Longer than a message takes on an idle machine. */
const HEARD_MS = 15;
/** Longer than a subscriber of either arm takes to come back. */
const RECONNECTED_MS = 400;
const OUTAGE_MS = 500;
/** Longer than the breaks and back-offs after Redis was away. */
const RECOVERED_MS = 2_000;
const FLOOD_LUA = `
local text = string.rep('x', ARGV[3])
for _ = 1, ARGV[2] do redis.call('PUBLISH', ARGV[1], text) end`;
const FLOOD_MESSAGES = 4_000;
const FLOOD_BYTES = 4_096;
const READERS = 25;
const REPEATED = 5;

async function stale({ database }: Stage, id: string, ...nodes: Contender[]): Promise<number> {
  const versions = await Promise.all(nodes.map((node) => node.read(id)));
  return versions.filter((version) => version < database.versionOf(id)).length;
}

async function warm({ a, b }: Stage, id: string): Promise<void> {
  await a.read(id);
  await b.read(id);
}

/** A load that began before a write and ends after everybody has heard of it. */
async function overtake(stage: Stage, id: string, write: () => Promise<unknown>): Promise<void> {
  const { b, database } = stage;
  const { loads } = database;
  database.hold();
  const slow = b.read(id);
  while (database.loads === loads) await sleep(1);
  await write();
  await sleep(HEARD_MS);
  database.release();
  await slow;
}

/** What an outsider hears of a write. */
async function overhear({ b, a, redis }: Stage, id: string): Promise<string> {
  const listener = new Redis(redis.url);
  const message = new Promise<string>((resolve) =>
    listener.once('message', (_, text) => resolve(text)),
  );
  await listener.subscribe(b.channelOf(id));
  await a.write(id);
  const text = await message;
  listener.disconnect();
  return text;
}

/** Loads of a value that nobody has changed: a message that says nothing new has emptied memory. */
async function needlessLoads(stage: Stage, id: string, message: string): Promise<number> {
  await warm(stage, id);
  const { loads } = stage.database;
  await stage.admin.del(stage.b.l2KeyOf(id));
  await stage.admin.publish(stage.b.channelOf(id), message);
  await sleep(HEARD_MS);
  await stage.b.read(id);
  return stage.database.loads - loads;
}

/** The races that publish and delete loses, by what happens in them. */
export const SCHEDULES: Readonly<Record<string, Schedule>> = {
  'a slow load is overtaken by a write of its own node': async (stage, id) => {
    await overtake(stage, id, () => stage.b.write(id));
    return stale(stage, id, stage.b);
  },
  'a slow load is overtaken by a write elsewhere': async (stage, id) => {
    await overtake(stage, id, () => stage.a.write(id));
    return stale(stage, id, stage.b);
  },
  'its old value is filled into L2 for the others': async (stage, id) => {
    await overtake(stage, id, () => stage.a.write(id));
    return stale(stage, id, stage.a);
  },
  'FLUSHDB takes the mark of a write that a slow load missed': async (stage, id) => {
    await overtake(stage, id, async () => {
      await stage.a.write(id);
      await stage.admin.flushdb();
    });
    return stale(stage, id, stage.a, stage.b);
  },
  'a write is told while a subscriber reconnects': async (stage, id) => {
    await warm(stage, id);
    await stage.admin.client('KILL', 'TYPE', 'pubsub');
    await stage.a.write(id);
    await sleep(RECONNECTED_MS);
    return stale(stage, id, stage.a, stage.b);
  },
  'its log is trimmed meanwhile': async (stage, id) => {
    await warm(stage, id);
    await stage.admin.client('KILL', 'TYPE', 'pubsub');
    await stage.a.write(id);
    await stage.admin.del(stage.b.logOf(id));
    await sleep(RECONNECTED_MS);
    return stale(stage, id, stage.a, stage.b);
  },
  'the connection breaks again and again': async (stage, id) => {
    await warm(stage, id);
    for (let count = 0; count < REPEATED; count += 1) {
      await stage.admin.client('KILL', 'TYPE', 'pubsub');
      await stage.a.write(id);
      await sleep(HEARD_MS);
    }
    await sleep(RECONNECTED_MS);
    return stale(stage, id, stage.a, stage.b);
  },
  'the writer reads between its commit and its event': async (stage, id) => {
    await warm(stage, id);
    let wrong = 0;
    await stage.a.write(id, async () => {
      wrong = await stale(stage, id, stage.a);
    });
    return wrong;
  },
  'a process crashes between its commit and its event': async (stage, id) => {
    await warm(stage, id);
    await stage.a.commitAndCrash(id);
    await sleep(HEARD_MS);
    return stale(stage, id, stage.b);
  },
  'an old message is sent again': async (stage, id) => {
    const message = await overhear(stage, id);
    return needlessLoads(stage, id, message);
  },
  'a forged message is sent': async (stage, id) => {
    const message = stage.b.forge(await overhear(stage, id));
    return needlessLoads(stage, id, message);
  },
  'a flood cuts off slow subscribers while a write is told': async (stage, id) => {
    const { a, b, admin } = stage;
    await warm(stage, id);
    await admin.config('SET', 'client-output-buffer-limit', 'pubsub 1mb 1mb 1');
    await admin.eval(FLOOD_LUA, 0, b.channelOf(id), FLOOD_MESSAGES, FLOOD_BYTES);
    await a.write(id);
    await sleep(RECONNECTED_MS);
    await admin.config('SET', 'client-output-buffer-limit', 'pubsub 32mb 8mb 60');
    return stale(stage, id, a, b);
  },
  'many readers miss one cold key on two nodes': async (stage, id) => {
    const { loads } = stage.database;
    const readers = Array.from({ length: READERS }, () => [stage.a.read(id), stage.b.read(id)]);
    await Promise.all(readers.flat());
    return stage.database.loads - loads - 1;
  },
};

/** The same, but they take seconds: played twice. */
export const OUTAGES: Readonly<Record<string, Schedule>> = {
  'Redis crashes while a write is told, and comes back empty': async (stage, id) => {
    await warm(stage, id);
    await stage.redis.kill();
    const write = stage.a.write(id);
    await sleep(OUTAGE_MS);
    await stage.redis.restart();
    await write;
    await sleep(RECOVERED_MS);
    return stale(stage, id, stage.a, stage.b);
  },
};
