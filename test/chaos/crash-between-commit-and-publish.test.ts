import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CreateBookingDocument } from '../../src/client/generated/graphql.ts';
import { createGraphqlClient } from '../../src/client/graphql-client.ts';
import { toIso } from '../../src/domain/time.ts';
import { encodeGlobalId } from '../../src/graphql/global-id.ts';
import { startEdgebook, type TestEdgebook } from '../support/edgebook.ts';
import { startMarketNode, type MarketNode } from '../support/market-node.ts';
import { freshKey, inHours, seedMarket } from '../support/market-seed.ts';
import { unpublished } from '../support/outbox.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { until } from '../support/wait.ts';

let database: TestDatabase;
let redis: TestRedis;
/** Another node that only listens: what is published was published by the process under test. */
let witness: MarketNode;
let victim: TestEdgebook | undefined;

beforeEach(async () => {
  [database, redis] = await Promise.all([createTestDatabase(), startRedis()]);
  witness = await startMarketNode({ database, redisUrl: redis.url, nodeId: 'witness' });
});

afterEach(async () => {
  redis.resume();
  await victim?.stop();
  await witness.stop();
  await redis.stop();
  await database.drop();
});

function start(): Promise<TestEdgebook> {
  return startEdgebook({ DATABASE_URL: database.url, REDIS_URL: redis.url });
}

/** Ids of the events that the witness hears, in order. */
function listen(): readonly string[] {
  const heard: string[] = [];
  const stream = witness.live.invalidations({});
  void (async () => {
    for await (const item of stream)
      if (item.kind === 'change') heard.push(item.change.event.eventId);
  })();
  return heard;
}

/** Sends a booking whose answer nobody will hear; its period is far enough for nothing else to happen. */
function book(origin: string, token: string, gpuId: string): void {
  const { start: from, end } = inHours(4);
  const period = { start: toIso(from), end: toIso(end) };
  const input = { idempotencyKey: freshKey(), gpuId: encodeGlobalId('Gpu', gpuId), period };
  const client = createGraphqlClient({ url: `${origin}/graphql`, token });
  client.execute(CreateBookingDocument, { input }).catch(() => undefined);
}

async function countBookings(): Promise<number> {
  return (await witness.db.selectFrom('booking').select('id').execute()).length;
}

async function outboxIds(): Promise<string[]> {
  const rows = await witness.db.selectFrom('outbox').select('event_id').orderBy('id').execute();
  return [...new Set(rows.map((row) => row.event_id))];
}

/** The two ways in which Redis may take no publication, and how it comes back. */
const OUTAGES = {
  'is frozen': {
    begin: () => redis.pause(),
    end: () => redis.resume(),
  },
  'has crashed': {
    begin: async () => {
      await redis.kill();
      await until(() => !witness.bus.connected(), { what: 'the end of the connection' });
    },
    end: async () => {
      await redis.restart();
      await until(() => witness.bus.connected(), { what: 'the new connection' });
    },
  },
} as const;

describe('a process that is killed after COMMIT, while Redis', () => {
  test.each(Object.keys(OUTAGES) as (keyof typeof OUTAGES)[])(
    '%s, publishes its events once it is started again',
    async (outage) => {
      const gpuId = await (await seedMarket(witness.db)).unit();
      victim = await start();
      const [before] = await witness.market.reads.units([gpuId]);
      expect(before?.value?.busy).toEqual([]);
      const heard = listen();

      await OUTAGES[outage].begin();
      book(victim.origin, victim.devToken('RENTER'), gpuId);
      const isCommitted = async (): Promise<boolean> => (await countBookings()) === 1;
      await until(isCommitted, { what: 'the commit', everyMs: 1 });
      await victim.kill();
      expect(await unpublished(witness.db)).toBeGreaterThanOrEqual(4);
      expect(heard).toEqual([]);

      await OUTAGES[outage].end();
      victim = await start();
      const isOut = async (): Promise<boolean> => (await unpublished(witness.db)) === 0;
      await until(isOut, { what: 'the publication' });
      const ids = await outboxIds();
      await until(() => heard.length >= ids.length, { what: 'the events on the other node' });
      expect(heard.toSorted()).toEqual(ids.toSorted());
      const [after] = await witness.market.reads.units([gpuId]);
      expect(after?.value).toMatchObject({ version: 2, busy: [inHours(4)] });
      expect(await countBookings()).toBe(1);
    },
  );
});
