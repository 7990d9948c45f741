import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../src/domain/time.ts';
import { until } from '../support/wait.ts';
import { DOORS } from './doors.ts';
import { followStream, type Followed, type StreamDoor } from './follow.ts';
import { startStranger, windowFrom, type Stranger, type Token } from './stranger.ts';

/** The very same text and the very same variables for everybody. */
const QUERY = `subscription Mine($bookingId: ID) {
  bookingChanged(bookingId: $bookingId) { change booking { id renter { id } } } }`;
const STREAM_DOORS: readonly StreamDoor[] = ['SSE', 'WebSocket'];

interface Push {
  readonly bookingChanged: { readonly booking: { readonly id: string } };
}

let stranger: Stranger;
let leaving: AbortController;
let hours = 0;

beforeAll(async () => {
  stranger = await startStranger();
});

afterAll(async () => {
  expect(await stranger.stop()).toEqual([]);
});

beforeEach(() => {
  leaving = new AbortController();
});

afterEach(async () => {
  leaving.abort();
  await expect.poll(groups, { timeout: 20_000 }).toBe(0);
});

async function groups(): Promise<number> {
  const page = await (await fetch(`${stranger.node.origin}/metrics`)).text();
  return Number(/^edgebook_live_groups (\d+)$/m.exec(page)?.[1]);
}

function follow({ token }: Token, door: StreamDoor, bookingId: string | null = null): Followed {
  const asked = { query: QUERY, variables: { bookingId }, token };
  return followStream(stranger.node, door, asked, leaving.signal);
}

/** Books an hour that nobody has booked yet. */
async function book(as: Token): Promise<string> {
  hours += 1;
  const gpuId = stranger.units[hours % 5]?.id;
  return bookPeriod(as, gpuId, windowFrom(30 * DAY_MS + hours * HOUR_MS));
}

async function bookPeriod(as: Token, gpuId: unknown, period: object): Promise<string> {
  const { booking } = await stranger.mutate('createBooking', { gpuId, period }, as);
  return (booking as { id: string }).id;
}

function isPush(heard: unknown): heard is Push {
  return typeof heard === 'object' && heard !== null && 'bookingChanged' in heard;
}

function idsOf({ heard }: Followed): string[] {
  return heard.filter(isPush).map(({ bookingChanged }) => bookingChanged.booking.id);
}

/** Books until every stream has heard of a booking: all are listening then. */
async function bookUntilHeard(as: Token, streams: readonly Followed[]): Promise<void> {
  await until(
    async () => {
      await book(as);
      return streams.every((stream) => idsOf(stream).length > 0);
    },
    { what: 'a booking on every stream', everyMs: 50 },
  );
}

describe('of two renters with the same document and variables', () => {
  test('each hears of their own booking alone, though both ask for the same one', async () => {
    const [ada, ben] = [
      await stranger.token('RENTER', 'ada'),
      await stranger.token('RENTER', 'ben'),
    ];
    const startMs = 20 * DAY_MS;
    const adas = await bookPeriod(ada, stranger.units[5]?.id, windowFrom(startMs));
    const own = STREAM_DOORS.map((door) => follow(ada, door, adas));
    const foreign = STREAM_DOORS.map((door) => follow(ben, door, adas));
    await expect.poll(groups, { timeout: 20_000 }).toBe(2);
    let lengthMs = HOUR_MS;
    await until(
      async () => {
        lengthMs += HOUR_MS;
        const { end: newEnd } = windowFrom(startMs, lengthMs);
        await stranger.mutate('extendBooking', { bookingId: adas, newEnd }, ada);
        return own.every((stream) => idsOf(stream).length > 0);
      },
      { what: 'the extension on both streams', everyMs: 50 },
    );
    const bens = STREAM_DOORS.map((door) => follow(ben, door));
    await bookUntilHeard(ben, bens);
    expect(own.flatMap(idsOf).filter((id) => id !== adas)).toEqual([]);
    expect(bens.flatMap(idsOf)).not.toContain(adas);
    expect(foreign.flatMap(({ heard }) => heard)).toEqual([]);
  });

  test('whose streams begin and end while both book, neither ever sees the other', async () => {
    const names = ['ada', 'ben'] as const;
    const visits = names.map(async (name) => {
      const token = await stranger.token('RENTER', name);
      const heard: string[] = [];
      const booked: string[] = [];
      for (let round = 0; round < 12; round += 1) {
        const streams = STREAM_DOORS.map((door) => follow(token, door));
        // Some end before they have begun, others after they were told something.
        const wanted = round % 3;
        await until(
          async () => {
            booked.push(await book(token));
            return streams.every((stream) => idsOf(stream).length >= wanted);
          },
          { what: 'the bookings of a round' },
        );
        heard.push(...streams.flatMap(idsOf));
      }
      return { heard, booked };
    });
    const [ada, ben] = await Promise.all(visits);
    expect(ada?.heard.length).toBeGreaterThan(0);
    expect(ada?.heard.filter((id) => !ada.booked.includes(id))).toEqual([]);
    expect(ben?.heard.filter((id) => !ben.booked.includes(id))).toEqual([]);
  });
});

describe('of one renter', () => {
  test('an expired token hears no more, a renewed one does, and a neighbour never did', async () => {
    const expiring = await stranger.token('RENTER', 'ada', 4_000);
    const renewed = await stranger.token('RENTER', 'ada');
    const ben = await stranger.token('RENTER', 'ben');
    const ended = STREAM_DOORS.map((door) => follow(expiring, door));
    const going = STREAM_DOORS.map((door) => follow(renewed, door));
    const neighbours = STREAM_DOORS.map((door) => follow(ben, door));
    await bookUntilHeard(renewed, going);
    await until(() => ended.every(({ heard }) => !isPush(heard.at(-1))), { what: 'the expiry' });
    const last = await book(renewed);
    await until(() => going.every((stream) => idsOf(stream).includes(last)), { what: 'the push' });
    expect(ended.flatMap(idsOf)).not.toContain(last);
    expect(JSON.stringify(ended[0]?.heard.at(-1))).toContain('UNAUTHENTICATED');
    // A result with the error and nothing else, then the end.
    expect(ended[1]?.heard.slice(-2).filter(isPush)).toEqual([]);
    expect(neighbours.flatMap(({ heard }) => heard)).toEqual([]);
  });
});

test('nobody in particular, or who has no valid token, hears nothing at any door', async () => {
  const ada = await stranger.token('RENTER', 'ada');
  const adas = await book(ada);
  const asked = { query: QUERY, variables: { bookingId: adas } };
  for (const door of STREAM_DOORS) {
    const { data, errors } = await DOORS[door](stranger.node, asked);
    expect(data ?? null).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  }
  const forged = { ...asked, token: `${ada.token.slice(0, -4)}AAAA` };
  expect(await DOORS.SSE(stranger.node, forged)).toMatchObject({
    errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
  });
  await expect(DOORS.WebSocket(stranger.node, forged)).rejects.toMatchObject({ code: 4401 });
});
