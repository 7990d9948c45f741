import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openReady, type RawSocket } from './raw-socket.ts';
import { openStream } from './raw-stream.ts';
import { startStandIn, type StandIn } from './stand-in.ts';

const BOOK = 'subscription { orderBookUpdated }';
const TICKS = 'subscription { ticks }';

let world: StandIn;
let raw: RawSocket;

beforeEach(async () => {
  world = await startStandIn({ coalescing: { orderBookUpdated: 50 } });
  raw = await openReady(world.server.url);
});

afterEach(async () => {
  raw.socket.terminate();
  await world.server.stop();
});

async function heard(count: number): Promise<unknown[]> {
  const values: unknown[] = [];
  while (values.length < count) {
    const { payload } = await raw.next();
    values.push(...Object.values((payload as { data: object }).data));
  }
  return values;
}

describe('a stream with a coalescing window', () => {
  test('loses nothing, in order, and sends of each key the newest alone', async () => {
    raw.subscribe('1', BOOK);
    expect(await heard(1)).toEqual([0]);
    await expect.poll(() => world.subscriptions('websocket')).toBe(1);
    world.hub.emit(1);
    for (const value of [2, 3]) world.hub.emit(value);
    for (const value of [4, 5, 6]) world.hub.emit(value, { key: 'pair' });
    world.hub.emit(7);
    expect(await heard(5)).toEqual([1, 2, 3, 6, 7]);
    expect(await world.metric('live_conflated_total')).toBe(2);
    expect(await world.metric('live_results_total')).toBe(7);
  });

  test('gives who joins within the window each result once', async () => {
    raw.subscribe('1', BOOK);
    await heard(1);
    world.hub.emit(1);
    expect(await heard(1)).toEqual([1]);
    world.hub.emit(2);
    const late = await openStream(world, { query: BOOK });
    expect(await late.next()).toEqual({ data: { orderBookUpdated: 2 } });
    world.hub.emit(3);
    expect(await late.next()).toEqual({ data: { orderBookUpdated: 3 } });
    expect(await heard(2)).toEqual([2, 3]);
    late.leave();
  });

  test('is told what waits before it ends', async () => {
    raw.subscribe('1', BOOK);
    await heard(1);
    await expect.poll(() => world.subscriptions('websocket')).toBe(1);
    for (const value of [1, 2, 3]) world.hub.emit(value);
    world.hub.stop();
    expect(await heard(3)).toEqual([1, 2, 3]);
    expect(await raw.next()).toEqual({ id: '1', type: 'complete' });
  });

  test('does not hold back the others', async () => {
    raw.subscribe('1', TICKS);
    await expect.poll(() => world.subscriptions('websocket')).toBe(1);
    for (const value of [1, 2, 3]) world.hub.emit(value, { key: 'pair' });
    expect(await heard(3)).toEqual([1, 2, 3]);
    expect(await world.metric('live_conflated_total')).toBe(0);
  });
});
