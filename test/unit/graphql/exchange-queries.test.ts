import { describe, expect, test } from 'vitest';
import type { Candle } from '../../../src/domain/candle.ts';
import { bookChecksum } from '../../../src/domain/order-book.ts';
import type { Fill } from '../../../src/domain/order.ts';
import { HOUR_MS } from '../../../src/domain/time.ts';
import { bookId, encodeGlobalId } from '../../../src/graphql/global-id.ts';
import type { OrderPageRequest } from '../../../src/market/types.ts';
import { bid, ORDER } from './exchange-world.ts';
import { ask, createWorld, NOON, unit, viewer } from './world.ts';

const FILL: Fill = {
  id: '3b241101-e2bb-4255-8caf-4136c566a962',
  rateMicros: 1_250_000n,
  gpuCount: 8,
  durationMs: 5_400_000,
  at: NOON,
};
const RENTER = viewer('RENTER', 'ada');

function bookQuery(args: string): string {
  return `{ orderBook(${args}) {
    bookId sequence checksum at bids { usdPerGpuHour } asks { gpuCount } freshness { sequence } } }`;
}

function ordersOf(args: string): string {
  return `orders(first: 1, status: [OPEN]${args}) { totalCount edges { cursor node { id } } }`;
}

describe('orderBook', () => {
  test('gives the levels down to a depth, and their checksum', async () => {
    const [asks, bids] = [[1n, 2n, 3n].map((rate) => bid(rate, 2)), [bid(1n, 1)]];
    const pair = { gpuType: 'a100', region: 'east' };
    const world = createWorld({ book: { ...pair, bids, asks, sequence: 12n, at: NOON } });
    const { data } = await ask(world, bookQuery('gpuType: "a100", region: "east", depth: 2'));
    expect(data?.['orderBook']).toEqual({
      bookId: bookId(pair),
      sequence: '12',
      checksum: bookChecksum({ bids, asks: asks.slice(0, 2) }),
      at: '2026-06-01T12:00:00.000Z',
      bids: [{ usdPerGpuHour: '0.000001' }],
      asks: [{ gpuCount: 2 }, { gpuCount: 2 }],
      freshness: { sequence: '7' },
    });
    expect(world.asked).toEqual(['orderBooks 1']);
  });

  test('is null for an unknown market, which is not asked for', async () => {
    const world = createWorld();
    const { data } = await ask(world, bookQuery('gpuType: "a100", region: "north"'));
    expect(data).toEqual({ orderBook: null });
    expect(world.asked).toEqual([]);
  });

  test.each([0, -1, 101])('refuses the depth %i', async (depth) => {
    const { errors } = await ask(
      createWorld(),
      bookQuery(`gpuType: "x", region: "y", depth: ${depth}`),
    );
    expect(errors).toMatchObject([{ code: 'BAD_USER_INPUT', message: /from 1 to 100/ }]);
  });
});

describe('candles', () => {
  const candle: Candle = {
    interval: 'H1',
    openTime: NOON,
    openMicros: 1_000_000n,
    highMicros: 3_000_000n,
    lowMicros: 500_000n,
    closeMicros: 2_000_000n,
    gpuMs: 9_000_000n,
    trades: 2,
  };
  const range = 'from: "2026-06-01T11:00:00Z", to: "2026-06-01T13:00:00Z"';
  const fields = 'openTime closeTime open high low close gpuHours trades closed';

  test('are listed by market and as the history of a price', async () => {
    const world = createWorld({ candles: [candle], rate24hAgoMicros: 1_000_000n });
    const { data } = await ask(
      world,
      `{ candles(gpuType: "a100", region: "east", interval: H1, ${range}) { ${fields} }
         price(gpuType: "a100", region: "east") { bestAsk bestBid change24hPercent history(${range}) { ${fields} } } }`,
    );
    const told = {
      openTime: '2026-06-01T12:00:00.000Z',
      closeTime: '2026-06-01T13:00:00.000Z',
      open: '1.00',
      high: '3.00',
      low: '0.50',
      close: '2.00',
      gpuHours: 2.5,
      trades: 2,
      closed: NOON + HOUR_MS <= Date.now(),
    };
    expect(data).toEqual({
      candles: [told],
      price: { bestAsk: '1.40', bestBid: null, change24hPercent: 50, history: [told] },
    });
  });

  test('there are none of an unknown market', async () => {
    const world = createWorld({ candles: [candle] });
    const source = `{ candles(gpuType: "zz", region: "east", interval: H1, ${range}) { open }
      recentFills(gpuType: "zz", region: "east") { id } }`;
    expect(await ask(world, source)).toEqual({
      data: { candles: [], recentFills: [] },
      errors: [],
    });
    expect(world.asked).toEqual([]);
  });

  test.each([
    ['2026-06-02T00:00:00Z', '2026-06-01T00:00:00Z', /must be later than `from`/],
    ['2026-06-01T00:00:00Z', '2026-06-01T00:00:00Z', /must be later than `from`/],
    ['2026-06-01T00:00:00Z', '2026-06-02T09:21:00Z', /at most 2000 candles/],
    ['0001-01-01T00:00:00Z', '9999-12-31T00:00:00Z', /at most 2000 candles/],
  ])('from %s to %s are refused', async (from, to, message) => {
    const source = `{ candles(gpuType: "a100", region: "east", interval: M1, from: "${from}", to: "${to}") { open } }`;
    const { errors } = await ask(createWorld(), source);
    expect(errors).toMatchObject([{ code: 'BAD_USER_INPUT', message }]);
  });

  test('two thousand of them are not', async () => {
    const source = `{ candles(gpuType: "a100", region: "east", interval: M1,
      from: "2026-06-01T00:00:00Z", to: "2026-06-02T09:20:00Z") { open } }`;
    expect(await ask(createWorld(), source)).toEqual({ data: { candles: [] }, errors: [] });
  });
});

