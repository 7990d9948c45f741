import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DOORS, type Answer, type Asked, type DoorName } from './doors.ts';
import { startStranger, type Stranger } from './stranger.ts';

const DOOR_NAMES = Object.keys(DOORS) as DoorName[];
const MODES = ['development', 'production'] as const;
const MARK = 'zqMARKqz';

const repeat = (times: number, part: (index: number) => string): string =>
  Array.from({ length: times }, (_, index) => part(index)).join(' ');

/** Documents that ask for too much of one thing. */
const TOO_MUCH: Readonly<Record<string, string>> = {
  depth: `{ gpus { nodes { provider { gpus { nodes { provider { gpus { nodes { provider { gpus {
    totalCount } } } } } } } } } } }`,
  aliases: `{ ${repeat(16, (index) => `a${index}: rateLimit { cost }`)} }`,
  directives: `{ rateLimit { cost ${repeat(11, () => '@include(if: true)')} } }`,
  tokens: `{ rateLimit { ${repeat(1_001, () => 'cost')} } }`,
  cost: '{ gpus(first: 100) { nodes { gpuType { availability { stock } } } } }',
};

/** Mistakes that graphql-js would help with by naming what is there, or by repeating what it got. */
const MISTAKES: readonly Asked[] = [
  { query: '{ gpu(id: "x") { nme } }' },
  { query: 'query A { rateLimit { cost } } query B { rateLimit { cost } }' },
  { query: '{ gpus(frst: 1) { totalCount } }' },
  { query: '{ gpus(filter: { statuss: HELD }) { totalCount } }' },
  { query: `{ gpus(filter: { status: [AVAILABL] }) { totalCount } }` },
  { query: `{ gpus(first: "${MARK}") { totalCount } }` },
  { query: `{ gpu(id: { a: "${MARK}" }) { id } }` },
  {
    query: 'query ($f: GpuFilter) { gpus(filter: $f) { totalCount } }',
    variables: { f: { statuss: MARK } },
  },
  {
    query: 'query ($s: [GpuStatus!]) { gpus(filter: { status: $s }) { totalCount } }',
    variables: { s: ['AVAILABL', MARK] },
  },
  { query: 'query ($n: Int) { gpus(first: $n) { totalCount } }', variables: { n: MARK } },
  { query: 'query ($n: Int) { gpus(first: $n) { totalCount } }', variables: { n: [MARK] } },
];

describe.each(MODES)('in %s', (mode) => {
  let stranger: Stranger;

  beforeAll(async () => {
    stranger = await startStranger({ NODE_ENV: mode, RATE_LIMIT: 'on' });
  });

  afterAll(async () => {
    expect(await stranger.stop()).toEqual([]);
  });

  describe.each(DOOR_NAMES)('over %s', (door) => {
    const ask = (asked: Asked): Promise<Answer> => DOORS[door](stranger.node, asked);

    test('a query is answered, backward pages too', async () => {
      const { data, errors } = await ask({
        query: '{ gpus(first: null, last: 2) { nodes { name } pageInfo { hasPreviousPage } } }',
      });
      expect(errors).toBeUndefined();
      expect(data).toMatchObject({ gpus: { pageInfo: { hasPreviousPage: true } } });
    });

    test.each(Object.keys(TOO_MUCH))('a document with too much %s is refused', async (what) => {
      const { data, errors } = await ask({ query: TOO_MUCH[what] ?? '' });
      expect(data ?? null).toBeNull();
      expect(errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_COMPLEX' } }]);
    });

    test('mistakes have a code and repeat no value', async () => {
      for (const mistake of MISTAKES) {
        const text = JSON.stringify(await ask(mistake));
        expect(text).toMatch(/"code":"(GRAPHQL_VALIDATION_FAILED|BAD_USER_INPUT)"/);
        expect(text).not.toContain(MARK);
        if (mode === 'production') expect(text).not.toMatch(/did you mean/i);
      }
    });

    test('the schema is open in development only', async () => {
      const query = getIntrospectionQuery();
      const asked = door === 'GET' ? { query: '{ __type(name: "Gpu") { name } }' } : { query };
      const { data, errors } = await ask(asked);
      if (mode === 'development') expect(errors ?? Object.keys(data ?? {})).toHaveLength(1);
      else expect(errors?.[0]).toMatchObject({ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });
    });

    test('a forged or foreign token opens nothing', async () => {
      const asked = { query: '{ viewer { id } }', token: 'eyJhbGciOiJub25lIn0.e30.' };
      const answer = await ask(asked).catch((closed: unknown) => closed);
      if (door === 'WebSocket') expect(answer).toMatchObject({ code: 4401 });
      else expect(answer).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    });
  });

  test('a mutation is no GET', async () => {
    const query =
      'mutation { setGpuStatus(input: { gpuId: "x", status: OFFLINE }) { __typename } }';
    const { token } = await stranger.token('OPERATOR');
    const { errors } = await DOORS.GET(stranger.node, { query, token });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_REQUEST' } }]);
  });

  test('no answer is stored or sniffed', async () => {
    const { headers } = await fetch(`${stranger.node.origin}/graphql?query={viewer{id}}`, {
      headers: { authorization: `Bearer ${(await stranger.token('RENTER')).token}` },
    });
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  test.each(['origin', 'sec-fetch-site'])('a page elsewhere (%s) reads nothing', async (header) => {
    const value = header === 'origin' ? 'https://evil.example' : 'cross-site';
    for (const method of ['GET', 'POST']) {
      const response = await fetch(`${stranger.node.origin}/graphql?query={regions{id}}`, {
        method,
        headers: { [header]: value, 'content-type': 'application/json' },
        ...(method === 'POST' && { body: JSON.stringify({ query: '{ regions { id } }' }) }),
      });
      expect(response.status).toBe(403);
    }
  });

  test('an account that asks for too much is throttled at every door alike', async () => {
    const { token } = await stranger.token('RENTER', 'greedy');
    const asked = {
      query: '{ gpus(first: 100) { nodes { provider { id } region { id } } } }',
      token,
    };
    for (let spent = 0; spent < 4; spent += 1) await DOORS.POST(stranger.node, asked);
    for (const door of DOOR_NAMES) {
      const { errors } = await DOORS[door](stranger.node, asked);
      expect(errors).toMatchObject([
        { extensions: { code: 'THROTTLED', retryable: true, retryAfterMs: expect.any(Number) } },
      ]);
    }
  });
});
