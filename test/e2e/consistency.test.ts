import { randomUUID } from 'node:crypto';
import { createClient, type Client } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { floorMinute, HOUR_MS, toIso } from '../../src/domain/time.ts';
import { startEdgebook, type TestEdgebook } from '../support/edgebook.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { createRenter } from './renter.ts';

interface Answer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { readonly extensions?: Record<string, unknown> }[];
  readonly extensions?: { readonly consistencyToken?: string };
}

const HOLD = `mutation($input: HoldGpuInput!) { holdGpu(input: $input) { __typename } }`;
const STATUS = `query($id: ID!) { gpu(id: $id) { status } }`;

function holdOf(gpuId: string) {
  const start = floorMinute(Date.now());
  const period = { start: toIso(start), end: toIso(start + HOUR_MS) };
  return { input: { idempotencyKey: randomUUID(), gpuId, period } };
}

async function ask(
  socket: Client,
  query: string,
  variables: Record<string, unknown>,
  extensions: Record<string, unknown> = {},
): Promise<Answer> {
  for await (const answer of socket.iterate({ query, variables, extensions }))
    return answer as Answer;
  throw new Error('nothing was answered');
}

/** What docs/operations.md promises to a client whose requests reach different nodes. */
describe('a consistency token', () => {
  let database: TestDatabase;
  let redis: TestRedis;
  let nodes: TestEdgebook[] = [];
  let writer: TestEdgebook;
  let reader: TestEdgebook;
  const sockets: Client[] = [];

  beforeAll(async () => {
    [database, redis] = await Promise.all([createTestDatabase(), startRedis()]);
    const start = () =>
      startEdgebook({ DATABASE_URL: database.url, REDIS_URL: redis.url, DEMO_MARKET: 'true' });
    nodes = await Promise.all([start(), start()]);
    [writer, reader] = nodes as [TestEdgebook, TestEdgebook];
  });

  afterAll(async () => {
    for (const socket of sockets) await socket.dispose();
    await Promise.all(nodes.map((node) => node.stop()));
    await Promise.all([redis?.stop(), database?.drop()]);
  });

  async function post(
    node: TestEdgebook,
    query: string,
    variables: object,
    token?: string,
  ): Promise<Answer & { readonly status: number }> {
    const response = await fetch(`${node.origin}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        authorization: `Bearer ${writer.devToken('RENTER')}`,
        ...(token !== undefined && { 'x-consistency-token': token }),
      },
      body: JSON.stringify({ query, variables }),
    });
    return { status: response.status, ...((await response.json()) as Answer) };
  }

  /** A socket at a node; `payload` joins what `connection_init` says. */
  function connect(node: TestEdgebook, payload: Record<string, unknown> = {}): Client {
    const authorization = `Bearer ${writer.devToken('RENTER')}`;
    const socket = createClient({
      url: `${node.origin.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization, ...payload },
    });
    sockets.push(socket);
    return socket;
  }

  async function freeGpu(): Promise<string> {
    return createRenter(writer).freeGpu();
  }

  async function hold(gpuId: string): Promise<string> {
    const { data, extensions } = await post(writer, HOLD, holdOf(gpuId));
    expect(data).toEqual({ holdGpu: { __typename: 'HoldGpuSuccess' } });
    return extensions?.consistencyToken ?? '';
  }

  test('shows a client at any node what it wrote at another', async () => {
    for (let round = 0; round < 10; round += 1) {
      const id = await freeGpu();
      await post(reader, STATUS, { id });
      const token = await hold(id);
      const { data } = await post(reader, STATUS, { id }, token);
      expect(data).toEqual({ gpu: { status: 'HELD' } });
    }
  });

  test('does so while Redis is frozen', async () => {
    const id = await freeGpu();
    await post(reader, STATUS, { id });
    redis.pause();
    try {
      const token = await hold(id);
      const { data } = await post(reader, STATUS, { id }, token);
      expect(data).toEqual({ gpu: { status: 'HELD' } });
    } finally {
      redis.resume();
    }
  });

  test('is given and taken over WebSocket, with an operation or for the whole socket', async () => {
    const id = await freeGpu();
    await post(reader, STATUS, { id });
    const { extensions } = await ask(connect(writer), HOLD, holdOf(id));
    const consistencyToken = extensions?.consistencyToken;
    expect(consistencyToken).toEqual(expect.any(String));
    const held = { data: { gpu: { status: 'HELD' } } };
    const withOperation = ask(connect(reader), STATUS, { id }, { consistencyToken });
    expect(await withOperation).toMatchObject(held);
    const withSocket = connect(reader, { 'x-consistency-token': consistencyToken });
    expect(await ask(withSocket, STATUS, { id })).toMatchObject(held);
  });

  test('is carried by no answer that wrote nothing', async () => {
    const { extensions } = await post(writer, STATUS, { id: await freeGpu() });
    expect(extensions?.consistencyToken).toBeUndefined();
  });

  test('is refused when no answer can have carried it', async () => {
    const id = await freeGpu();
    const refused = await post(reader, STATUS, { id }, 'made-up');
    expect(refused.status).toBe(400);
    expect(refused.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
    const attempt = ask(connect(reader), STATUS, { id }, { consistencyToken: 7 });
    await expect(attempt).rejects.toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});
