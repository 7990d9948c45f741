import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CacheEvent } from '../../../src/domain/cache-event.ts';
import { partitionOf } from '../../../src/domain/partition.ts';
import { SECOND_MS } from '../../../src/domain/time.ts';
import { createRelay, type Relay } from '../../../src/market/jobs/relay.ts';
import { appendEvents } from '../../../src/store/outbox-store.ts';
import { startMarketNode, type MarketNode } from '../../support/market-node.ts';
import { markOutbox } from '../../support/outbox.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import { until } from '../../support/wait.ts';

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
/** One region in each of three partitions; the bus will not take what is of the last. */
const REGIONS = ['well-1', 'well-2', 'ill-1'] as const;
const [WELL, OTHER, ILL] = REGIONS;

let database: TestDatabase;
let node: MarketNode;
let relay: Relay;
/** What the bus does before it publishes in the partition of {@link ILL}. */
let hesitate: () => Promise<void>;
/** The partitions of every publication that was asked for, in order. */
let asked: number[];

beforeAll(async () => {
  database = await createTestDatabase();
  node = await startMarketNode({ database });
});

beforeEach(async () => {
  await markOutbox(node.db);
  hesitate = async () => undefined;
  asked = [];
  const { bus, db, cache } = node;
  const publish: typeof bus.publish = async (partition, events) => {
    asked.push(partition);
    if (partition === partitionOf(ILL)) await hesitate();
    return bus.publish(partition, events);
  };
  relay = createRelay({ db, cache, bus: { ...bus, publish }, logger: SILENT });
});

afterEach(() => until(async () => (await waiting()).length === 0, { what: 'an empty outbox' }));

afterAll(async () => {
  await node.stop();
  await database.drop();
});

async function write(...regions: readonly string[]): Promise<void> {
  const events = regions.map((region): CacheEvent => ({
    eventId: randomUUID(),
    type: 'PRICING_UPDATED',
    resourceId: `h100@${region}`,
    data: {},
    timestamp: Date.now(),
    sourceNode: 'a node that is gone',
    affectedNamespaces: ['GPU_PRICING'],
    keys: [],
    region,
    version: null,
  }));
  const written = Date.now() - SECOND_MS;
  await node.db.transaction().execute((tx) => appendEvents(tx, events, written));
}

/** The partitions of the rows that wait, in the order of writing. */
async function waiting(): Promise<number[]> {
  const rows = await node.db
    .selectFrom('outbox')
    .select('partition')
    .where('published_at', 'is', null)
    .orderBy('id')
    .execute();
  return rows.map(({ partition }) => partition);
}

const onlyIllWaits = async (): Promise<boolean> =>
  (await waiting()).every((partition) => partition === partitionOf(ILL));

describe('what waits in several partitions', () => {
  test('is of as many partitions as this file takes for granted', () => {
    expect(new Set(REGIONS.map(partitionOf)).size).toBe(REGIONS.length);
  });

  test('goes out side by side and is marked at one instant', async () => {
    await write(...REGIONS, WELL);
    const { id } = await node.db
      .selectFrom('outbox')
      .select(({ fn }) => fn.max('id').as('id'))
      .executeTakeFirstOrThrow();
    await relay.drain();
    expect(asked).toHaveLength(3);
    expect(new Set(asked)).toEqual(new Set(REGIONS.map(partitionOf)));
    const rows = await node.db
      .selectFrom('outbox')
      .select('published_at')
      .where('id', '>', id - 4n)
      .execute();
    expect(rows).toHaveLength(4);
    expect(new Set(rows.map((row) => row.published_at)).size).toBe(1);
  });
});

describe('a partition that the bus', () => {
  test('does not answer for keeps no other waiting, then goes out in its order', async () => {
    const answered = Promise.withResolvers<undefined>();
    hesitate = () => answered.promise;
    await write(ILL, WELL, OTHER, ILL);
    const drained = relay.drain();
    await until(onlyIllWaits, { what: 'the others' });
    expect(await waiting()).toHaveLength(2);
    await write(OTHER);
    await relay.publish([partitionOf(OTHER)]);
    expect(await onlyIllWaits()).toBe(true);
    answered.resolve(undefined);
    await drained;
    expect(await waiting()).toEqual([]);
  });

  test('refuses stays in the outbox without the others, until the bus takes it', async () => {
    hesitate = () => Promise.reject(new Error('the shard is away'));
    await write(ILL, WELL, OTHER);
    await relay.drain();
    expect(await waiting()).toEqual([partitionOf(ILL)]);
    hesitate = async () => undefined;
    await relay.drain();
    expect(await waiting()).toEqual([]);
    await write(...REGIONS);
    await relay.drain();
    expect(await waiting()).toEqual([]);
  });
});
