import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS, toIso } from '../../src/domain/time.ts';
import { fieldOf } from './doors.ts';
import { idOf, startStranger, windowFrom, type Stranger } from './stranger.ts';

let stranger: Stranger;

beforeAll(async () => {
  stranger = await startStranger();
});

afterAll(async () => {
  expect(await stranger.stop()).toEqual([]);
});

const PAGE = /from 1 to 100/;
const CURSOR = /must be a cursor that this list has sent/;
const NINETY_DAYS = /at most 90 days/;
const REVERSED = /must end after it starts/;

function windowText(length: number): string {
  const { start, end } = windowFrom(DAY_MS, length);
  return `start: "${start}", end: "${end}"`;
}

/** A value that each type takes. */
const ONE_OF: Readonly<Record<string, string>> = {
  'ID!': 'x',
  'String!': 'x',
  'GpuStatus!': 'HELD',
  'TrustTier!': 'VERIFIED',
  'ProviderStatus!': 'ONLINE',
  'BookingStatus!': 'HELD',
  'OrderStatus!': 'OPEN',
};

const PAIR = 'gpuType: "x", region: "y"';
const candles = (from: string, to: string): string =>
  `{ candles(${PAIR}, interval: M1, from: "${from}", to: "${to}") { open } }`;

/** What is asked, the argument that is complained of, and what the complaint says is allowed. */
const OUT_OF_RANGE: [query: string, argument: string, allowed: RegExp][] = [
  ...[0, -1, 101, 1_000_000_000].flatMap((size): [string, string, RegExp][] => [
    [`{ gpus(first: ${size}) { totalCount } }`, 'first', PAGE],
    [`{ gpus(first: null, last: ${size}) { totalCount } }`, 'last', PAGE],
    [`{ providers(first: ${size}) { totalCount } }`, 'first', PAGE],
    [`{ bookings(first: ${size}) { totalCount } }`, 'first', PAGE],
    [`{ viewer { bookings(first: ${size}) { totalCount } } }`, 'first', PAGE],
    [`{ orders(first: ${size}) { totalCount } }`, 'first', PAGE],
    [`{ viewer { orders(first: ${size}) { totalCount } } }`, 'first', PAGE],
    [`{ recentFills(${PAIR}, first: ${size}) { id } }`, 'first', PAGE],
    [`{ orderBook(${PAIR}, depth: ${size}) { sequence } }`, 'depth', PAGE],
    [`{ providers(first: 1) { nodes { gpus(first: ${size}) { totalCount } } } }`, 'first', PAGE],
  ]),
  ['{ gpus(first: 1, last: 1) { totalCount } }', 'last', /either `first` or `last`/],
  ['{ gpus(last: 1) { totalCount } }', 'last', /set `first: null`/],
  ['{ gpus(after: "garbage") { totalCount } }', 'after', CURSOR],
  ['{ gpus(after: "") { totalCount } }', 'after', CURSOR],
  ['{ gpus(before: "%00") { totalCount } }', 'before', CURSOR],
  [`{ gpus(after: "${'x'.repeat(5_000)}") { totalCount } }`, 'after', CURSOR],
  ['{ providers(after: "garbage") { totalCount } }', 'after', CURSOR],
  ['{ bookings(after: "garbage") { totalCount } }', 'after', CURSOR],
  ['{ orders(after: "garbage") { totalCount } }', 'after', CURSOR],
  [candles('2026-06-02T00:00:00Z', '2026-06-01T00:00:00Z'), 'to', /later than `from`/],
  [candles('2026-06-01T00:00:00Z', '2026-06-03T00:00:00Z'), 'to', /at most 2000 candles/],
  [candles('0001-01-01T00:00:00Z', '9999-12-31T00:00:00Z'), 'to', /at most 2000 candles/],
  [
    `{ gpus(filter: { freeDuring: { ${windowText(-HOUR_MS)} } }) { totalCount } }`,
    'filter.freeDuring',
    REVERSED,
  ],
  [
    `{ gpus(filter: { freeDuring: { ${windowText(0)} } }) { totalCount } }`,
    'filter.freeDuring',
    REVERSED,
  ],
  [
    `{ gpus(filter: { freeDuring: { ${windowText(91 * DAY_MS)} } }) { totalCount } }`,
    'filter.freeDuring',
    NINETY_DAYS,
  ],
];

