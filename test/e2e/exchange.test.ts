import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../src/domain/time.ts';
import { until } from '../support/wait.ts';
import { BOOK_ITEM, bookAfter, type FollowedBook } from './book-follower.ts';
import { fieldOf } from './doors.ts';
import { followStream, type Followed } from './follow.ts';
import { startStranger, windowFrom, type KnownUnit } from './stranger.ts';
import type { Member, Stranger, Token } from './stranger.ts';

const leaving = new AbortController();
let stranger: Stranger;

beforeAll(async () => {
  stranger = await startStranger();
});

afterAll(async () => {
  leaving.abort();
  expect(await stranger.stop()).toEqual([]);
});

interface Placed extends Member {
  readonly order: { readonly id: string; readonly status: string };
  readonly fills: readonly object[];
  readonly bookings: readonly { readonly id: string }[];
}

/** The market of a unit, as the arguments of a field. */
function marketOf({ gpuType, region }: KnownUnit): string {
  return `gpuType: "${gpuType.slug}", region: "${region.code}"`;
}

function bidFor({ gpuType, region }: KnownUnit, usd: string, over: object = {}): object {
  const period = windowFrom(2 * DAY_MS, 3 * HOUR_MS);
  const pair = { gpuType: gpuType.slug, region: region.code };
  return { ...pair, limitUsdPerGpuHour: usd, period, ...over };
}

async function begun(...streams: Followed[]): Promise<void> {
  await until(() => streams.every(({ heard }) => heard.length > 0), { what: 'all first items' });
}

async function bookNow(market: string, depth: number): Promise<Partial<FollowedBook>> {
  const query = `{ orderBook(${market}, depth: ${depth}) { sequence checksum } }`;
  return fieldOf(await stranger.ask(query), 'orderBook') as Partial<FollowedBook>;
}

interface ToldOrder {
  readonly id: string;
  readonly status: string;
}

function told({ heard }: Followed): ToldOrder[] {
  return heard.map((data) => (data as { orderChanged: ToldOrder }).orderChanged);
}

function trades({ heard }: Followed, index: number): number {
  return (heard.at(index) as { candleUpdated: { trades: number } }).candleUpdated.trades;
}

