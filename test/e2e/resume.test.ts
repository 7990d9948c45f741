import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GpusDocument } from '../../src/client/generated/graphql.ts';
import { createGraphqlClient, type GraphqlClient } from '../../src/client/graphql-client.ts';
import { readServerSentEvents } from '../../src/client/server-sent-events.ts';
import { startEdgebook, type TestEdgebook } from '../support/edgebook.ts';
import type { TestDatabase } from '../support/postgres.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { createSeededDatabase } from '../support/seeded-database.ts';
import { until } from '../support/wait.ts';
import { socketClient } from './doors.ts';
import { isTheDemos } from './renter.ts';

const CHANGES = 1_000;
/** Changes under way at once; each unit has one at a time. */
const UNITS = 20;

const STREAM = `subscription ($after: EventCursor) { availabilityChanged(after: $after) {
  ... on StreamStart { resumed cursor } ... on AvailabilityChange { cursor gpu { id version } } } }`;

interface Item {
  readonly resumed?: boolean;
  readonly cursor?: string;
  readonly gpu?: { readonly id: string; readonly version: number };
}

interface Result {
  readonly data?: { readonly availabilityChanged: Item } | null;
}

/** What a client knows that goes from node to node. */
class Follower {
  readonly starts: (boolean | undefined)[] = [];
  readonly versions = new Map<string, number[]>();
  cursor: string | null = null;
  changes = 0;
  readonly #door: Door;

  constructor(door: Door) {
    this.#door = door;
  }

  /** Until the signal, or until the node has gone. */
  follow(node: TestEdgebook, signal: AbortSignal): void {
    this.#door(node, this, signal).catch(() => {});
  }

  /** The versions of each of these units, in the order they came in. */
  heardOf(units: ReadonlySet<string>): number[][] {
    return [...this.versions].flatMap(([id, versions]) => (units.has(id) ? [versions] : []));
  }

  take({ data }: Result): void {
    const item = data?.availabilityChanged;
    if (item?.cursor === undefined) return;
    ({ cursor: this.cursor } = item);
    if (!item.gpu) return void this.starts.push(item.resumed);
    const { id, version } = item.gpu;
    this.versions.set(id, [...(this.versions.get(id) ?? []), version]);
    this.changes += 1;
  }
}

type Door = (node: TestEdgebook, follower: Follower, signal: AbortSignal) => Promise<void>;

const DOORS: Readonly<Record<string, Door>> = {
  WebSocket: async (node, follower, signal) => {
    const client = socketClient(node, null);
    signal.addEventListener('abort', () => void client.dispose(), { once: true });
    const asked = { query: STREAM, variables: { after: follower.cursor } };
    for await (const result of client.iterate(asked)) follower.take(result as Result);
  },
  // As a browser does it: the document stays the same, the header says what it has.
  'SSE with Last-Event-ID': async (node, follower, signal) => {
    const { cursor } = follower;
    const { body } = await fetch(
      `${node.origin}/graphql?${new URLSearchParams({ query: STREAM })}`,
      {
        headers: { accept: 'text/event-stream', ...(cursor && { 'last-event-id': cursor }) },
        signal,
      },
    );
    if (!body) throw new Error('no stream');
    for await (const { event, data } of readServerSentEvents(body))
      if (event === 'next') follower.take(JSON.parse(data) as Result);
  },
};

describe('a fleet', () => {
  let database: TestDatabase;
  let redis: TestRedis;
  let nodes: TestEdgebook[] = [];

  beforeAll(async () => {
    [database, redis] = await Promise.all([createSeededDatabase(), startRedis()]);
    const env = { DATABASE_URL: database.url, REDIS_URL: redis.url, RATE_LIMIT: 'off' };
    nodes = await Promise.all([startEdgebook(env), startEdgebook(env)]);
  });

  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.stop()));
    await Promise.all([database?.drop(), redis?.stop()]);
  });

  test('has every change once for clients that go on at another node, after theirs was killed in a burst', async () => {
    const [first, second] = nodes as [TestEdgebook, TestEdgebook];
    const followers = Object.values(DOORS).map((follow) => new Follower(follow));
    const leaving = new AbortController();
    for (const follower of followers) follower.follow(first, leaving.signal);
    const haveBegun = (): boolean => followers.every(({ starts }) => starts.length === 1);
    await until(haveBegun, { what: 'the starts' });
    const changing = burst(second);
    const areUnderWay = (): boolean => followers.every(({ changes }) => changes > CHANGES / 5);
    await until(areUnderWay, { timeoutMs: 30_000, everyMs: 1 });
    await first.kill();
    leaving.abort();
    const units = await changing;
    const staying = new AbortController();
    for (const follower of followers) follower.follow(second, staying.signal);
    for (const follower of followers) {
      const hasAll = (): boolean => follower.heardOf(units).flat().length >= CHANGES;
      await until(hasAll, { what: 'every change' });
      expect(follower.starts).toEqual([false, true]);
      for (const versions of follower.heardOf(units)) {
        const [from = 0] = versions;
        expect(versions).toEqual(Array.from({ length: CHANGES / UNITS }, (_, nth) => from + nth));
      }
    }
    staying.abort();
  });
});

const SET = `mutation ($gpuId: ID!, $status: GpuStatus!) {
  setGpuStatus(input: { gpuId: $gpuId, status: $status, reason: "a test" }) { __typename } }`;

/** Switches units at a node, one after the other until all changes are made; gives the units. */
async function burst(node: TestEdgebook): Promise<Set<string>> {
  const token = node.devToken('OPERATOR');
  const client = createGraphqlClient({ url: `${node.origin}/graphql`, token });
  const units = await freeUnits(client);
  await Promise.all(
    units.map(async (gpuId) => {
      for (let nth = 0; nth < CHANGES / UNITS; nth += 1) {
        const status = nth % 2 === 0 ? 'MAINTENANCE' : 'AVAILABLE';
        const answer = await client.execute<unknown, object>(SET, { gpuId, status });
        expect(answer).toEqual({ setGpuStatus: { __typename: 'SetGpuStatusSuccess' } });
      }
    }),
  );
  return new Set(units);
}

async function freeUnits(client: GraphqlClient): Promise<string[]> {
  const filter = { status: ['AVAILABLE' as const] };
  const { gpus } = await client.execute(GpusDocument, { first: 60, filter });
  const free = gpus.nodes.flatMap(({ id, name }) => (isTheDemos(name) ? [] : id));
  expect(free.length).toBeGreaterThanOrEqual(UNITS);
  return free.slice(0, UNITS);
}
