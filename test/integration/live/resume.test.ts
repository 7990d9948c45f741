import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CacheEvent } from '../../../src/domain/cache-event.ts';
import { partitionOf } from '../../../src/domain/partition.ts';
import { partitionKeys } from '../../../src/domain/redis-keys.ts';
import { startRedis, type TestRedis } from '../../support/redis.ts';
import { until } from '../../support/wait.ts';
import { eventOf } from '../../unit/cache/world.ts';
import { LiveClient, startLiveNode, type LiveNode } from './live-node.ts';

const TOKEN = 'the token of this fleet';
const REGIONS = ['us-east-1', 'eu-west-1', 'ap-south-1'];

let server: TestRedis;
let admin: Redis;
let nodes: LiveNode[];
let first: LiveNode;
let second: LiveNode;
let client: LiveClient;

async function startNode(token = TOKEN): Promise<LiveNode> {
  const node = await startLiveNode(server.url, token);
  nodes.push(node);
  return node;
}

beforeAll(async () => {
  server = await startRedis();
  admin = new Redis(server.url);
});
afterAll(async () => {
  admin.disconnect();
  await server.stop();
});

beforeEach(async () => {
  nodes = [];
  first = await startNode();
  second = await startNode();
  client = new LiveClient();
});
afterEach(async () => {
  await Promise.all(nodes.map((node) => node.kill()));
});

function change(name: string, region = 'us-east-1'): CacheEvent {
  return eventOf([name], { region, keys: [] });
}

/** A thousand changes of three regions, whose names tell where each belongs. */
function burst(): CacheEvent[] {
  return Array.from({ length: 1_000 }, (_, index) => {
    const region = REGIONS[index % REGIONS.length] ?? '';
    return change(`${region} ${index}`, region);
  });
}

function namesOf(events: readonly CacheEvent[], region: string): string[] {
  return events.flatMap((event) => (event.region === region ? event.resourceId : []));
}

/** The client was told each of the events once, and of every region in order. */
function expectAll(events: readonly CacheEvent[]): void {
  expect(client.heard).toHaveLength(events.length);
  for (const region of REGIONS)
    expect(client.heard.filter((name) => name.startsWith(region))).toEqual(namesOf(events, region));
}

async function joined(node: LiveNode): Promise<void> {
  const { length } = client.starts;
  client.join(node);
  await until(() => client.starts.length > length, { what: 'the start' });
}

describe('a client that is cut off in a burst', () => {
  it('goes on at another node, after the first one was killed, without a change missed or doubled', async () => {
    const events = burst();
    await joined(first);
    const publishing = second.publish(events);
    await until(() => client.heard.length > 200, { everyMs: 1 });
    await client.leave();
    await first.kill();
    await until(async () => (await admin.xlen(logOf(REGIONS[0]))) > 200, { everyMs: 1 });
    await joined(second);
    await publishing;
    await until(() => client.heard.length >= events.length, { what: 'all changes' });
    expect(client.starts).toEqual([false, true]);
    expectAll(events);
  });

  it('goes on at a node that was not there yet, out of the log', async () => {
    const events = burst();
    await joined(first);
    await second.publish(events.slice(0, 300));
    await until(() => client.heard.length === 300);
    await client.leave();
    await second.publish(events.slice(300, 900));
    await Promise.all([first.kill(), second.kill()]);
    const third = await startNode();
    await joined(third);
    await third.publish(events.slice(900));
    await until(() => client.heard.length >= events.length, { what: 'all changes' });
    expect(client.starts).toEqual([false, true]);
    expectAll(events);
  });

  it('hears all while the subscription of its node is cut, and of no new start', async () => {
    const events = burst();
    await joined(first);
    const publishing = second.publish(events);
    await until(() => client.heard.length > 100, { everyMs: 1 });
    await admin.client('KILL', 'TYPE', 'pubsub');
    await publishing;
    await until(() => client.heard.length >= events.length, { what: 'all changes' });
    expect(client.starts).toEqual([false]);
    expectAll(events);
  });
});

function logOf(region: string | undefined): string {
  return partitionKeys(partitionOf(region ?? '')).log;
}

/** Hears of one change at the first node, and is away while `meanwhile` happens. */
async function away(meanwhile: () => Promise<unknown>): Promise<void> {
  await joined(first);
  await second.publish([change('known')]);
  await until(() => client.heard.length === 1);
  await client.leave();
  await meanwhile();
  await joined(await startNode());
}

describe('a client that comes back too late', () => {
  it('is told so where the log was trimmed', async () => {
    await away(async () => {
      await second.publish([change('a'), change('b')]);
      await admin.xtrim(logOf('us-east-1'), 'MAXLEN', 1);
    });
    expect(client.starts).toEqual([false, false]);
  });

  it('is told so where the log holds what its fleet has not signed, and is not given that', async () => {
    await away(async () => {
      const stranger = await startNode('another');
      await stranger.publish([change('forged')]);
      await second.publish([change('a')]);
    });
    expect(client.starts).toEqual([false, false]);
    expect(client.heard).toEqual([]);
  });

  it('is told so where the log has begun anew', async () => {
    await away(async () => {
      await admin.flushdb();
      await second.publish([change('a')]);
    });
    expect(client.starts).toEqual([false, false]);
  });
});

describe('a client that stays while Redis is flushed', () => {
  it('is told once to begin anew, and then of what happens', async () => {
    await joined(first);
    await second.publish([change('known')]);
    await until(() => client.heard.length === 1);
    await admin.flushdb();
    await until(() => client.starts.length === 2, { what: 'the second start' });
    await second.publish([change('a'), change('b')]);
    await until(() => client.heard.length === 2);
    expect(client.heard).toEqual(['a', 'b']);
    expect(client.starts).toEqual([false, false]);
  });
});
