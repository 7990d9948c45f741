import { createClient } from 'graphql-ws';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { openRaw, openReady } from './raw-socket.ts';
import { startStandIn, type StandIn } from './stand-in.ts';

const PROTOCOL = 'graphql-transport-ws';
const TICKS = 'subscription { ticks }';

let world: StandIn;

beforeEach(async () => {
  world = await startStandIn();
});

afterEach(() => world.server.stop());

describe('a socket is closed with', () => {
  test.each([
    ['no JSON', 'nonsense'],
    ['no object', '[]'],
    ['no type', '{}'],
    ['an unknown type', '{"type":"hello"}'],
    ['what only servers say', '{"type":"connection_ack"}'],
    ['a result', '{"id":"1","type":"next","payload":{}}'],
    ['an operation without an id', '{"type":"subscribe","payload":{"query":"{ hello }"}}'],
    ['an empty id', '{"id":"","type":"subscribe","payload":{"query":"{ hello }"}}'],
    ['an id that is too long', `{"id":"${'x'.repeat(257)}","type":"complete"}`],
    ['an operation without a document', '{"id":"1","type":"subscribe","payload":{}}'],
    [
      'variables that are a list',
      '{"id":"1","type":"subscribe","payload":{"query":"{ hello }","variables":[]}}',
    ],
    ['a payload that is no object', '{"type":"ping","payload":1}'],
  ])('4400 for %s', async (_what, message) => {
    const raw = await openReady(world.server.url);
    raw.say(message);
    expect(await raw.closed).toBe(4400);
  });

  test('4401 when it subscribes before it was acknowledged', async () => {
    const raw = await openRaw(world.server.url, PROTOCOL);
    raw.subscribe('1', '{ hello }');
    expect(await raw.closed).toBe(4401);
  });

  test.each([undefined, 'graphql-ws'])('4406 when it asks for the subprotocol %s', async (name) => {
    const refused = new Promise<number>((resolve, reject) => {
      const socket = new WebSocket(`${world.server.url.replace('http', 'ws')}/graphql`, name ?? []);
      socket.once('close', resolve);
      // ws's client drops a server that chose none of its subprotocols before it hears why.
      socket.once('error', (error) =>
        error.message === 'Server sent no subprotocol' ? resolve(4406) : reject(error),
      );
    });
    expect(await refused).toBe(4406);
  });

  test('4409 when an id is under way, and its operations are let go', async () => {
    const raw = await openReady(world.server.url);
    raw.subscribe('1', TICKS);
    await expect.poll(() => world.subscriptions('websocket')).toBe(1);
    raw.subscribe('1', TICKS);
    expect(await raw.closed).toBe(4409);
    await expect.poll(() => world.subscriptions('websocket')).toBe(0);
  });

  test('4429 when it introduces itself twice', async () => {
    const raw = await openReady(world.server.url);
    raw.say({ type: 'connection_init' });
    expect(await raw.closed).toBe(4429);
  });

  test('4429 when it does not wait for the first acknowledgement', async () => {
    const raw = await openRaw(world.server.url, PROTOCOL);
    raw.say({ type: 'connection_init' });
    raw.say({ type: 'connection_init' });
    expect(await raw.closed).toBe(4429);
  });

  test('4429 when it floods', async () => {
    const raw = await openReady(world.server.url);
    for (let nth = 0; nth < 2_500; nth += 1) raw.say({ type: 'pong' });
    expect(await raw.closed).toBe(4429);
  });
});