describe.each(['SSE', 'WebSocket'] as const)('over %s', (door) => {
  const unit = (index: number): KnownUnit =>
    stranger.units[index + (door === 'SSE' ? 0 : 4)] as KnownUnit;

  function follow(query: string, as?: Token): Followed {
    const asked = { query: `subscription { ${query} }`, token: as?.token ?? null };
    return followStream(stranger.node, door, asked, leaving.signal);
  }

  test('clients keep the book, at every depth and pace, while orders come and go', async () => {
    const market = marketOf(unit(0));
    const views = [
      { depth: 1, intervalMs: 100 },
      { depth: 20, intervalMs: 100 },
      { depth: 20, intervalMs: 100 },
      { depth: 100, intervalMs: 1000 },
    ];
    const streams = views.map(({ depth, intervalMs }) => ({
      depth,
      stream: follow(
        `orderBookUpdated(${market}, depth: ${depth}, intervalMs: ${intervalMs}) ${BOOK_ITEM}`,
      ),
    }));
    await begun(...streams.map(({ stream }) => stream));
    const placed = await Promise.all(
      Array.from({ length: 12 }, (_none, index) =>
        stranger.mutate('placeOrder', bidFor(unit(0), `0.0${10 + index}`), 'RENTER'),
      ),
    );
    const ids = placed.map((order) => (order as Placed).order.id);
    await Promise.all(
      ids.slice(0, 6).map((orderId) => stranger.mutate('cancelOrder', { orderId }, 'RENTER')),
    );
    const isUpToDate = async ({ depth, stream }: (typeof streams)[number]): Promise<boolean> => {
      const { sequence, checksum } = bookAfter(stream);
      const now = await bookNow(market, depth);
      return sequence === now.sequence && checksum === now.checksum;
    };
    await until(async () => (await Promise.all(streams.map(isUpToDate))).every(Boolean), {
      what: 'the book of every client',
    });
    for (const { stream } of streams) {
      const { snapshots, deltas } = bookAfter(stream);
      expect({ snapshots, hasDeltas: deltas > 0 }).toEqual({ snapshots: 1, hasDeltas: true });
    }
    await until(() => streams.some(({ stream }) => bookAfter(stream).heartbeats > 0), {
      what: 'a heartbeat',
    });
  });

  test('an order is told to its renter and to nobody else, by the same document', async () => {
    const [ada, bob] = [
      await stranger.token('RENTER', `ada-${door}`),
      await stranger.token('RENTER', `bob-${door}`),
    ];
    const feed = 'orderChanged { id status filledQuantity }';
    const [hers, his] = [follow(feed, ada), follow(feed, bob)];
    const orders = new Map<Token, string[]>([
      [ada, []],
      [bob, []],
    ]);
    await until(
      async () => {
        for (const [as, ids] of orders) {
          const placed = await stranger.mutate('placeOrder', bidFor(unit(1), '0.02'), as);
          ids.push((placed as Placed).order.id);
        }
        return told(hers).length > 0 && told(his).length > 0;
      },
      { what: 'an order on the stream of each' },
    );
    const [own = ''] = orders.get(ada) ?? [];
    await stranger.mutate('cancelOrder', { orderId: own }, ada);
    await until(() => told(hers).some(({ id, status }) => id === own && status === 'CANCELLED'), {
      what: 'the cancellation',
    });
    for (const { id } of told(hers)) expect(orders.get(ada)).toContain(id);
    for (const { id } of told(his)) expect(orders.get(bob)).toContain(id);
  });

  test('a fill is a booking, a trade and a tick of the running candle', async () => {
    const wanted = unit(2);
    const candles = follow(
      `candleUpdated(${marketOf(wanted)}, interval: D1) { close trades gpuHours closed }`,
    );
    const stats = follow(`marketStatsUpdated(${marketOf(wanted)}) { volume24hGpuHours }`);
    await begun(candles, stats);
    const bid = bidFor(wanted, '1000', { timeInForce: 'IOC' });
    const placed = (await stranger.mutate('placeOrder', bid, 'RENTER')) as Placed;
    expect(placed).toMatchObject({
      __typename: 'PlaceOrderSuccess',
      order: { status: 'FILLED', filledQuantity: 1 },
      fills: [{ gpuHours: expect.any(Number) }],
      bookings: [{ order: { id: placed.order.id } }],
    });
    const query = `{ order(id: "${placed.order.id}") { fills { nodes { id } } }
      recentFills(${marketOf(wanted)}, first: 1) { id } }`;
    const { order, recentFills } = (await stranger.ask(query, {}, 'RENTER')).data as {
      order: { fills: { nodes: object[] } };
      recentFills: object[];
    };
    expect(recentFills).toEqual(order.fills.nodes);
    for (const { heard } of [candles, stats]) {
      const [first] = heard;
      await until(() => JSON.stringify(heard.at(-1)) !== JSON.stringify(first), {
        what: 'what the fill has changed',
      });
    }
    expect(trades(candles, -1)).toBe(trades(candles, 0) + 1);
  });

  test("somebody else's order is nobody's", async () => {
    const placed = (await stranger.mutate(
      'placeOrder',
      bidFor(unit(1), '0.01'),
      'RENTER',
    )) as Placed;
    const { id } = placed.order;
    const other = await stranger.token('RENTER', 'somebody-else');
    const query = `{ order(id: "${id}") { id } node(id: "${id}") { id } orders { nodes { id } } }`;
    const unseen = { order: null, node: null, orders: { nodes: [] } };
    expect((await stranger.ask(query, {}, other)).data).toEqual(unseen);
    expect(await stranger.mutate('cancelOrder', { orderId: id }, other)).toMatchObject({
      __typename: 'NotFoundError',
    });
    expect((await stranger.ask(query, {}, 'OPERATOR')).data).toMatchObject({ order: { id } });
  });
});
