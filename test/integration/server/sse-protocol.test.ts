import { createClient, type Client } from 'graphql-sse';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startStandIn, type StandIn } from './stand-in.ts';

const TICKS = 'subscription { ticks }';
const TOKEN = 'x-graphql-event-stream-token';

let world: StandIn;
let client: Client | null;

beforeEach(async () => {
  world = await startStandIn();
  client = null;
});

afterEach(async () => {
  client?.dispose();
  await world.server.stop();
});

function streamUrl(): string {
  return `${world.server.url}/graphql/stream`;
}

function connectedClient(singleConnection: boolean, headers: Record<string, string> = {}): Client {
  const url = singleConnection ? streamUrl() : `${world.server.url}/graphql`;
  client = createClient({ url, singleConnection, headers, retryAttempts: 0 });
  return client;
}

async function put(headers: Record<string, string>): Promise<number> {
  return (await fetch(streamUrl(), { method: 'PUT', headers })).status;
}

async function reserved(headers: Record<string, string> = {}): Promise<string> {
  const response = await fetch(streamUrl(), { method: 'PUT', headers });
  expect(response.status).toBe(201);
  expect(response.headers.get('content-type')).toContain('text/plain');
  return response.text();
}

function open(token: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${streamUrl()}?token=${token}`, {
    headers: { accept: 'text/event-stream', ...headers },
  });
}

function start(token: string, body: object, headers: Record<string, string> = {}) {
  return fetch(streamUrl(), {
    method: 'POST',
    headers: { 'content-type': 'application/json', [TOKEN]: token, ...headers },
    body: JSON.stringify(body),
  });
}

function operation(query: string, operationId: string | null = 'one'): object {
  return { query, extensions: operationId === null ? {} : { operationId } };
}

describe.each([
  ['distinct connections', false],
  ['a single connection', true],
])("graphql-sse's client over %s", (_mode, single) => {
  test('asks, follows two streams, and ends them', async () => {
    const headers = { authorization: `Bearer ${await world.token('RENTER', 'ada')}` };
    const connected = connectedClient(single, headers);
    const answer = await connected.iterate({ query: '{ whoami }' }).next();
    expect(answer.value).toMatchObject({ data: { whoami: 'RENTER ada' } });
    const [ticks, mine] = [TICKS, 'subscription { mine }'].map((query) =>
      connected.iterate({ query }),
    );
    const first = [ticks?.next(), mine?.next()];
    await expect.poll(() => world.subscriptions('sse')).toBe(2);
    world.hub.emit(1);
    expect((await first[0])?.value).toEqual({ data: { ticks: 1 } });
    expect((await first[1])?.value).toEqual({ data: { mine: 'ada 1' } });
    await ticks?.return?.();
    await expect.poll(() => world.subscriptions('sse')).toBe(1);
    connected.dispose();
    await expect.poll(() => world.metric('live_groups')).toBe(0);
  });

  test('is told of a stream that fails', async () => {
    const results = connectedClient(single).iterate({ query: 'subscription { broken }' });
    expect((await results.next()).value).toEqual({ data: { broken: 1 } });
    expect((await results.next()).value).toMatchObject({
      errors: [{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
    });
    expect((await results.next()).done).toBe(true);
  });
});

describe('a stream of its own', () => {
  test('carries the position of each result and goes on behind the last that was seen', async () => {
    const response = await world.post(
      { query: TICKS },
      { accept: 'text/event-stream', 'last-event-id': '41' },
    );
    await expect.poll(() => world.subscriptions('sse')).toBe(1);
    world.hub.emit(42, { cursor: 'position-42' });
    await expect.poll(() => world.metric('live_deliveries_total')).toBe(2);
    await world.server.stop();
    expect(await response.text()).toBe(
      ':\n\n' +
        'event: next\nid: opening-41\ndata: {"data":{"ticks":41}}\n\n' +
        'event: next\nid: position-42\ndata: {"data":{"ticks":42}}\n\n' +
        'event: complete\ndata: \n\n',
    );
  });

  test.each([
    ['subscription { nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    ['subscription { ticks', 'GRAPHQL_PARSE_FAILED'],
    ['subscription A { ticks } subscription B { ticks }', 'GRAPHQL_VALIDATION_FAILED'],
  ])('tells over the stream what is wrong with %s', async (query, code) => {
    const response = await world.post({ query }, { accept: 'text/event-stream' });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const text = await response.text();
    expect(text).toContain(code);
    expect(text).toContain('event: complete');
  });
});

describe('a single connection', () => {
  test('carries the operations that were started on it, before it came, too', async () => {
    const token = await reserved();
    expect((await start(token, operation('{ hello }', 'early'))).status).toBe(202);
    const stream = await open(token);
    expect((await start(token, operation(TICKS, 'ticks'))).status).toBe(202);
    await expect.poll(() => world.subscriptions('sse')).toBe(1);
    expect((await start(token, operation(TICKS, 'ticks'))).status).toBe(409);
    world.hub.emit(3);
    await expect.poll(() => world.metric('live_deliveries_total')).toBe(1);
    const ended = await fetch(`${streamUrl()}?operationId=ticks`, {
      method: 'DELETE',
      headers: { [TOKEN]: token },
    });
    expect(ended.status).toBe(200);
    await expect.poll(() => world.subscriptions('sse')).toBe(0);
    world.hub.emit(4);
    await world.server.stop();
    const text = await stream.text();
    expect(text).toContain('data: {"id":"early","payload":{"data":{"hello":"hello world"}');
    expect(text).toContain('event: complete\ndata: {"id":"early"}\n\n');
    expect(text).toContain('data: {"id":"ticks","payload":{"data":{"ticks":3}}}\n\n');
    expect(text).not.toContain('{"ticks":4}');
  });

  test('is opened once, and gone with its client', async () => {
    const token = await reserved();
    const stream = await open(token);
    expect((await open(token)).status).toBe(409);
    await stream.body?.cancel();
    await expect.poll(async () => (await start(token, operation('{ hello }'))).status).toBe(404);
    expect((await open('unknown')).status).toBe(404);
  });

  test('belongs to the account that reserved it', async () => {
    const ada = { authorization: `Bearer ${await world.token('RENTER', 'ada')}` };
    const ben = { authorization: `Bearer ${await world.token('RENTER', 'ben')}` };
    const token = await reserved(ada);
    expect((await start(token, operation('{ hello }'), ben)).status).toBe(403);
    expect((await start(token, operation('{ hello }'))).status).toBe(403);
    expect((await open(token, ben)).status).toBe(403);
    // EventSource cannot send a header: the reservation's secret opens it.
    expect((await open(token)).status).toBe(200);
  });

  test('refuses what is no operation, or none of this schema, with the status of a request', async () => {
    const token = await reserved();
    const statuses = [
      operation('{ hello }', null),
      operation('{ nothing }'),
      { query: 1, extensions: { operationId: 'one' } },
      { query: '{ hello }', variables: [], extensions: { operationId: 'one' } },
    ].map(async (body) => (await start(token, body)).status);
    expect(await Promise.all(statuses)).toEqual([400, 400, 400, 400]);
    expect((await fetch(streamUrl())).status).toBe(406);
    expect((await fetch(streamUrl(), { method: 'PATCH' })).status).toBe(405);
  });

  test('carries at most 149 operations', async () => {
    const token = await reserved();
    // Held: fetch would end a stream that nobody could read any more.
    const stream = await open(token);
    for (let id = 1; id <= 149; id += 1)
      expect((await start(token, operation(TICKS, String(id)))).status).toBe(202);
    expect((await start(token, operation(TICKS, '150'))).status).toBe(429);
    await stream.body?.cancel();
  });

  test('carries no more while it is not read', async () => {
    const token = await reserved();
    const large = `{ ${'x'.repeat(50_000)}: hello }`;
    const statuses = new Set<number>();
    for (let id = 1; !statuses.has(429); id += 1)
      statuses.add((await start(token, operation(large, String(id)))).status);
    expect([...statuses]).toEqual([202, 429]);
    const unread = '{transport="sse",reason="unread"}';
    expect(await world.metric('live_refused_total', unread)).toBe(1);
    const text = (await open(token)).text();
    await expect
      .poll(async () => (await start(token, operation('{ hello }', 'last'))).status)
      .toBe(202);
    await world.server.stop();
    expect(await text).toContain('event: complete\ndata: {"id":"last"}\n\n');
  });

  test('is reserved by pages of this origin and by valid tokens, 128 times per address', async () => {
    expect(await put({ origin: 'https://evil.example' })).toBe(403);
    expect(await put({ authorization: 'Bearer nonsense' })).toBe(401);
    const many = await Promise.all(Array.from({ length: 129 }, () => put({})));
    expect(many.filter((status) => status === 201)).toHaveLength(128);
    expect(many.filter((status) => status === 429)).toHaveLength(1);
  });
});
