import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CLOGGED_BYTES } from '../../../src/server/pressure.ts';
import { WAITING_CHARACTERS } from '../../../src/server/live-groups/waiting-results.ts';
import { openReady, type RawSocket } from './raw-socket.ts';
import { startStandIn, type StandIn } from './stand-in.ts';

/** Long enough that a few thousand results fill every buffer between the two. */
const PADDING = 'x'.repeat(8_000);
/** A result of it. */
const RESULT_BYTES = 8_100;
/** At each of the two doors. */
const CLIENTS = 10;

let world: StandIn;
let sockets: RawSocket[];
let streams: Socket[];

beforeEach(async () => {
  world = await startStandIn({ limited: false });
  sockets = [];
  streams = [];
});

afterEach(async () => {
  for (const { socket } of sockets) socket.terminate();
  for (const stream of streams) stream.destroy();
  await world.server.stop();
});

/** Clients that ask for a stream and never read. The alias makes each result large. */
async function neverReading(field: string, { clients = CLIENTS, others = 0 } = {}): Promise<void> {
  const query = `subscription { ${PADDING}: ${field} }`;
  for (let nth = 0; nth < clients; nth += 1) {
    const raw = await openReady(world.server.url);
    sockets.push(raw);
    raw.subscribe('1', query);
    raw.socket.pause();
  }
  const { port } = new URL(world.server.url);
  const path = `/graphql?query=${encodeURIComponent(query)}`;
  for (let nth = 0; nth < clients; nth += 1) {
    const stream = connect(Number(port), '127.0.0.1');
    streams.push(stream);
    await once(stream, 'connect');
    stream.pause();
    stream.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\n\r\n`);
  }
  await expect.poll(() => world.subscriptions('websocket')).toBe(clients + others);
  await expect.poll(() => world.subscriptions('sse')).toBe(clients);
}

/** Emits until what clients do not read has filled the buffers of the machine, too. */
async function emitUntil(
  done: () => Promise<boolean>,
  told: { readonly key?: string } = {},
): Promise<void> {
  for (let value = 1; !(await done()); value += 1) {
    world.hub.emit(value, told);
    if (value % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}

/** What waits at the server, at its worst. */
function watchWaiting() {
  const most = { results: 0, bytes: 0 };
  return {
    most,
    look: async (): Promise<void> => {
      most.results = Math.max(most.results, await world.metric('live_waiting_results'));
      most.bytes = Math.max(most.bytes, await world.metric('live_waiting_bytes'));
    },
  };
}

describe('clients that never read', () => {
  test('are let go, 200 of them, cost bounded memory, and delay nobody', async () => {
    const clients = 100;
    const reader = await openReady(world.server.url);
    sockets.push(reader);
    // In the very group of those who do not read.
    reader.subscribe('1', `subscription { ${PADDING}: ticks }`);
    await neverReading('ticks', { clients, others: 1 });
    expect(await world.metric('live_groups')).toBe(1);
    const { most, look } = watchWaiting();
    const areGone = async (): Promise<boolean> =>
      (await world.subscriptions('websocket')) === 1 && (await world.subscriptions('sse')) === 0;
    let value = 0;
    while (!(await areGone())) {
      const burst = Array.from({ length: 5 }, () => (value += 1));
      for (const each of burst) world.hub.emit(each);
      for (const each of burst)
        expect(await reader.next()).toMatchObject({ payload: { data: { [PADDING]: each } } });
      await look();
    }
    expect(most.results).toBeGreaterThan(clients);
    expect(most.results).toBeLessThanOrEqual(2 * clients * (WAITING_CHARACTERS / 8_000));
    expect(most.bytes).toBeLessThanOrEqual((2 * clients + 1) * (CLOGGED_BYTES + RESULT_BYTES));
    expect(await world.metric('live_overflows_total')).toBeGreaterThan(0);
    expect(await world.metric('live_waiting_results')).toBe(0);
    expect(world.hub.tails.size).toBe(1);
  }, 120_000);

  test('do not hold up the stop of the server', async () => {
    await neverReading('ticks');
    const { most, look } = watchWaiting();
    await emitUntil(async () => {
      await look();
      return most.results > 2 * CLIENTS;
    });
    await world.server.stop();
    expect(await world.subscriptions('websocket')).toBe(0);
    expect(await world.subscriptions('sse')).toBe(0);
  }, 60_000);

  test('of answers are not read from, and lose none of them', async () => {
    const flood = 3_000;
    const answered = () =>
      world.metric('graphql_requests_total', '{operation="query",result="ok"}');
    const raw = await openReady(world.server.url);
    sockets.push(raw);
    raw.socket.pause();
    for (let id = 0; id < flood; id += 1) raw.subscribe(String(id), `{ ${PADDING}: hello }`);
    const other = await openReady(world.server.url);
    sockets.push(other);
    for (let id = 0; id < 100; id += 1) {
      other.subscribe('1', '{ hello }');
      expect(await other.next()).toMatchObject({ type: 'next' });
      expect(await other.next()).toMatchObject({ type: 'complete' });
    }
    expect(await answered()).toBeLessThan(flood);
    raw.socket.resume();
    await expect.poll(answered, { timeout: 30_000 }).toBe(flood + 100);
  }, 60_000);

  test('of tickers keep one result per key', async () => {
    await neverReading('ticks');
    const behind = async (): Promise<boolean> =>
      (await world.metric('live_conflated_total')) > 20_000;
    await emitUntil(behind, { key: 'pair' });
    expect(await world.metric('live_waiting_results')).toBeLessThanOrEqual(2 * CLIENTS);
    expect(await world.metric('live_overflows_total')).toBe(0);
    expect(await world.subscriptions('websocket')).toBe(CLIENTS);
  }, 60_000);

  test('of books are kept nothing for, and begin anew when they read', async () => {
    await neverReading('orderBookUpdated');
    const clogged = async (): Promise<boolean> =>
      (await world.metric('live_overflows_total')) === 2 * CLIENTS;
    await emitUntil(clogged);
    expect(await world.metric('live_waiting_results')).toBe(0);
    world.hub.emit(-7);
    const [first] = sockets;
    first?.socket.resume();
    await expect
      .poll(async () => JSON.stringify(await first?.next()), { interval: 0, timeout: 20_000 })
      .toContain(':-7}');
  }, 60_000);
});
