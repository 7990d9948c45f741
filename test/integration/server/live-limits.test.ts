import { afterEach, describe, expect, test } from 'vitest';
import type { LiveLimitRules } from '../../../src/server/live-limits.ts';
import { openRaw, openReady, type RawSocket } from './raw-socket.ts';
import { openStream, type RawStream } from './raw-stream.ts';
import { startStandIn, type StandIn } from './stand-in.ts';

const TICKS = { query: 'subscription { ticks }' };
const NONE: LiveLimitRules = { perAddress: null, perAccount: null, subscriptions: null };

let world: StandIn;
let sockets: RawSocket[] = [];
let streams: RawStream[] = [];

async function start(rules: Partial<LiveLimitRules>): Promise<void> {
  world = await startStandIn({ liveLimits: { ...NONE, ...rules } });
}

afterEach(async () => {
  for (const { socket } of sockets.splice(0)) socket.terminate();
  for (const stream of streams.splice(0)) stream.leave();
  await world.server.stop();
});

async function bearer(account: string): Promise<Record<string, string>> {
  return { authorization: `Bearer ${await world.token('RENTER', account)}` };
}

async function socketOf(account: string | null): Promise<RawSocket> {
  const token = account === null ? null : await world.token('RENTER', account);
  const raw = await openReady(world.server.url, token);
  sockets.push(raw);
  return raw;
}

/** The code that a socket of the account is closed with right after it has introduced itself. */
async function closedAtOnce(account: string): Promise<number> {
  const raw = await openRaw(world.server.url, 'graphql-transport-ws');
  raw.say({ type: 'connection_init', payload: await bearer(account) });
  return raw.closed;
}

async function follow(headers: Record<string, string> = {}): Promise<RawStream> {
  const stream = await openStream(world, TICKS, headers);
  streams.push(stream);
  return stream;
}

async function refused(transport: string, reason: string): Promise<number> {
  return world.metric('live_refused_total', `{transport="${transport}",reason="${reason}"}`);
}

function reserve(headers: Record<string, string>): Promise<Response> {
  return fetch(`${world.server.url}/graphql/stream`, { method: 'PUT', headers });
}

describe('an account', () => {
  test('with too many sockets is told so by 4429, and others are let in', async () => {
    await start({ perAccount: 2 });
    const [first] = [await socketOf('ada'), await socketOf('ada')];
    expect(await closedAtOnce('ada')).toBe(4429);
    await socketOf('ben');
    await socketOf(null);
    expect(await refused('websocket', 'account')).toBe(1);
    first?.socket.close();
    await first?.closed;
    await expect.poll(async () => (await socketOf('ada')).socket.readyState).toBe(1);
  });

  test('with too many event streams is throttled, in both modes together', async () => {
    await start({ perAccount: 2 });
    const ada = await bearer('ada');
    await follow(ada);
    expect((await reserve(ada)).status).toBe(201);
    expect((await reserve(ada)).status).toBe(429);
    const response = await world.post(TICKS, { ...ada, accept: 'text/event-stream' });
    expect(response.status).toBe(429);
    expect(await response.json()).toMatchObject({
      errors: [{ message: /This account/, extensions: { code: 'THROTTLED', retryable: true } }],
    });
    await follow(await bearer('ben'));
    expect(await refused('sse', 'account')).toBe(2);
  });

  test('with too many subscriptions is throttled at every door, and its connections stay', async () => {
    await start({ subscriptions: 2 });
    const raw = await socketOf('ada');
    raw.subscribe('1', TICKS.query);
    const stream = await follow(await bearer('ada'));
    await expect.poll(() => world.metrics.subscriptions()).toBe(2);
    raw.subscribe('2', TICKS.query);
    const throttled = { errors: [{ extensions: { code: 'THROTTLED' } }] };
    expect(await raw.next()).toMatchObject({ id: '2', type: 'next', payload: throttled });
    expect(await raw.next()).toEqual({ id: '2', type: 'complete' });
    const another = await follow(await bearer('ada'));
    expect(await another.next()).toMatchObject(throttled);
    expect(await another.next()).toBeNull();
    expect(await refused('websocket', 'subscriptions')).toBe(1);
    expect(await refused('sse', 'subscriptions')).toBe(1);
    stream.leave();
    await expect.poll(() => world.subscriptions('sse')).toBe(0);
    raw.subscribe('2', TICKS.query);
    await expect.poll(() => world.subscriptions('websocket')).toBe(2);
  });
});

describe('an address', () => {
  test('with too many sockets is refused the next, whoever asks', async () => {
    await start({ perAddress: 1 });
    await socketOf('ada');
    await expect(openRaw(world.server.url, 'graphql-transport-ws')).rejects.toThrow('429');
    await follow();
    const response = await world.post(TICKS, { accept: 'text/event-stream' });
    expect(response.status).toBe(429);
    expect(await refused('websocket', 'address')).toBe(1);
    expect(await refused('sse', 'address')).toBe(1);
  });
});

test('a flood of messages and a socket with too many operations are counted', async () => {
  await start({});
  const raw = await socketOf(null);
  for (let id = 0; id < 150; id += 1) raw.subscribe(String(id), TICKS.query);
  expect(await raw.next()).toMatchObject({ id: '149', type: 'error' });
  for (let nth = 0; nth < 2_500; nth += 1) raw.say({ type: 'pong' });
  expect(await raw.closed).toBe(4429);
  expect(await refused('websocket', 'operations')).toBe(1);
  expect(await refused('websocket', 'messages')).toBe(1);
});
