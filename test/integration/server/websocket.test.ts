import { createClient, type Client } from 'graphql-ws';
import { on, once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startStandIn, type StandIn } from './stand-in.ts';

let world: StandIn;

beforeEach(async () => {
  world = await startStandIn();
});

afterEach(() => world.server.stop());

function wsUrl(): string {
  return `${world.server.url.replace('http', 'ws')}/graphql`;
}

function open(options: { headers?: Record<string, string>; protocol?: string } = {}): WebSocket {
  return new WebSocket(wsUrl(), options.protocol ?? 'graphql-transport-ws', {
    headers: options.headers ?? {},
  });
}

const inboxes = new WeakMap<WebSocket, AsyncIterator<unknown>>();

/** A socket that has said hello. */
async function ready(payload: object = {}): Promise<WebSocket> {
  const socket = open();
  inboxes.set(socket, on(socket, 'message'));
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init', payload }));
  expect((await nextMessage(socket)).type).toBe('connection_ack');
  return socket;
}

interface Message {
  readonly id: string;
  readonly type: string;
  readonly payload: { data?: object; errors?: object[]; extensions?: Record<string, unknown> }[] & {
    data?: object;
  };
}

/** Two messages may arrive at once, so they are kept until they are asked for. */
async function nextMessage(socket: WebSocket): Promise<Message> {
  const messages = inboxes.get(socket);
  const result = (await messages?.next()) as IteratorResult<[Buffer]> | undefined;
  return JSON.parse(String(result?.value[0])) as Message;
}

async function closeCode(socket: WebSocket): Promise<number> {
  const [code] = (await once(socket, 'close')) as [number];
  return code;
}

async function refusal(socket: WebSocket): Promise<string> {
  const [error] = (await once(socket, 'error')) as [Error];
  return error.message;
}

