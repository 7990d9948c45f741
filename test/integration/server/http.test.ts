import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connect } from 'node:net';
import { once } from 'node:events';
import { startStandIn, type StandIn } from './stand-in.ts';

let world: StandIn;

beforeEach(async () => {
  world = await startStandIn();
});

afterEach(() => world.server.stop());

interface Answer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: { message: string; extensions: Record<string, unknown> }[];
  readonly extensions?: { cost: Record<string, unknown> };
}

async function answer(sent: Promise<Response>): Promise<Answer & { status: number }> {
  const response = await sent;
  return { ...((await response.json()) as Answer), status: response.status };
}

function getQuery(query: string): Promise<Response> {
  const url = `${world.server.url}/graphql?query=${encodeURIComponent(query)}`;
  return fetch(url, { headers: { accept: 'application/json' } });
}

describe('a request', () => {
  test('is answered with what it cost', async () => {
    const { data, extensions } = await answer(world.post({ query: '{ hello }' }));
    expect(data).toEqual({ hello: 'hello world' });
    expect(extensions?.cost).toMatchObject({ limit: 1000, cost: 1 });
  });

  test('may be a GET for queries and not for mutations', async () => {
    expect((await answer(getQuery('{ hello }'))).data).toEqual({ hello: 'hello world' });
    expect((await getQuery('mutation { touch }')).status).toBe(405);
  });

  test('from a foreign page runs nothing', async () => {
    const foreign = await world.post(
      { query: 'mutation { touch }' },
      { origin: 'https://evil.example' },
    );
    expect(foreign.status).toBe(403);
    const crossSite = await world.post({ query: '{ hello }' }, { 'sec-fetch-site': 'cross-site' });
    expect(crossSite.status).toBe(403);
    expect((await world.post({ query: '{ hello }' }, { origin: world.server.url })).status).toBe(
      200,
    );
  });

  test('must be JSON of one operation and of bounded size', async () => {
    const form = await world.post('query={hello}', {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(form.status).toBe(415);
    expect((await world.post('{')).status).toBe(400);
    expect((await world.post([{ query: '{ hello }' }])).status).toBe(400);
    expect((await world.post({})).status).toBe(400);
    expect(
      (await world.post({ query: '{ hello }', variables: { name: 'x'.repeat(100_000) } })).status,
    ).toBe(413);
  });

  test('without a length is cut off at the same size', async () => {
    const body = new ReadableStream({
      pull: (controller) => controller.enqueue(new TextEncoder().encode('x'.repeat(50_000))),
    });
    const sent = fetch(`${world.server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      duplex: 'half',
    } as RequestInit);
    expect((await sent).status).toBe(413);
  });

  test('is never stored and never sniffed', async () => {
    const { headers } = await world.post({ query: '{ hello }' });
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('to another path or by another method finds nothing', async () => {
    const put = await fetch(`${world.server.url}/graphql/other`, { method: 'PUT' });
    expect(put.status).toBe(404);
    expect((await fetch(`${world.server.url}/graphql`, { method: 'DELETE' })).status).toBe(405);
  });

  test('names its account by a token, and a bad token is refused', async () => {
    const authorization = `Bearer ${await world.token('RENTER', 'ada')}`;
    expect((await answer(world.post({ query: '{ whoami }' }, { authorization }))).data).toEqual({
      whoami: 'RENTER ada',
    });
    const { status, errors } = await answer(
      world.post({ query: '{ hello }' }, { authorization: 'Bearer a.b.c' }),
    );
    expect({ status, code: errors?.[0]?.extensions['code'] }).toEqual({
      status: 401,
      code: 'UNAUTHENTICATED',
    });
  });
});

describe('an error', () => {
  test('that is a bug tells nothing but an id, which the log has', async () => {
    const { errors } = await answer(world.post({ query: '{ crash }' }));
    expect(errors?.[0]?.extensions['code']).toBe('INTERNAL_SERVER_ERROR');
    expect(JSON.stringify(errors)).not.toContain('secret');
    expect(world.logged).toContainEqual(
      expect.objectContaining({ errorId: errors?.[0]?.extensions['errorId'] }),
    );
  });

  const sixteenAliases = Array.from({ length: 16 }, (_, index) => `a${index}: hello`).join(' ');

  test.each([
    ['a broken document', '{ hello(', 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', '{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    ['a wrong literal', '{ hello(count: "s3cret") }', 'GRAPHQL_VALIDATION_FAILED'],
    ['an unknown enum value', '{ hello(colour: S3CRET) }', 'GRAPHQL_VALIDATION_FAILED'],
    ['too many tokens', `{ ${'hello '.repeat(1100)} }`, 'QUERY_TOO_COMPLEX'],
    ['too many aliases', `{ ${sixteenAliases} }`, 'QUERY_TOO_COMPLEX'],
    ['too many items', '{ items(first: 100) { items(first: 100) { name } } }', 'QUERY_TOO_COMPLEX'],
  ])('about %s has a code and echoes no value', async (_what, query, code) => {
    const { errors, status } = await answer(
      world.post({ query }, { accept: 'application/graphql-response+json' }),
    );
    expect(errors?.[0]?.extensions['code']).toBe(code);
    expect(JSON.stringify(errors)).not.toMatch(/s3cret/i);
    expect(status).toBe(400);
  });

  test('in a variable names the variable and not its value', async () => {
    const query = 'query ($count: Int) { hello(count: $count) }';
    const { errors } = await answer(
      world.post({ query, variables: { count: 's3cret; at "count"' } }),
    );
    expect(errors?.[0]?.message).toContain('$count');
    expect(JSON.stringify(errors)).not.toContain('s3cret');
    expect(errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
  });

  test('in production suggests nothing, and the schema stays closed', async () => {
    await world.server.stop();
    world = await startStandIn({ production: true });
    const typo = await answer(world.post({ query: '{ helo }' }));
    expect(typo.errors?.[0]?.message).not.toContain('Did you mean');
    const introspection = await answer(world.post({ query: '{ __schema { types { name } } }' }));
    expect(introspection.data).toBeUndefined();
    expect(
      (await fetch(`${world.server.url}/graphql`, { headers: { accept: 'text/html' } })).status,
    ).not.toBe(200);
  });
});

describe('the rate limit', () => {
  test('refuses with 429 when the points are spent and tells when to come back', async () => {
    const query = '{ items(first: 100) { items(first: 8) { name } } }';
    expect((await answer(world.post({ query }))).errors).toBeUndefined();
    const refused = await answer(world.post({ query }));
    expect(refused.status).toBe(429);
    expect(refused.errors?.[0]?.extensions).toMatchObject({
      code: 'THROTTLED',
      retryAfterMs: expect.any(Number),
    });
  });

  test('is not fooled by an address that the client made up', async () => {
    const query = '{ items(first: 100) { items(first: 8) { name } } }';
    await world.post({ query }, { 'x-forwarded-for': '192.0.2.1' });
    expect((await world.post({ query }, { 'x-forwarded-for': '192.0.2.2' })).status).toBe(429);
  });

  test('is told by the rateLimit query', async () => {
    const { data } = await answer(world.post({ query: '{ rateLimit { limit cost remaining } }' }));
    expect(data?.['rateLimit']).toMatchObject({ limit: 1000, cost: 1 });
  });

  test('can be lifted', async () => {
    await world.server.stop();
    world = await startStandIn({ limited: false });
    const query = '{ items(first: 100) { items(first: 100) { name } } }';
    expect((await answer(world.post({ query }))).data).toEqual({ items: [] });
  });
});

describe('health and metrics', () => {
  test('tell that the process is up, whether it may take traffic, and what it did', async () => {
    const get = (path: string): Promise<Response> => fetch(world.server.url + path);
    expect((await get('/healthz')).status).toBe(200);
    expect((await get('/readyz')).status).toBe(200);
    await world.post({ query: '{ hello }' });
    const metrics = await (await get('/metrics')).text();
    expect(metrics).toContain('edgebook_graphql_requests_total{operation="query",result="ok"} 1');
  });

  test('say not ready while the database is away, and ready again afterwards', async () => {
    const ready = async (): Promise<boolean> => (await fetch(`${world.server.url}/readyz`)).ok;
    world.databaseAnswers = false;
    await expect.poll(ready, { timeout: 8_000 }).toBe(false);
    world.databaseAnswers = true;
    await expect.poll(ready, { timeout: 8_000 }).toBe(true);
  });
});

describe('GraphiQL', () => {
  test('is a page that loads everything from here', async () => {
    const page = await fetch(`${world.server.url}/graphql`, { headers: { accept: 'text/html' } });
    const html = await page.text();
    expect(html).not.toMatch(/https?:/);
    const scripts = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path ?? '');
    expect(scripts).toHaveLength(3);
    for (const path of scripts) {
      const asset = await fetch(world.server.url + path);
      expect(asset.status).toBe(200);
      expect(asset.headers.get('cache-control')).toContain('immutable');
    }
  });
});

test('a body that does not come is given up', async () => {
  const { port } = new URL(world.server.url);
  const socket = connect(Number(port), '127.0.0.1');
  socket.write(
    'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{',
  );
  socket.resume();
  await once(socket, 'close');
  expect(socket.destroyed).toBe(true);
}, 20_000);