describe('an argument out of its range', () => {
  test.each(OUT_OF_RANGE)('%s is refused by name', async (query, argument, allowed) => {
    const { errors } = await stranger.ask(query, {}, 'RENTER');
    expect(errors).toEqual([
      expect.objectContaining({
        message: expect.stringMatching(allowed),
        extensions: { code: 'BAD_USER_INPUT', retryable: false, argument },
      }),
    ]);
  });

  test.each([
    ['ID!', 'ids', 'nodes(ids: $many) { id }'],
    ['String!', 'slugs', 'gpuTypes(slugs: $many) { id }'],
    ['String!', 'gpuTypes', 'prices(gpuTypes: $many) { usdPerGpuHour }'],
    ['String!', 'regions', 'prices(regions: $many) { usdPerGpuHour }'],
    ['String!', 'gpuTypes', 'availability(gpuTypes: $many) { total }'],
    ['String!', 'regions', 'availability(regions: $many) { total }'],
    ['String!', 'filter.gpuTypes', 'gpus(filter: { gpuTypes: $many }) { totalCount }'],
    ['String!', 'filter.regions', 'gpus(filter: { regions: $many }) { totalCount }'],
    ['ID!', 'filter.providerIds', 'gpus(filter: { providerIds: $many }) { totalCount }'],
    ['GpuStatus!', 'filter.status', 'gpus(filter: { status: $many }) { totalCount }'],
    ['TrustTier!', 'filter.trustTier', 'gpus(filter: { trustTier: $many }) { totalCount }'],
    ['ProviderStatus!', 'status', 'providers(status: $many) { totalCount }'],
    ['BookingStatus!', 'status', 'bookings(status: $many) { totalCount }'],
    ['OrderStatus!', 'status', 'orders(status: $many) { totalCount }'],
    ['BookingStatus!', 'status', 'viewer { bookings(status: $many) { totalCount } }'],
  ])('a list of 101 × %s in %s of %s is refused', async (type, argument, field) => {
    const query = `query ($many: [${type}]!) { ${field} }`;
    const value = ONE_OF[type];
    const many = Array.from({ length: 101 }, () => value);
    const { errors } = await stranger.ask(query, { many }, 'RENTER');
    expect(errors).toMatchObject([
      { message: expect.stringMatching(/at most 100 values/), extensions: { argument } },
    ]);
  });

  test.each([
    ['reversed', DAY_MS, 0, REVERSED],
    ['longer than 90 days', 0, 91 * DAY_MS, NINETY_DAYS],
  ])('free windows of a %s range are refused', async (_what, from, to, allowed) => {
    const query = `query ($id: ID!, $from: DateTime!, $to: DateTime!) {
      gpu(id: $id) { freeWindows(from: $from, to: $to) { start } } }`;
    const window = { from: toIso(Date.now() + from), to: toIso(Date.now() + to) };
    const { errors } = await stranger.ask(query, { id: stranger.units[0]?.id, ...window });
    expect(errors).toMatchObject([
      { message: expect.stringMatching(allowed), extensions: { code: 'BAD_USER_INPUT' } },
    ]);
  });

  test('a cursor of another list, or of another order, is refused', async () => {
    const page = '{ gpus(first: 1) { pageInfo { endCursor } } }';
    const gpus = fieldOf(await stranger.ask(page), 'gpus') as { pageInfo: { endCursor: string } };
    const after = gpus.pageInfo.endCursor;
    for (const list of [
      'gpus(after: $after, orderBy: { field: VRAM_GB })',
      'providers(after: $after)',
    ]) {
      const query = `query ($after: String!) { ${list} { totalCount } }`;
      const { errors } = await stranger.ask(query, { after });
      expect(errors).toMatchObject([{ message: expect.stringMatching(CURSOR) }]);
    }
  });
});