describe('a WebSocket', () => {
  let client: Client | null = null;

  afterEach(() => {
    void client?.dispose();
    client = null;
  });

  test('carries queries and subscriptions of its account', async () => {
    const connectionParams = { authorization: `Bearer ${await world.token('PROVIDER', 'acme')}` };
    client = createClient({ url: wsUrl(), webSocketImpl: WebSocket, connectionParams });
    const who = await client.iterate({ query: '{ whoami }' }).next();
    expect(who.value).toMatchObject({
      data: { whoami: 'PROVIDER acme' },
      extensions: { cost: { cost: 1 } },
    });
    const ticks = client.iterate({ query: 'subscription { ticks }' });
    const first = ticks.next();
    await expect.poll(() => world.subscriptions('websocket')).toBe(1);
    world.hub.emit(3);
    expect((await first).value).toMatchObject({ data: { ticks: 3 } });
    await ticks.return?.();
    await expect.poll(() => world.subscriptions('websocket')).toBe(0);
  });

  test('that vanishes lets its silent subscriptions go', async () => {
    const socket = await ready();
    socket.send(
      JSON.stringify({ id: '1', type: 'subscribe', payload: { query: 'subscription { ticks }' } }),
    );
    await expect.poll(() => world.subscriptions('websocket')).toBe(1);
    socket.terminate();
    await expect.poll(() => world.subscriptions('websocket'), { timeout: 6_000 }).toBe(0);
    expect(world.hub.tails.size).toBe(0);
  });

  test.each([
    ['{ hello(', 'GRAPHQL_PARSE_FAILED'],
    ['{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
  ])('answers an error to %s and stays open', async (query, code) => {
    const socket = await ready();
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
    const refused = await nextMessage(socket);
    expect(refused).toMatchObject({ id: '1', type: 'error', payload: [{ extensions: { code } }] });
    expect(JSON.stringify(refused)).not.toContain('"http"');
    socket.send(JSON.stringify({ id: '2', type: 'subscribe', payload: { query: '{ hello }' } }));
    expect(await nextMessage(socket)).toMatchObject({ id: '2', type: 'next' });
    socket.close();
  });

  test('masks bugs and sources that throw', async () => {
    const socket = await ready();
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: '{ crash }' } }));
    const crashed = await nextMessage(socket);
    expect(crashed).toMatchObject({
      payload: { errors: [{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }] },
    });
    expect(JSON.stringify(crashed)).not.toContain('secret');
    await nextMessage(socket);
    socket.send(
      JSON.stringify({ id: '2', type: 'subscribe', payload: { query: 'subscription { broken }' } }),
    );
    expect(await nextMessage(socket)).toMatchObject({ payload: { data: { broken: 1 } } });
    expect(await nextMessage(socket)).toMatchObject({
      payload: { errors: [{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }] },
    });
    expect(await nextMessage(socket)).toMatchObject({ id: '2', type: 'complete' });
    socket.close();
  });

  test('survives an answer that cannot be put into JSON', async () => {
    const socket = await ready();
    const query = '{ unprintable }';
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
    expect(await nextMessage(socket)).toMatchObject({
      id: '1',
      type: 'error',
      payload: [{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
    });
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: '{ hello }' } }));
    expect(await nextMessage(socket)).toMatchObject({ id: '1', type: 'next' });
    socket.close();
  });

  test('is closed with 4401 for a bad token', async () => {
    const socket = open();
    await once(socket, 'open');
    socket.send(
      JSON.stringify({ type: 'connection_init', payload: { authorization: 'Bearer nonsense' } }),
    );
    expect(await closeCode(socket)).toBe(4401);
  });

  test('is closed with 4408 when it says nothing', async () => {
    expect(await closeCode(open())).toBe(4408);
  }, 12_000);

  test('is closed with 4400 for nonsense and 1009 for a message that is too large', async () => {
    const nonsense = await ready();
    nonsense.send('nonsense');
    expect(await closeCode(nonsense)).toBe(4400);
    const large = await ready();
    large.send('x'.repeat(200_000));
    expect(await closeCode(large)).toBe(1009);
  });

  test('from a foreign page or to another path is not opened', async () => {
    expect(await refusal(open({ headers: { origin: 'https://evil.example' } }))).toContain('403');
    expect(await refusal(new WebSocket(`${wsUrl()}/stream`, 'graphql-transport-ws'))).toContain(
      '404',
    );
  });

  test('carries at most 149 subscriptions', async () => {
    const socket = await ready();
    for (let id = 1; id <= 150; id += 1) {
      socket.send(
        JSON.stringify({
          id: String(id),
          type: 'subscribe',
          payload: { query: 'subscription { ticks }' },
        }),
      );
    }
    expect(await nextMessage(socket)).toMatchObject({ id: '150', type: 'error' });
    await expect.poll(() => world.subscriptions('websocket')).toBe(149);
    socket.close();
  });

  test('is throttled by points like any other door', async () => {
    const socket = await ready();
    const query = '{ items(first: 100) { items(first: 8) { name } } }';
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
    expect(await nextMessage(socket)).toMatchObject({
      type: 'next',
      payload: { data: { items: [] } },
    });
    await nextMessage(socket);
    socket.send(JSON.stringify({ id: '2', type: 'subscribe', payload: { query } }));
    expect(await nextMessage(socket)).toMatchObject({
      payload: { errors: [{ extensions: { code: 'THROTTLED' } }] },
    });
    socket.close();
  });

  test('is one of at most 128 per address', async () => {
    const sockets = Array.from({ length: 128 }, () => open());
    await Promise.all(sockets.map((socket) => once(socket, 'open')));
    expect(await refusal(open())).toContain('429');
    for (const socket of sockets) socket.terminate();
  });

  test('is told to come back when the server stops', async () => {
    const socket = await ready();
    const closed = closeCode(socket);
    await world.server.stop();
    expect(await closed).toBe(1012);
  });

  test('of an expired token runs nothing more', async () => {
    const socket = await ready({
      authorization: `Bearer ${await world.token('RENTER', 'ada', 1_000)}`,
    });
    await expect
      .poll(
        async () => {
          socket.send(
            JSON.stringify({ id: '1', type: 'subscribe', payload: { query: '{ whoami }' } }),
          );
          const message = await nextMessage(socket);
          if (message.type === 'next') await nextMessage(socket);
          return message;
        },
        { timeout: 8_000, interval: 200 },
      )
      .toMatchObject({ type: 'error', payload: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    socket.close();
  });
});
