import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HOUR_MS } from '../../src/domain/time.ts';
import { encodeCursor } from '../../src/live/cursor.ts';
import type { TokenRole } from '../../src/domain/viewer.ts';
import { until } from '../support/wait.ts';
import { DOORS } from './doors.ts';
import { followStream, type Followed } from './follow.ts';
import { idOf, NOBODYS_UUID, startStranger, windowFrom, type Stranger } from './stranger.ts';

let stranger: Stranger;
const leaving = new AbortController();

beforeAll(async () => {
  stranger = await startStranger();
});

afterAll(async () => {
  leaving.abort();
  expect(await stranger.stop()).toEqual([]);
});

const LIST = /at most 100 values/;
const CURSOR = /Expected a cursor that this API has sent/;
const ENUM = /does not exist in the enum/;
const INTERVAL = /from 100 to 60000/;
const MARK = 'zqMARKqz';

interface Row {
  readonly field: string;
  readonly argument: string;
  readonly type: string;
  readonly values: readonly unknown[];
  readonly allowed: RegExp;
  readonly code?: string;
  readonly as?: TokenRole;
  /** The other arguments that the field demands. */
  readonly others?: string;
}

const many = (value: string): string[] => Array.from({ length: 101 }, () => value);

function filtered(field: string, ...names: string[]): Row[] {
  return names.map((argument) => {
    return { field, argument, type: '[String!]', values: [many(MARK)], allowed: LIST };
  });
}

function resumable(field: string, as?: TokenRole): Row {
  const values = ['', MARK, '\0', 'MQ==', 'x'.repeat(2_000), 5, {}];
  const row = { field, argument: 'after', type: 'EventCursor', values, allowed: CURSOR };
  return as ? { ...row, as } : row;
}

const PAIRED = ['availabilityChanged', 'priceTicker', 'cacheInvalidated'];

function unknownMarket(field: string, others: string): Row {
  const values = ['', MARK, '\0', '*', 'constructor', 'x'.repeat(5_000)];
  return {
    field,
    argument: 'gpuType',
    type: 'String!',
    values,
    allowed: /offered together/,
    others,
  };
}

const ANY_PAIR = ', gpuType: "x", region: "y"';

const rows: Row[] = [
  ...PAIRED.flatMap((field) => filtered(field, 'gpuTypes', 'regions')),
  ...PAIRED.map((field) => resumable(field)),
  resumable('bookingChanged', 'RENTER'),
  resumable('cacheEvents', 'OPERATOR'),
  {
    field: 'priceTicker',
    argument: 'minIntervalMs',
    type: 'Int',
    values: [0, -1, 99, 60_001, 2_147_483_647],
    allowed: INTERVAL,
  },
  {
    field: 'priceTicker',
    argument: 'minIntervalMs',
    type: 'Int',
    values: [2_147_483_648, 1.5, MARK],
    allowed: /Int cannot represent/,
  },
  {
    field: 'providerStatusChanged',
    argument: 'providerIds',
    type: '[ID!]',
    values: [many(MARK)],
    allowed: LIST,
  },
  {
    field: 'cacheInvalidated',
    argument: 'namespaces',
    type: '[CacheNamespace!]',
    values: [many('HISTORICAL')],
    allowed: LIST,
  },
  {
    field: 'cacheInvalidated',
    argument: 'namespaces',
    type: '[CacheNamespace!]',
    values: [[MARK], ['historical'], ''],
    allowed: ENUM,
  },
  {
    field: 'orderBookUpdated',
    argument: 'depth',
    type: 'Int',
    values: [0, -1, 101, 2_147_483_647],
    allowed: /from 1 to 100/,
    others: ANY_PAIR,
  },
  {
    field: 'orderBookUpdated',
    argument: 'intervalMs',
    type: 'Int',
    values: [0, -100, 99, 101, 500, 10_000],
    allowed: /must be 100 or 1000/,
    others: ANY_PAIR,
  },
  unknownMarket('orderBookUpdated', ', region: "x"'),
  unknownMarket('candleUpdated', ', region: "x", interval: M1'),
  {
    field: 'candleUpdated',
    argument: 'interval',
    type: 'CandleInterval!',
    values: [MARK, '', 'm1'],
    allowed: ENUM,
    others: ANY_PAIR,
  },
  {
    field: 'cacheEvents',
    argument: 'types',
    type: '[CacheEventType!]',
    values: [many('PRICING_UPDATED')],
    allowed: LIST,
    as: 'OPERATOR',
  },
  {
    field: 'cacheEvents',
    argument: 'types',
    type: '[CacheEventType!]',
    values: [[MARK]],
    allowed: ENUM,
    as: 'OPERATOR',
  },
];