describe('marketStats', () => {
  test('are of a market, of several or of all, and zeros for a name that nobody knows', async () => {
    const world = createWorld({ units: [unit('east/a100/0001')] });
    const fields = 'gpuType { slug } region { code } totalGpus medianUsdPerGpuHour turnover24hUsd';
    const { data } = await ask(
      world,
      `{ all: marketStats { ${fields} } one: marketStats(gpuType: "l4", region: "north") { ${fields} }
         none: marketStats(gpuType: "zz") { ${fields} } }`,
    );
    const zeros = { medianUsdPerGpuHour: null, turnover24hUsd: '0.00' };
    expect(data).toEqual({
      all: { gpuType: null, region: null, totalGpus: 1, ...zeros },
      one: { gpuType: { slug: 'l4' }, region: { code: 'north' }, totalGpus: 1, ...zeros },
      none: { gpuType: { slug: 'zz' }, region: null, totalGpus: 0, ...zeros },
    });
    expect(world.asked).toEqual(['marketStats 2']);
  });
});

describe('orders and fills', () => {
  const id = encodeGlobalId('Order', ORDER.id);

  test('an order shows its terms and its fills, page by page', async () => {
    const asked: unknown[] = [];
    const world = createWorld({
      viewer: RENTER,
      market: {
        order: (_viewer, raw) => Promise.resolve(raw === ORDER.id ? ORDER : null),
        fillsOfOrder: (...args) => {
          asked.push(args);
          return Promise.resolve({ fills: [FILL], hasNextPage: true });
        },
      },
    });
    const fields = `side limitUsdPerGpuHour quantity gpusPerUnit timeInForce status expiresAt gpuType { slug }`;
    const fills = 'pageInfo { hasNextPage endCursor } nodes { usdPerGpuHour gpuHours gpuCount }';
    const source = (after: string): string =>
      `{ order(id: "${id}") { ${fields} fills(first: 1${after}) { ${fills} } } }`;
    const { data } = await ask(world, source(''));
    const order = data?.['order'] as { fills: { pageInfo: { endCursor: string } } };
    expect(order).toMatchObject({
      side: 'BID',
      limitUsdPerGpuHour: '2.00',
      quantity: 3,
      gpusPerUnit: null,
      timeInForce: 'GTC',
      status: 'OPEN',
      expiresAt: null,
      gpuType: { slug: 'a100' },
      fills: { nodes: [{ usdPerGpuHour: '1.25', gpuHours: 12, gpuCount: 8 }] },
    });
    await ask(world, source(`, after: "${order.fills.pageInfo.endCursor}"`));
    expect(asked).toEqual([
      [ORDER.id, 1, null],
      [ORDER.id, 1, FILL.id],
    ]);
    const { errors } = await ask(world, source(', after: "garbage"'));
    expect(errors).toMatchObject([{ code: 'BAD_USER_INPUT', path: 'order.fills' }]);
  });

  test('orders are paged by a cursor that names a place, not an offset', async () => {
    const requests: OrderPageRequest[] = [];
    const world = createWorld({
      viewer: RENTER,
      market: {
        account: () => Promise.resolve({ id: 'ada', role: 'RENTER', name: 'Ada' }),
        orders: (_viewer, request) => {
          requests.push(request);
          return Promise.resolve({ orders: [ORDER], hasNextPage: true, totalCount: 9 });
        },
      },
    });
    const { data } = await ask(world, `{ ${ordersOf('')} }`);
    const orders = data?.['orders'] as { edges: { cursor: string }[] } | undefined;
    const edges = orders?.edges ?? [];
    expect(edges).toMatchObject([{ node: { id } }]);
    await ask(world, `{ viewer { ${ordersOf(`, after: "${edges[0]?.cursor}"`)} } }`);
    expect(requests).toEqual([
      { first: 1, after: null, status: ['OPEN'] },
      { first: 1, after: { createdAt: NOON, id: ORDER.id }, status: ['OPEN'] },
    ]);
  });

  test.each([
    ['a stranger', null, 'UNAUTHENTICATED'],
    ['a provider', viewer('PROVIDER'), 'FORBIDDEN'],
  ])('are not for %s', async (_who, who, code) => {
    for (const field of [`order(id: "${id}") { id }`, 'orders { totalCount }']) {
      const { errors } = await ask(createWorld({ viewer: who }), `{ ${field} }`);
      expect(errors).toMatchObject([{ code }]);
    }
    const { data } = await ask(createWorld({ viewer: who }), `{ node(id: "${id}") { id } }`);
    expect(data).toEqual({ node: null });
  });

  test('fills are public, by market and by id', async () => {
    const world = createWorld({
      market: {
        recentFills: (pair, first) =>
          Promise.resolve(pair.gpuType === 'l4' && first === 2 ? [FILL] : []),
        fill: (raw) => Promise.resolve(raw === FILL.id ? FILL : null),
      },
    });
    const fill = encodeGlobalId('Fill', FILL.id);
    const source = `{ recentFills(gpuType: "l4", region: "east", first: 2) { id at }
      node(id: "${fill}") { __typename id } book: node(id: "${bookId({ gpuType: 'l4', region: 'east' })}") { id } }`;
    expect((await ask(world, source)).data).toEqual({
      recentFills: [{ id: fill, at: '2026-06-01T12:00:00.000Z' }],
      node: { __typename: 'Fill', id: fill },
      book: null,
    });
  });
});
