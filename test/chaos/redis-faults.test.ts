import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  PriceDocument,
  PricesDocument,
  UpdatePricingDocument,
} from '../../src/client/generated/graphql.ts';
import { createGraphqlClient, type GraphqlClient } from '../../src/client/graphql-client.ts';
import { startEdgebook, type TestEdgebook } from '../support/edgebook.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { until } from '../support/wait.ts';

/** The fault table of a single Redis, on real processes: what is seen meanwhile, and how soon all is well. */

let database: TestDatabase;
let redis: TestRedis;
let admin: Redis;
let nodes: TestEdgebook[] = [];
let writer: GraphqlClient;
let reader: GraphqlClient;
let pair: { readonly gpuType: string; readonly region: string };
let cents = 300;

function startNode(demo: boolean): Promise<TestEdgebook> {
  return startEdgebook({
    DATABASE_URL: database.url,
    REDIS_URL: redis.url,
    DEMO_MARKET: String(demo),
    RATE_LIMIT: 'off',
  });
}

beforeAll(async () => {
  [database, redis] = await Promise.all([createTestDatabase(), startRedis()]);
  const seeder = await startNode(true);
  await seeder.stop();
  nodes = await Promise.all([startNode(false), startNode(false)]);
  [writer, reader] = nodes.map((node) =>
    createGraphqlClient({ url: `${node.origin}/graphql`, token: node.devToken('OPERATOR') }),
  ) as [GraphqlClient, GraphqlClient];
  const { prices } = await reader.execute(PricesDocument, {});
  const [first] = prices;
  pair = { gpuType: first?.gpuType.slug ?? '', region: first?.region.code ?? '' };
  admin = new Redis(redis.url);
  admin.on('error', () => undefined);
});

afterAll(async () => {
  redis.resume();
  admin?.disconnect();
  await Promise.all(nodes.map((node) => node.stop()));
  await redis.stop();
  await database.drop();
});

/** Sets a price that nobody has seen yet; gives what was answered. */
async function write(): Promise<number> {
  cents += 1;
  const usdPerGpuHour = (cents / 100).toFixed(2);
  const input = { ...pair, usdPerGpuHour, reason: 'a fault is tried' };
  const { updatePricing } = await writer.execute(UpdatePricingDocument, { input });
  expect(updatePricing).toMatchObject({ __typename: 'UpdatePricingSuccess' });
  return cents / 100;
}

async function read(client: GraphqlClient): Promise<{ usd: number; servedFrom: string }> {
  const { price } = await client.execute(PriceDocument, pair);
  return { usd: Number(price?.usdPerGpuHour), servedFrom: price?.freshness.servedFrom ?? '' };
}

async function timed(wait: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await wait();
  return Math.round(performance.now() - start);
}

interface Fault {
  readonly begin: () => unknown;
  readonly end: () => unknown;
}

const nothing = (): void => undefined;

const FAULTS = {
  'is down': { begin: () => redis.kill(), end: () => redis.restart() },
  'is frozen': { begin: () => redis.pause(), end: () => redis.resume() },
  'drops its subscribers': { begin: () => admin.client('KILL', 'TYPE', 'pubsub'), end: nothing },
  'forgets everything': { begin: () => admin.flushall(), end: nothing },
  'restarts empty': { begin: () => redis.restart(), end: nothing },
  'is out of memory': {
    begin: () => admin.config('SET', 'maxmemory', '1mb'),
    end: () => admin.config('SET', 'maxmemory', '0'),
  },
} as const satisfies Readonly<Record<string, Fault>>;

describe('when the only Redis', () => {
  test.each(Object.keys(FAULTS) as (keyof typeof FAULTS)[])(
    '%s, writes succeed, their node shows them at once, the others soon, and all recovers',
    async (name) => {
      const { begin, end } = FAULTS[name];
      await read(reader);
      await begin();
      const during = await write();
      expect((await read(writer)).usd).toBe(during);
      const isSeen = async (): Promise<boolean> => (await read(reader)).usd === during;
      const seenMs = await timed(() => until(isSeen, { what: 'the write on the other node' }));
      await end();
      const after = await write();
      const isWell = async (): Promise<boolean> => {
        const { usd, servedFrom } = await read(reader);
        return usd === after && servedFrom === 'L1';
      };
      const recoveredMs = await timed(() =>
        until(isWell, { what: 'the new price from memory', timeoutMs: 20_000 }),
      );
      process.stdout.write(`Redis ${name}: seen ${seenMs} ms, recovered ${recoveredMs} ms\n`);
      expect((await read(writer)).usd).toBe(after);
    },
  );
});
