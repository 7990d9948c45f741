import { describe, expect, test } from 'vitest';
import { encodeGlobalId } from '../../../src/graphql/global-id.ts';
import { ask, createWorld, offer, provider, unit, viewer } from './world.ts';

const UUID = '0f8fad5b-d9cb-469f-a165-70867728950e';
const ids = ['east/a100/0001', 'east/a100/0002', 'north/l4/0001'];
const units = ids.map((id, index) =>
  unit(id, { offer: offer(id, BigInt(index + 1) * 1_000_000n) }),
);
const gpuId = encodeGlobalId('Gpu', 'east/a100/0001');

const accountNamed = (id: string) => () =>
  Promise.resolve({ id, role: 'RENTER', name: id } as const);

describe('node and nodes', () => {
  test.each([
    ['Region', 'east'],
    ['GpuType', 'a100'],
    ['Gpu', 'east/a100/0001'],
    ['Provider', 'acme'],
    ['Offer', 'east/a100/0001'],
  ] as const)('find a %s by its id', async (type, rawId) => {
    const id = encodeGlobalId(type, rawId);
    const { data } = await ask(createWorld({ units }), `{ node(id: "${id}") { __typename id } }`);
    expect(data).toEqual({ node: { __typename: type, id } });
  });

  test('find the own account of the viewer only', async () => {
    const own = encodeGlobalId('Account', 'renter');
    const foreign = encodeGlobalId('Account', 'somebody');
    const world = createWorld({
      viewer: viewer('RENTER'),
      market: { account: accountNamed('renter') },
    });
    const { data } = await ask(world, `{ nodes(ids: ["${own}", "${foreign}"]) { id } }`);
    expect(data).toEqual({ nodes: [{ id: own }, null] });
  });

  test('give null only where an id is bad, of an unknown thing, or not for the viewer', async () => {
    const booking = encodeGlobalId('Booking', UUID);
    const absent = encodeGlobalId('Gpu', 'east/a100/0099');
    const elsewhere = encodeGlobalId('Provider', 'nobody');
    const list = JSON.stringify(['garbage', gpuId, absent, booking, elsewhere]);
    const answer = await ask(createWorld({ units }), `{ nodes(ids: ${list}) { id } }`);
    expect(answer).toEqual({
      data: { nodes: [null, { id: gpuId }, null, null, null] },
      errors: [],
    });
  });

  test('take at most 100 ids', async () => {
    const list = JSON.stringify(Array.from({ length: 101 }, () => gpuId));
    const { errors } = await ask(createWorld(), `{ nodes(ids: ${list}) { id } }`);
    expect(errors).toMatchObject([{ code: 'BAD_USER_INPUT' }]);
  });
});

