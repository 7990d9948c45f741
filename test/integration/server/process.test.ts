import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { childEnv } from '../../support/child-env.ts';
import { startEdgebook, type TestEdgebook } from '../../support/edgebook.ts';
import { openReady } from './raw-socket.ts';

let dataDir: string;
let edgebook: TestEdgebook | null = null;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'edgebook-data-'));
});

afterEach(async () => {
  await edgebook?.stop();
  edgebook = null;
  await rm(dataDir, { recursive: true });
});

/** What a start that must fail prints, and its exit code. */
async function failedStart(env: Record<string, string>): Promise<{ code: number; stderr: string }> {
  const child = spawn(process.execPath, ['src/main.ts'], {
    env: childEnv({ PORT: '0', DATA_DIR: 'memory', DEMO_MARKET: 'false', ...env }),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [stderr, [code]] = await Promise.all([
    text(child.stderr),
    once(child, 'exit') as Promise<[number]>,
  ]);
  return { code, stderr };
}

async function ask(query: string, role?: 'RENTER' | 'OPERATOR'): Promise<unknown> {
  const response = await fetch(`${edgebook?.origin}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(role && { authorization: `Bearer ${edgebook?.devToken(role)}` }),
    },
    body: JSON.stringify({ query }),
  });
  return response.json();
}

/** A request whose body is still to come when the server has read its head. */
async function begunRequest(origin: string): Promise<ClientRequest> {
  const headers = { 'content-type': 'application/json', expect: '100-continue' };
  const begun = request(`${origin}/graphql`, { method: 'POST', headers });
  begun.flushHeaders();
  await once(begun, 'continue');
  return begun;
}

describe('a start that cannot succeed', () => {
  test.each([
    [{ PORT: 'abc', RATE_LIMIT: 'maybe' }, ['PORT', 'abc', 'RATE_LIMIT', 'maybe']],
    [{ NODE_ENV: 'production' }, ['AUTH_JWT_SECRET']],
    [{ DATABASE_URL: 'postgres://user:s3cret@127.0.0.1:1/db' }, ['DATABASE_URL', 'ECONNREFUSED']],
    [{ REDIS_URL: 'redis://127.0.0.1:1' }, ['REDIS_URL']],
    [{ HOST: '192.0.2.1' }, ['HOST', '192.0.2.1']],
  ])('with %j ends with code 1 and says why', async (env, words) => {
    const { code, stderr } = await failedStart(env);
    expect(code).toBe(1);
    for (const word of words) expect(stderr).toContain(word);
    expect(stderr).not.toContain('s3cret');
  });
});

describe('a node', () => {
  test('keeps its folder to itself, and its data and accounts over a restart', async () => {
    edgebook = await startEdgebook({ DATA_DIR: dataDir, DEMO_MARKET: 'true' });
    expect(edgebook.output()).toContain('PGlite');
    const { code, stderr } = await failedStart({ DATA_DIR: dataDir });
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`pid ${edgebook.pid} holds`),
    });
    const query =
      '{ viewer { id } gpus(first: 5, orderBy: { field: CREATED_AT }) { totalCount nodes { id } } }';
    const before = await ask(query, 'RENTER');
    expect(before).toHaveProperty('data.gpus.nodes.length', 5);
    await edgebook.stop();
    edgebook = await startEdgebook({ DATA_DIR: dataDir });
    expect(await ask(query, 'RENTER')).toMatchObject({ data: (before as { data: object }).data });
  }, 120_000);

  test('ends with code 0 on SIGTERM, though a stream is open and a second signal comes', async () => {
    edgebook = await startEdgebook();
    const stream = await fetch(`${edgebook.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: 'subscription { availabilityChanged { __typename } }' }),
    });
    process.kill(edgebook.pid, 'SIGTERM');
    process.kill(edgebook.pid, 'SIGINT');
    expect(await stream.text()).toContain('event: complete');
    expect(await edgebook.ended).toBe(0);
  });

  test('on SIGTERM answers what is under way and tells sockets and single connections', async () => {
    edgebook = await startEdgebook();
    const { origin, pid } = edgebook;
    const url = `${origin}/graphql/stream`;
    const token = await (await fetch(url, { method: 'PUT' })).text();
    const stream = await fetch(`${url}?token=${token}`, {
      headers: { accept: 'text/event-stream' },
    });
    const query = 'subscription { availabilityChanged { __typename } }';
    const raw = await openReady(origin);
    raw.subscribe('1', query);
    expect(await raw.next()).toMatchObject({ payload: { data: {} } });
    const started = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-graphql-event-stream-token': token },
      body: JSON.stringify({ query, extensions: { operationId: 'mine' } }),
    });
    expect(started.status).toBe(202);
    const underWay = await begunRequest(origin);
    process.kill(pid, 'SIGTERM');
    expect(await raw.closed).toBe(1012);
    expect(await stream.text()).toContain('event: complete\ndata: {"id":"mine"}');
    underWay.end(JSON.stringify({ query: '{ viewer { id } }' }));
    const [answer] = (await once(underWay, 'response')) as [IncomingMessage];
    expect(await text(answer)).toContain('{"data":{"viewer":null}');
    expect(await edgebook.ended).toBe(0);
  });

  test('in production prints no token and serves no GraphiQL', async () => {
    edgebook = await startEdgebook({ NODE_ENV: 'production', AUTH_JWT_SECRET: 'x'.repeat(32) });
    expect(edgebook.output()).not.toMatch(/eyJ/);
    const page = await fetch(`${edgebook.origin}/graphql`, { headers: { accept: 'text/html' } });
    expect(page.headers.get('content-type') ?? '').not.toContain('text/html');
  });
});
