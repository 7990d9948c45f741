import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openReady } from './raw-socket.ts';
import { eventsOf, openStream } from './raw-stream.ts';
import { startStandIn, type StandIn } from './stand-in.ts';

const MINE = 'subscription { mine }';
const EXPIRED = { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] };
/** Until the test's clients have subscribed; tokens count in whole seconds. */
const SOON_MS = 3_000;

let world: StandIn;

beforeEach(async () => {
  world = await startStandIn();
});

afterEach(() => world.server.stop());

async function bearer(account: string, expiresInMs?: number): Promise<Record<string, string>> {
  return { authorization: `Bearer ${await world.token('RENTER', account, expiresInMs)}` };
}

/** A private stream at each door: what it says next. */
const DOORS = {
  WebSocket: async (account: string, expiresInMs?: number) => {
    const token = await world.token('RENTER', account, expiresInMs);
    const raw = await openReady(world.server.url, token);
    raw.subscribe('1', MINE);
    return async () => {
      const { type, payload } = await raw.next();
      return type === 'complete' ? null : payload;
    };
  },
  'event stream': async (account: string, expiresInMs?: number) =>
    (await openStream(world, { query: MINE }, await bearer(account, expiresInMs))).next,
  'single connection': async (account: string, expiresInMs?: number) => {
    const headers = await bearer(account, expiresInMs);
    const url = `${world.server.url}/graphql/stream`;
    const token = await (await fetch(url, { method: 'PUT', headers })).text();
    const stream = await openSingle(`${url}?token=${token}`);
    await fetch(url, {
      method: 'POST',
      headers: {
        ...headers,
        'content-type': 'application/json',
        'x-graphql-event-stream-token': token,
      },
      body: JSON.stringify({ query: MINE, extensions: { operationId: '1' } }),
    });
    return stream;
  },
} as const;

/** The single connection of a reservation, whose events name their operation. */
async function openSingle(url: string): Promise<() => Promise<unknown>> {
  const events = eventsOf(await fetch(url, { headers: { accept: 'text/event-stream' } }));
  return async () => {
    const { done, value } = await events.next();
    if (done === true) throw new Error('the connection has ended');
    const { payload = null } = JSON.parse(value.data) as { payload?: unknown };
    return payload;
  };
}

describe.each(Object.keys(DOORS) as (keyof typeof DOORS)[])(
  'a private stream over a %s',
  (door) => {
    test('ends when its token expires, and equal ones of other tokens go on', async () => {
      const expiring = await DOORS[door]('ada', SOON_MS);
      const renewed = await DOORS[door]('ada');
      const other = await DOORS[door]('ben');
      await expect.poll(() => world.metrics.subscriptions()).toBe(3);
      expect(await world.metric('live_groups')).toBe(3);
      world.hub.emit(1);
      expect(await expiring()).toEqual({ data: { mine: 'ada 1' } });
      expect(await expiring()).toMatchObject(EXPIRED);
      expect(await expiring()).toBeNull();
      world.hub.emit(2);
      for (const value of [1, 2]) {
        expect(await renewed()).toEqual({ data: { mine: `ada ${value}` } });
        expect(await other()).toEqual({ data: { mine: `ben ${value}` } });
      }
      expect(await world.metric('live_groups')).toBe(2);
    });
  },
);