const DECIMAL = /non-negative decimal as a string with at most 6 fraction digits/;
const INSTANT = /ISO-8601 instant with its offset/;

/** Filters with a scalar on a line of its own. */
const decimal = (value: string): string => `usdPerGpuHour: { gte:\n${value} }`;
const instant = (value: string): string =>
  `freeDuring: { end: "2026-11-24T00:00:00Z", start:\n${value} }`;

describe('a scalar in the document', () => {
  test.each([
    ...[
      '5',
      '1.5',
      '-1',
      '"-1"',
      '"1.0000001"',
      '"1e5"',
      '"zqMARKqz"',
      'zqMARKqz',
      '{ a: "zqMARKqz" }',
    ].map((value) => ({ value, filter: decimal(value), allowed: DECIMAL })),
    ...['5', '"zqMARKqz"', '"2026-11-23"', '"2026-11-23T00:00:00"', '"2026-02-30T00:00:00Z"'].map(
      (value) => ({ value, filter: instant(value), allowed: INSTANT }),
    ),
  ])('$value is refused where it stands: expected $allowed', async ({ filter, allowed }) => {
    const { errors } = await stranger.ask(`{ gpus(filter: { ${filter} }) { totalCount } }`);
    expect(errors).toMatchObject([
      {
        message: expect.stringMatching(allowed),
        locations: [{ line: 2, column: 1 }],
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
    expect(JSON.stringify(errors)).not.toContain('zqMARKqz');
  });

  test.each([
    '{ gpu("zqMARKqz") { id } }',
    '{ gpu(id "zqMARKqz") { id } }',
    '{ gpu(id """zqMARKqz""") { id } }',
  ])('%s is refused without repeating the text', async (query) => {
    const { errors } = await stranger.ask(query);
    expect(errors).toMatchObject([
      {
        message: expect.stringContaining('Syntax Error'),
        extensions: { code: 'GRAPHQL_PARSE_FAILED', retryable: false },
      },
    ]);
    expect(JSON.stringify(errors)).not.toContain('zqMARKqz');
  });
});

const UNKNOWN = [
  '""',
  '"nope"',
  '"%_\'\\"--"',
  '"\\u0000"',
  '"constructor"',
  `"${idOf('Gpu', 'a/b/1')}"`,
];

describe('what is not there', () => {
  test.each(UNKNOWN)('%s is nobody, and no error', async (name) => {
    const query = `{ node(id: ${name}) { id } nodes(ids: [${name}]) { id } gpu(id: ${name}) { id }
      provider(id: ${name}) { id } booking(id: ${name}) { id }
      order(id: ${name}) { id } orderBook(gpuType: ${name}, region: ${name}) { sequence }
      recentFills(gpuType: ${name}, region: ${name}) { id } marketStats(gpuType: ${name}) { totalGpus }
      gpuType(slug: ${name}) { id }
      price(gpuType: ${name}, region: ${name}) { usdPerGpuHour }
      gpuTypes(slugs: [${name}]) { id } prices(regions: [${name}]) { usdPerGpuHour }
      availability(gpuTypes: [${name}]) { total } bookings(gpuId: ${name}) { totalCount }
      gpus(filter: { providerIds: [${name}] }) { totalCount } providers(region: ${name}) { totalCount } }`;
    expect((await stranger.ask(query, {}, 'RENTER')).data).toEqual({
      node: null,
      nodes: [null],
      gpu: null,
      provider: null,
      booking: null,
      order: null,
      orderBook: null,
      recentFills: [],
      marketStats: { totalGpus: 0 },
      gpuType: null,
      price: null,
      gpuTypes: [],
      prices: [],
      availability: [],
      bookings: { totalCount: 0 },
      gpus: { totalCount: 0 },
      providers: { totalCount: 0 },
    });
  });

  test('one bad id among good ones leaves a hole, not a ruin', async () => {
    const id = stranger.units[0]?.id;
    const { data } = await stranger.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
      ids: [id, 'x', id],
    });
    expect(data).toEqual({ nodes: [{ id }, null, { id }] });
  });
});
