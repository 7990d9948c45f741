import { afterAll, beforeAll, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../src/domain/time.ts';
import { until } from '../support/wait.ts';
import { followStream, type Followed } from './follow.ts';
import { startStranger, windowFrom, type Stranger, type Token } from './stranger.ts';

/** The very same text for everybody: nothing but the account tells the streams apart. */
const DOCUMENT = 'subscription { bookingChanged { change booking { id } } }';
const RENTERS = ['ada', 'ben', 'cyd', 'dan', 'eve'] as const;

const leaving = new AbortController();
let stranger: Stranger;

beforeAll(async () => {
  stranger = await startStranger();
});

afterAll(async () => {
  leaving.abort();
  expect(await stranger.stop()).toEqual([]);
});

function follow({ token }: Token, door: 'SSE' | 'WebSocket'): Followed {
  return followStream(stranger.node, door, { query: DOCUMENT, token }, leaving.signal);
}

function bookingIds({ heard }: Followed): string[] {
  const pushes = heard as { bookingChanged: { booking: { id: string } } }[];
  return pushes.map(({ bookingChanged }) => bookingChanged.booking.id);
}

async function liveGroups(): Promise<number> {
  const page = await (await fetch(`${stranger.node.origin}/metrics`)).text();
  return Number(/^edgebook_live_groups (\d+)$/m.exec(page)?.[1]);
}

test('renters with the same document hear of their own bookings alone, the operator of all', async () => {
  const operator = await stranger.token('OPERATOR');
  const tokens = await Promise.all(RENTERS.map((name) => stranger.token('RENTER', name)));
  const streams = tokens.map((token) => [follow(token, 'SSE'), follow(token, 'WebSocket')]);
  const all = follow(operator, 'WebSocket');
  // Each account's two streams are equal.
  await expect.poll(liveGroups, { timeout: 20_000 }).toBe(RENTERS.length + 1);

  const booked = new Map<Token, Set<string>>(tokens.map((token) => [token, new Set()]));
  const heardByAll = (): boolean =>
    streams.flat().every((stream) => stream.heard.length > 0) && all.heard.length > 0;
  let hours = 0;
  await until(
    async () => {
      hours += 1;
      await Promise.all(
        tokens.map(async (token, index) => {
          const period = windowFrom(20 * DAY_MS + hours * HOUR_MS);
          const gpuId = stranger.units[index]?.id;
          const { booking } = await stranger.mutate('createBooking', { gpuId, period }, token);
          booked.get(token)?.add((booking as { id: string }).id);
        }),
      );
      return heardByAll();
    },
    { what: 'a booking on every stream' },
  );
  for (const [index, token] of tokens.entries()) {
    const own = booked.get(token) ?? new Set<string>();
    const ids = streams[index]?.map(bookingIds) ?? [];
    expect(ids.flat().filter((id) => !own.has(id))).toEqual([]);
    for (const each of ids) expect(new Set(each).size).toBe(each.length);
  }
  const everything = new Set([...booked.values()].flatMap((ids) => Array.from(ids)));
  await until(() => bookingIds(all).includes([...everything].at(-1) ?? ''), { what: 'the last' });
  expect(bookingIds(all).filter((id) => !everything.has(id))).toEqual([]);
});
