import type { ExecutionResult } from 'graphql';
import { describe, expect, test } from 'vitest';
import { bookToJson, type BookData } from '../../../src/domain/book-data.ts';
import { candleStart, type Candle } from '../../../src/domain/candle.ts';
import { bookChecksum } from '../../../src/domain/order-book.ts';
import { bookId, encodeGlobalId } from '../../../src/graphql/global-id.ts';
import { open, publish, stream } from './streaming.ts';
import { bid, ORDER } from './exchange-world.ts';
import { contextOf, createWorld, NOON, unit, viewer } from './world.ts';

const PAIR = { gpuType: 'a100', region: 'east' };

function bookData(over: Partial<BookData>): { data: ReturnType<typeof bookToJson> } {
  const none = { changes: [], orders: [], fills: [], candles: [], checksum: '' };
  const data = { ...PAIR, previousSequence: 7n, sequence: 8n, ...none, ...over };
  return { data: bookToJson(data) };
}

const BOOK_EVENT = { type: 'ORDER_BOOK_UPDATED', resourceId: 'a100@east' } as const;

function bookSource(args: string): string {
  return `subscription {
    orderBookUpdated(gpuType: "a100", region: "east"${args}) {
      __typename
      ... on OrderBookSnapshot {
        bookId gpuType { slug } region { code } sequence checksum freshness { servedFrom }
        bids { usdPerGpuHour gpuCount orderCount } asks { usdPerGpuHour }
      }
      ... on OrderBookDelta {
        bookId previousSequence sequence checksum cursor at
        changes { side usdPerGpuHour gpuCount orderCount }
      }
    } }`;
}

