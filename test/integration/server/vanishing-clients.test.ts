import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openReady } from './raw-socket.ts';
import { startStandIn, type StandIn } from './stand-in.ts';

let world: StandIn;

beforeEach(async () => {
  world = await startStandIn({ limited: false });
});

afterEach(() => world.server.stop());

const TICKS = 'subscription { ticks }';

async function inTurns<T>(count: number, make: () => Promise<T>): Promise<T[]> {
  const made: T[] = [];
  while (made.length < count) made.push(...(await Promise.all(Array.from({ length: 50 }, make))));
  return made;
}

async function openStream(): Promise<Socket> {
  const stream = connect(Number(new URL(world.server.url).port), '127.0.0.1');
  await once(stream, 'connect');
  const path = `/graphql?query=${encodeURIComponent(TICKS)}`;
  stream.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\n\r\n`);
  await once(stream, 'data');
  return stream;
}

async function openSocket() {
  const raw = await openReady(world.server.url);
  raw.subscribe('1', TICKS);
  return raw;
}

describe.each([
  ['1,000 clients', 1_000, true],
  ['200 clients of a silent stream', 200, false],
])('%s', (_who, count, busy) => {
  test('that vanish from their WebSockets leave nothing behind', async () => {
    const sockets = await inTurns(count, openSocket);
    await expect.poll(() => world.subscriptions('websocket')).toBe(count);
    if (busy) world.hub.emit(1);
    for (const { socket } of sockets) socket.terminate();
    await expect.poll(() => world.subscriptions('websocket'), { timeout: 10_000 }).toBe(0);
    expect(await world.metric('live_groups')).toBe(0);
    expect(world.hub.tails.size).toBe(0);
  }, 60_000);

  test('that vanish from their event streams leave nothing behind', async () => {
    const streams = await inTurns(count, openStream);
    await expect.poll(() => world.subscriptions('sse')).toBe(count);
    if (busy) world.hub.emit(1);
    for (const stream of streams) stream.resetAndDestroy();
    await expect.poll(() => world.subscriptions('sse'), { timeout: 10_000 }).toBe(0);
    expect(await world.metric('live_groups')).toBe(0);
    expect(world.hub.tails.size).toBe(0);
  }, 60_000);
});