describe.each(['SSE', 'WebSocket'] as const)('over %s', (door) => {
  async function open(query: string, variables: object, as?: TokenRole) {
    const token = as ? (await stranger.token(as)).token : null;
    return DOORS[door](stranger.node, { query, variables: { ...variables }, token });
  }

  test.each(rows)('$field refuses a bad $argument', async (row) => {
    const { field, argument, type, values, allowed, as, others = '' } = row;
    const query = `subscription ($value: ${type}) { ${field}(${argument}: $value${others}) { __typename } }`;
    for (const value of values) {
      const { errors } = await open(query, { value }, as);
      expect(errors).toMatchObject([
        { message: expect.stringMatching(allowed), extensions: { code: 'BAD_USER_INPUT' } },
      ]);
      expect(JSON.stringify(errors)).not.toContain(MARK);
    }
  });

  test.each([
    ['bookingChanged', undefined, 'UNAUTHENTICATED'],
    ['bookingChanged', 'PROVIDER', 'FORBIDDEN'],
    ['cacheEvents', undefined, 'UNAUTHENTICATED'],
    ['cacheEvents', 'RENTER', 'FORBIDDEN'],
    ['orderChanged', undefined, 'UNAUTHENTICATED'],
    ['orderChanged', 'PROVIDER', 'FORBIDDEN'],
  ] as const)('%s asked by %s is %s', async (field, as, code) => {
    const { errors } = await open(`subscription { ${field} { __typename } }`, {}, as);
    expect(errors).toMatchObject([{ extensions: { code } }]);
  });

  test('a cursor that is no longer kept ends a private stream with CURSOR_EXPIRED', async () => {
    const cursor = encodeCursor(new Map([[0, { base: 1n, sequence: 2n }]]));
    const query = 'subscription ($after: EventCursor) { bookingChanged(after: $after) { change } }';
    const { errors } = await open(query, { after: cursor }, 'RENTER');
    expect(errors).toMatchObject([{ extensions: { code: 'CURSOR_EXPIRED' } }]);
    const resumed = `subscription ($after: EventCursor) {
      priceTicker(after: $after) { ... on StreamStart { resumed } } }`;
    expect((await open(resumed, { after: cursor })).data).toEqual({
      priceTicker: { resumed: false },
    });
  });
});

function follow(query: string, token: string | null): Followed {
  return followStream(stranger.node, 'SSE', { query, token }, leaving.signal);
}

const hasStarted = ({ heard }: Followed): boolean => heard.length > 0;

describe('a filter that names nothing', () => {
  test('stays silent and open while others hear', async () => {
    const { token } = await stranger.token('RENTER');
    const unknown = ['garbage', '%', "';--", 'constructor'].map((name) => JSON.stringify(name));
    const booking = [idOf('Booking', NOBODYS_UUID), 'garbage', ''].map((id) => JSON.stringify(id));
    const silent = [
      ...unknown.map((name) =>
        follow(`subscription { availabilityChanged(gpuTypes: [${name}]) { __typename } }`, null),
      ),
      ...booking.map((id) =>
        follow(`subscription { bookingChanged(bookingId: ${id}) { change } }`, token),
      ),
      ...unknown.map((id) =>
        follow(`subscription { providerStatusChanged(providerIds: [${id}]) { id } }`, null),
      ),
    ];
    const all = follow('subscription { availabilityChanged { __typename } }', null);
    const own = follow('subscription { bookingChanged { change } }', token);
    await until(() => [all, ...silent.slice(0, unknown.length)].every(hasStarted));
    const before = all.heard.length;
    let hours = 0;
    await until(
      async () => {
        const period = windowFrom((hours += 1) * HOUR_MS);
        const input = { gpuId: stranger.units[0]?.id, period };
        await stranger.mutate('createBooking', input, 'RENTER');
        return own.heard.length > 0 && all.heard.length > before;
      },
      { what: 'the booking on the streams that it concerns' },
    );
    const changes = silent
      .flatMap(({ heard }) => heard)
      .filter((item) => !/Stream/.test(JSON.stringify(item)));
    expect(changes).toEqual([]);
  });
});
