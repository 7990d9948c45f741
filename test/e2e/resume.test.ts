import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GpusDocument } from '../../src/client/generated/graphql.ts';
import { createGraphqlClient, type GraphqlClient } from '../../src/client/graphql-client.ts';
import { readServerSentEvents } from '../../src/client/server-sent-events.ts';
import { startEdgebook, type TestEdgebook } from '../support/edgebook.ts';
import { startPostgres, type TestPostgres } from '../support/postgres-server.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
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

describe.each(Object.keys(DOORS))('over %s', (door) => {
  let postgres: TestPostgres;
  let redis: TestRedis;
  let nodes: TestEdgebook[] = [];

  beforeAll(async () => {
    [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
    const env = { DATABASE_URL: postgres.url, REDIS_URL: redis.url, RATE_LIMIT: 'off' };
    const first = await startEdgebook({ ...env, DEMO_MARKET: 'true' });
    nodes = [first, await startEdgebook(env)];
  });

  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.stop()));
    await Promise.all([postgres?.stop(), redis?.stop()]);
  });

  test('a client goes on at another node, after the first was killed in a burst, and has every change once', async () => {
    const [first, second] = nodes as [TestEdgebook, TestEdgebook];
    const follow = DOORS[door] as Door;
    const follower = new Follower();
    const leaving = new AbortController();
    void follow(first, follower, leaving.signal).catch(() => {});
    await until(() => follower.starts.length === 1, { what: 'the start' });
    const changing = burst(second);
    await until(() => follower.changes > CHANGES / 5, { timeoutMs: 30_000, everyMs: 1 });
    await first.kill();
    leaving.abort();
    const units = await changing;
    const staying = new AbortController();
    void follow(second, follower, staying.signal).catch(() => {});
    const heard = (): number[][] =>
      [...follower.versions].flatMap(([id, versions]) => (units.has(id) ? [versions] : []));
    await until(() => heard().flat().length >= CHANGES, { what: 'every change' });
    expect(follower.starts).toEqual([false, true]);
    for (const versions of heard()) {
      const [from = 0] = versions;
      expect(versions).toEqual(Array.from({ length: CHANGES / UNITS }, (_, nth) => from + nth));
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