describe('gpus', () => {
  test('asks once for all lists that the filter leaves, however many fields are selected', async () => {
    const world = createWorld({ units });
    const source = '{ gpus(filter: { regions: ["east"] }) { nodes { name provider { name } } } }';
    const { data } = await ask(world, source);
    expect(data).toEqual({
      gpus: {
        nodes: [
          { name: 'east/a100/0001', provider: { name: 'ACME' } },
          { name: 'east/a100/0002', provider: { name: 'ACME' } },
        ],
      },
    });
    expect(world.asked).toEqual(['unitLists 2', 'providers 1']);
  });

  test('neither skips nor repeats an unchanged unit when others change between two pages', async () => {
    const world = createWorld({ units });
    const page = (after: string | null) =>
      ask(
        world,
        'query ($after: String) { gpus(first: 1, after: $after) { nodes { name } pageInfo { endCursor } } }',
        { after },
      );
    const first = (await page(null)).data?.['gpus'] as { pageInfo: { endCursor: string } };
    const cheaper = unit('east/a100/0003', { offer: offer('east/a100/0003', 1n) });
    world.units = [cheaper, ...units.slice(1)];
    const second = await page(first.pageInfo.endCursor);
    expect(second.data).toMatchObject({ gpus: { nodes: [{ name: 'east/a100/0002' }] } });
  });

  test.each([
    ['an unknown type', 'gpuTypes: ["nothing"]'],
    ['an unknown region', 'regions: ["nowhere"]'],
    ['a provider id that is none', 'providerIds: ["garbage"]'],
  ])('is empty for %s', async (_what, filter) => {
    const { data } = await ask(
      createWorld({ units }),
      `{ gpus(filter: { ${filter} }) { totalCount } }`,
    );
    expect(data).toEqual({ gpus: { totalCount: 0 } });
  });

  test.each([
    ['gpus(first: 0) { totalCount }', '`first` must be from 1 to 100.'],
    ['gpus(first: null, last: 101) { totalCount }', '`last` must be from 1 to 100.'],
    [
      'gpus(after: "zzz") { totalCount }',
      '`after` must be a cursor that this list has sent in this order.',
    ],
    [
      'gpus(filter: { freeDuring: { start: "2026-06-02T00:00:00Z", end: "2026-06-01T00:00:00Z" } }) { totalCount }',
      '`filter.freeDuring` must end after it starts.',
    ],
    [
      'gpus(filter: { freeDuring: { start: "2026-01-01T00:00:00Z", end: "2027-01-01T00:00:00Z" } }) { totalCount }',
      '`filter.freeDuring` may span at most 90 days.',
    ],
  ])('refuses %s and says what is allowed', async (field, message) => {
    const { errors } = await ask(createWorld({ units }), `{ ${field} }`);
    expect(errors).toEqual([{ message, code: 'BAD_USER_INPUT', path: 'gpus' }]);
  });

  test('of a provider are its own', async () => {
    const foreign = unit('east/a100/0003', { provider: 'zeta' });
    const world = createWorld({
      units: [...units, foreign],
      providers: [provider('acme'), provider('zeta')],
    });
    const { data } = await ask(world, '{ providers { nodes { slug gpus { totalCount } } } }');
    expect(data).toEqual({
      providers: {
        nodes: [
          { slug: 'acme', gpus: { totalCount: 3 } },
          { slug: 'zeta', gpus: { totalCount: 1 } },
        ],
      },
    });
  });
});

describe('prices and counts', () => {
  test('are null or left out for what the catalogue does not have, without asking for it', async () => {
    const world = createWorld({ units });
    const elsewhere = encodeGlobalId('Gpu', 'nowhere/a100/0001');
    const source = `{
      price(gpuType: "made-up", region: "east") { usdPerGpuHour }
      availability(regions: ["x"]) { total }
      bad: gpu(id: "garbage") { id }
      absent: gpu(id: "${elsewhere}") { id }
    }`;
    const { data } = await ask(world, source);
    expect(data).toEqual({ price: null, availability: [], bad: null, absent: null });
    expect(world.asked).toEqual([]);
  });

  test('come with their pair and in dollars', async () => {
    const { data } = await ask(
      createWorld({ units }),
      '{ prices { gpuType { slug } region { code } usdPerGpuHour multiplier bestAsk } }',
    );
    const price = {
      usdPerGpuHour: '1.50',
      multiplier: 1.15,
      bestAsk: '1.40',
      region: { code: 'east' },
    };
    expect(data).toEqual({
      prices: [
        { ...price, gpuType: { slug: 'a100' } },
        { ...price, gpuType: { slug: 'l4' } },
      ],
    });
  });
});

describe('bookings', () => {
  test.each(['bookings { totalCount }', `booking(id: "${gpuId}") { id }`])(
    'are not for a stranger: %s',
    async (field) => {
      const { errors } = await ask(createWorld(), `{ ${field} }`);
      expect(errors).toMatchObject([{ code: 'UNAUTHENTICATED' }]);
    },
  );

  test('of a unit id that is none are none', async () => {
    const world = createWorld({ viewer: viewer('RENTER') });
    const { data } = await ask(world, '{ bookings(gpuId: "garbage") { totalCount nodes { id } } }');
    expect(data).toEqual({ bookings: { totalCount: 0, nodes: [] } });
  });

  test('of another account are not for the viewer', async () => {
    const world = createWorld({
      viewer: viewer('RENTER'),
      market: { account: accountNamed('another') },
    });
    const { errors } = await ask(world, '{ viewer { bookings { totalCount } } }');
    expect(errors).toMatchObject([{ code: 'FORBIDDEN', path: 'viewer.bookings' }]);
  });
});