/** graphql-ws's own client, that asks for ticks, and what its socket is closed with. */
function ownClient(connectionParams: Record<string, unknown>) {
  const client = createClient({
    url: `${world.server.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams,
  });
  const closed = new Promise<unknown>((resolve) => client.on('closed', resolve));
  const told = client.iterate({ query: TICKS }).next();
  return { closed, told: told.catch((error: unknown) => error) };
}

describe("graphql-ws's own client", () => {
  test('is told that its token is not valid', async () => {
    const { closed, told } = ownClient({ authorization: 'Bearer nonsense' });
    expect(await closed).toMatchObject({ code: 4401 });
    expect(await told).toMatchObject({ code: 4401, reason: 'Unauthorized' });
  });

  test('is told to come back when the server stops', async () => {
    const { closed, told } = ownClient({});
    await expect.poll(() => world.subscriptions('websocket')).toBe(1);
    await world.server.stop();
    expect(await closed).toMatchObject({ code: 1012 });
    expect(await told).toMatchObject({ code: 1012, reason: 'Service restart' });
  });
});

describe('a socket', () => {
  test('is not compressed, though its client offers it', async () => {
    const raw = await openReady(world.server.url);
    expect(raw.socket.extensions).toBe('');
    raw.socket.close();
  });

  test('answers a ping with its payload, before the acknowledgement too, and takes a pong', async () => {
    const raw = await openRaw(world.server.url, PROTOCOL);
    raw.say({ type: 'ping', payload: { at: 7 } });
    expect(await raw.next()).toEqual({ type: 'pong', payload: { at: 7 } });
    raw.say({ type: 'pong' });
    raw.say({ type: 'ping' });
    expect(await raw.next()).toEqual({ type: 'pong' });
    raw.socket.close();
  });

  test('takes an id again after it was completed, by either side', async () => {
    const raw = await openReady(world.server.url);
    raw.subscribe('1', '{ hello }');
    expect(await raw.next()).toMatchObject({ id: '1', type: 'next' });
    expect(await raw.next()).toEqual({ id: '1', type: 'complete' });
    raw.subscribe('1', TICKS);
    await expect.poll(() => world.subscriptions('websocket')).toBe(1);
    raw.say({ id: '1', type: 'complete' });
    raw.subscribe('1', TICKS);
    await expect.poll(() => world.metric('live_groups')).toBe(1);
    await expect.poll(() => world.subscriptions('websocket')).toBe(1);
    world.hub.emit(5);
    expect(await raw.next()).toMatchObject({ id: '1', payload: { data: { ticks: 5 } } });
    raw.socket.close();
  });

  test('says nothing of an operation that was completed while it began', async () => {
    const raw = await openReady(world.server.url);
    raw.subscribe('1', TICKS);
    raw.say({ id: '1', type: 'complete' });
    raw.say({ id: 'unknown', type: 'complete' });
    raw.subscribe('2', '{ hello }');
    expect(await raw.next()).toMatchObject({ id: '2', type: 'next' });
    expect(await raw.next()).toEqual({ id: '2', type: 'complete' });
    await expect.poll(() => world.metric('live_groups')).toBe(0);
    expect(world.hub.tails.size).toBe(0);
    raw.socket.close();
  });

  test('says nothing of an answer that failed after its operation was completed', async () => {
    const raw = await openReady(world.server.url);
    raw.subscribe('1', '{ unprintable }');
    raw.say({ id: '1', type: 'complete' });
    raw.subscribe('1', TICKS);
    await expect.poll(() => world.subscriptions('websocket')).toBe(1);
    world.hub.emit(5);
    expect(await raw.next()).toMatchObject({ id: '1', payload: { data: { ticks: 5 } } });
    raw.socket.close();
  });

  test('carries two streams, and ends one of them', async () => {
    const client = createClient({
      url: `${world.server.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
    });
    const ticks = client.iterate({ query: TICKS });
    const books = client.iterate({ query: 'subscription { orderBookUpdated }' });
    const [firstTick, firstBook] = [ticks.next(), books.next()];
    expect((await firstBook).value).toEqual({ data: { orderBookUpdated: 0 } });
    await expect.poll(() => world.subscriptions('websocket')).toBe(2);
    world.hub.emit(1);
    expect((await firstTick).value).toEqual({ data: { ticks: 1 } });
    await ticks.return?.();
    await expect.poll(() => world.subscriptions('websocket')).toBe(1);
    expect((await books.next()).value).toEqual({ data: { orderBookUpdated: 1 } });
    await client.dispose();
    await expect.poll(() => world.metric('live_groups')).toBe(0);
  });

  test('is told why a stream does not begin, and of a document without that operation', async () => {
    const raw = await openReady(world.server.url);
    raw.subscribe('1', 'subscription { refused }');
    const refused = await raw.next();
    expect(refused).toMatchObject({ id: '1', type: 'next' });
    expect(JSON.stringify(refused)).toContain('INTERNAL_SERVER_ERROR');
    expect(JSON.stringify(refused)).not.toContain('secret');
    expect(await raw.next()).toEqual({ id: '1', type: 'complete' });
    raw.subscribe('1', 'query A { hello } query B { hello }');
    expect(await raw.next()).toMatchObject({ id: '1', type: 'error' });
    expect(await world.metric('live_groups')).toBe(0);
    raw.socket.close();
  });
});