describe('orderBookUpdated', () => {
  test('sends a snapshot down to the depth, then deltas', async () => {
    const bids = [bid(2_000_000n, 8), bid(1_000_000n, 1)];
    const world = createWorld({ book: { ...PAIR, bids, asks: [], sequence: 7n, at: NOON } });
    const context = contextOf(world);
    const { next } = await stream(context, bookSource(', depth: 1, intervalMs: 100'));
    expect(await next()).toEqual({
      orderBookUpdated: {
        __typename: 'OrderBookSnapshot',
        bookId: bookId(PAIR),
        gpuType: { slug: 'a100' },
        region: { code: 'east' },
        sequence: '7',
        checksum: bookChecksum({ bids: bids.slice(0, 1), asks: [] }),
        freshness: { servedFrom: 'L1' },
        bids: [{ usdPerGpuHour: '2.00', gpuCount: 8, orderCount: 1 }],
        asks: [],
      },
    });
    const change = { side: 'ASK', ...bid(3_000_000n, 4) } as const;
    publish(context, { ...BOOK_EVENT, ...bookData({ changes: [change] }) });
    expect(await next()).toEqual({
      orderBookUpdated: {
        __typename: 'OrderBookDelta',
        bookId: bookId(PAIR),
        previousSequence: '7',
        sequence: '8',
        checksum: bookChecksum({ bids: bids.slice(0, 1), asks: [change] }),
        cursor: expect.any(String),
        at: '2026-06-01T12:00:00.000Z',
        changes: [{ side: 'ASK', usdPerGpuHour: '3.00', gpuCount: 4, orderCount: 1 }],
      },
    });
  });

  test.each([
    [', depth: 0', /`depth` must be from 1 to 100/],
    [', depth: 101', /`depth` must be from 1 to 100/],
    [', intervalMs: 500', /`intervalMs` must be 100 or 1000/],
    [', intervalMs: 0', /`intervalMs` must be 100 or 1000/],
  ])('refuses %s', async (args, message) => {
    const { errors } = (await open(contextOf(createWorld()), bookSource(args))) as ExecutionResult;
    expect(errors?.[0]?.message).toMatch(message);
    expect(errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
  });

  test.each(['orderBookUpdated(', 'candleUpdated(interval: M1, '])(
    'refuses a market that nobody knows: %s',
    async (field) => {
      const unknown = `subscription { ${field}gpuType: "a100", region: "north") { __typename } }`;
      const { errors } = (await open(contextOf(createWorld()), unknown)) as ExecutionResult;
      expect(errors?.[0]?.message).toMatch(/offered together/);
    },
  );

  test('takes the defaults for absent and for null', async () => {
    const { next } = await stream(
      contextOf(createWorld()),
      bookSource(', depth: null, intervalMs: null'),
    );
    expect(await next()).toMatchObject({
      orderBookUpdated: { sequence: '0', checksum: '00000000' },
    });
  });
});

describe('candleUpdated', () => {
  test('sends the running candle first, then what fills make of it', async () => {
    const rate = 1_500_000n;
    const candle: Candle = {
      interval: 'D1',
      openTime: candleStart('D1', Date.now()),
      openMicros: rate,
      highMicros: rate,
      lowMicros: rate,
      closeMicros: rate,
      gpuMs: 0n,
      trades: 0,
    };
    const context = contextOf(createWorld({ candles: [candle] }));
    const source = `subscription { candleUpdated(gpuType: "a100", region: "east", interval: D1) {
      close gpuHours trades closed } }`;
    const { next } = await stream(context, source);
    const running = { close: '1.50', gpuHours: 0, trades: 0, closed: false };
    expect(await next()).toEqual({ candleUpdated: running });
    const filled = { ...candle, gpuMs: 5_400_000n, trades: 1 };
    publish(context, { ...BOOK_EVENT, ...bookData({ candles: [filled] }) });
    expect(await next()).toEqual({ candleUpdated: { ...running, gpuHours: 1.5, trades: 1 } });
  });
});

describe('marketStatsUpdated', () => {
  test('sends the statistics as they are first, then anew when a market of the scope changed', async () => {
    const world = createWorld({ units: [unit('east/a100/0001')] });
    const context = contextOf(world);
    const { next } = await stream(
      context,
      'subscription { marketStatsUpdated(region: "east") { gpuType { slug } region { code } totalGpus } }',
    );
    const told = { gpuType: null, region: { code: 'east' } };
    expect(await next()).toEqual({ marketStatsUpdated: { ...told, totalGpus: 1 } });
    world.units = [];
    publish(context, { type: 'MARKET_STATS_UPDATED', resourceId: 'l4@east' });
    expect(await next()).toEqual({ marketStatsUpdated: { ...told, totalGpus: 0 } });
  });
});

describe('orderChanged', () => {
  const source = 'subscription { orderChanged { id status filledQuantity } }';
  const publishing = bookData({
    orders: [
      { ...ORDER, id: 'another', accountId: 'bob' },
      { ...ORDER, filledQuantity: 1 },
    ],
  });

  test('tells a renter of its own orders only', async () => {
    const context = contextOf(createWorld({ viewer: viewer('RENTER') }));
    const { next } = await stream(context, source);
    publish(context, { ...BOOK_EVENT, ...publishing });
    expect(await next()).toEqual({
      orderChanged: { id: encodeGlobalId('Order', ORDER.id), status: 'OPEN', filledQuantity: 1 },
    });
  });

  test('tells the operator of all', async () => {
    const context = contextOf(createWorld({ viewer: viewer('OPERATOR') }));
    const { next } = await stream(context, source);
    publish(context, { ...BOOK_EVENT, ...publishing });
    for (const id of ['another', ORDER.id]) {
      const order = { id: encodeGlobalId('Order', id) };
      expect(await next()).toMatchObject({ orderChanged: order });
    }
  });

  test.each(['garbage', '', encodeGlobalId('Booking', ORDER.id)])(
    'stays silent for %j, which is no order',
    async (id) => {
      const context = contextOf(createWorld({ viewer: viewer('RENTER') }));
      const silent = await stream(
        context,
        `subscription { orderChanged(orderId: "${id}") { id } }`,
      );
      const own = await stream(context, source);
      const heard: unknown[] = [];
      void silent.next().then((item) => heard.push(item));
      publish(context, { ...BOOK_EVENT, ...publishing });
      await own.next();
      expect(heard).toEqual([]);
    },
  );
});
