import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS, toIso } from '../../src/domain/time.ts';
import type { TokenRole } from '../../src/domain/viewer.ts';
import { idOf, NOBODYS_UUID, startStranger, windowFrom } from './stranger.ts';
import type { KnownUnit, Stranger } from './stranger.ts';

const FAR = 20 * DAY_MS;
const period = windowFrom(FAR);
const withSeconds = { ...period, start: toIso(Date.parse(period.start) + 40_000) };
const nobodysBooking = idOf('Booking', NOBODYS_UUID);

let stranger: Stranger;
let unit: KnownUnit;
/** Of the asker and of somebody else. */
const booking = { own: '', foreign: '' };

async function book(inMs: number, account: string): Promise<string> {
  const as = await stranger.token('RENTER', account);
  const input = { gpuId: unit.id, period: windowFrom(inMs) };
  const made = await stranger.mutate('createBooking', input, as);
  return (made['booking'] as { id: string }).id;
}

beforeAll(async () => {
  stranger = await startStranger();
  unit = stranger.units[0] as KnownUnit;
  booking.own = await book(10 * DAY_MS, 'stranger-renter');
  booking.foreign = await book(12 * DAY_MS, 'somebody-else');
});

afterAll(async () => {
  expect(await stranger.stop()).toEqual([]);
});

/** What each mutation takes, with the role that may ask; `change` replaces parts of it. */
function ask(mutation: string, change: object): ReturnType<Stranger['mutate']> {
  const { gpuType, region, provider } = unit;
  const pair = { gpuType: gpuType.slug, region: region.code };
  const goods: Readonly<Record<string, [input: object, as: TokenRole]>> = {
    createBooking: [{ gpuId: unit.id, period }, 'RENTER'],
    holdGpu: [{ gpuId: unit.id, period }, 'RENTER'],
    cancelBooking: [{ bookingId: booking.own }, 'RENTER'],
    extendBooking: [{ bookingId: booking.own, newEnd: period.end }, 'RENTER'],
    upsertOffer: [{ gpuId: unit.id, mode: 'FIXED', baseUsdPerGpuHour: '2' }, 'OPERATOR'],
    setGpuStatus: [{ gpuId: unit.id, status: 'AVAILABLE' }, 'OPERATOR'],
    setProviderStatus: [{ providerId: provider.id, status: 'ONLINE' }, 'OPERATOR'],
    updatePricing: [{ ...pair, usdPerGpuHour: '2', reason: 'a test' }, 'OPERATOR'],
    invalidateCache: [{ namespace: 'HISTORICAL', reason: 'a test' }, 'OPERATOR'],
  };
  const [input = {}, as = 'RENTER'] = goods[mutation] ?? [];
  return stranger.mutate(mutation, { ...input, ...change }, as);
}

const KEYED = ['createBooking', 'holdGpu', 'cancelBooking', 'extendBooking', 'upsertOffer'];
const REASONED = ['cancelBooking', 'setGpuStatus', 'setProviderStatus'];
const MUST_REASON = ['updatePricing', 'invalidateCache'];
const UNSTORABLE = ['a\0b', '\0', 'half \ud83d', '\udc00'];
const TEXT = 'well-formed text without NUL';
const RATE = '0 < price <= 1000000';
const ONE_SOURCE = 'exactly one of gpuId, quoteId, holdId';

type Row = [mutation: string, change: object, path: string[], constraint: string];

/** A row for each mutation and each value of one field of its input. */
function each(
  mutations: readonly string[],
  field: string,
  values: readonly unknown[],
  constraint: string,
): Row[] {
  return mutations.flatMap((mutation) =>
    values.map((value): Row => [mutation, { [field]: value }, ['input', field], constraint]),
  );
}

function eachPeriod(bad: object, end: string, constraint: string): Row[] {
  return ['createBooking', 'holdGpu'].map((mutation): Row => {
    return [mutation, { period: bad }, ['input', 'period', end], constraint];
  });
}

const holdOnly = { gpuId: null, holdId: nobodysBooking };
const beyond = windowFrom(91 * DAY_MS);
const tooDear = ['0', '1000000.000001', '99999999'];
const tooMany = Array.from({ length: 1001 }, () => 'k');

const rows: Row[] = [
  ...each(KEYED, 'idempotencyKey', ['', 'k'.repeat(256)], '1-255 characters'),
  ...each(KEYED, 'idempotencyKey', UNSTORABLE, TEXT),
  ...each([...REASONED, ...MUST_REASON], 'reason', UNSTORABLE, TEXT),
  ...each(REASONED, 'reason', ['r'.repeat(501)], '0 to 500 characters'),
  ...each(MUST_REASON, 'reason', ['', ' \n', 'r'.repeat(501)], '1 to 500 characters'),
  ...eachPeriod(windowFrom(FAR, -HOUR_MS), 'end', 'start < end'),
  ...eachPeriod(windowFrom(FAR, 0), 'end', 'start < end'),
  ...eachPeriod(windowFrom(-DAY_MS), 'start', 'start >= the previous full minute'),
  ...eachPeriod(withSeconds, 'start', 'whole minutes'),
  ...eachPeriod(beyond, 'end', 'end <= now + 90 days'),
  ...each(['createBooking'], 'period', [null], 'required with gpuId'),
  ['createBooking', holdOnly, ['input', 'period'], 'forbidden with quoteId and holdId'],
  ['createBooking', { gpuId: null }, ['input'], ONE_SOURCE],
  ['createBooking', { quoteId: idOf('Quote', NOBODYS_UUID) }, ['input'], ONE_SOURCE],
  ['createBooking', { holdId: nobodysBooking }, ['input'], ONE_SOURCE],
  ...each(['createBooking'], 'ifVersion', [0, -1], '1-2147483647'),
  ...each(['holdGpu'], 'ttlSeconds', [29, 901, 0, -1], '30-900'),
  ...each(['extendBooking'], 'newEnd', [withSeconds.start], 'whole minutes'),
  ...each(['extendBooking'], 'newEnd', [toIso(0)], 'newEnd > end'),
  ...each(['extendBooking'], 'newEnd', [beyond.end], 'end <= now + 90 days'),
  ...each(['upsertOffer'], 'baseUsdPerGpuHour', tooDear, RATE),
  ...each(['upsertOffer'], 'capUsdPerGpuHour', tooDear, RATE),
  ...each(['updatePricing'], 'usdPerGpuHour', tooDear, RATE),
  ['upsertOffer', { floorUsdPerGpuHour: '2.01' }, ['input'], 'floor <= base <= cap'],
  ['upsertOffer', { capUsdPerGpuHour: '1.99' }, ['input'], 'floor <= base <= cap'],
  ...each(['upsertOffer'], 'minDurationMinutes', [0, -1, 129_601], '1-129600'),
  ...each(['upsertOffer'], 'maxDurationMinutes', [0, 59, 129_601], '60-129600'),
  ...each(['invalidateCache'], 'resourceId', UNSTORABLE, TEXT),
  ...each(
    ['invalidateCache'],
    'keys',
    UNSTORABLE.map((text) => ['good', text]),
    TEXT,
  ),
  ...each(['invalidateCache'], 'resourceId', ['', 'x'.repeat(257)], '1-256 characters'),
  ...each(['invalidateCache'], 'keys', [tooMany, [''], ['x'.repeat(257)]], 'at most 1000 keys'),
];

describe('an input out of its range', () => {
  test.each(
    rows.map(([mutation, change, path, constraint]) => {
      const given = JSON.stringify(change).slice(0, 60);
      return { mutation, change, path, constraint, given, at: path.join('.') };
    }),
  )('$mutation with $given: $at must be $constraint', async ({ mutation, change, ...rule }) => {
    expect(await ask(mutation, change)).toEqual({
      __typename: 'InvalidInputError',
      message: expect.stringMatching(/^[A-Za-z].{10,}\.$/),
      code: 'INVALID_INPUT',
      path: rule.path,
      constraint: rule.constraint,
      retryable: false,
    });
  });

  test('a period with seconds is told the nearest minute', async () => {
    const nearest = toIso(Date.parse(period.start) + MINUTE_MS);
    expect(await ask('createBooking', { period: withSeconds })).toMatchObject({
      message: expect.stringContaining(nearest),
    });
  });

  test.each(['createBooking', 'holdGpu'])(
    '%s for a minute is told what the offer takes',
    async (mutation) => {
      expect(await ask(mutation, { period: windowFrom(FAR, MINUTE_MS) })).toMatchObject({
        code: 'INVALID_INPUT',
        path: ['input', 'period'],
        constraint: expect.stringMatching(/^\d+-\d+ minutes$/),
      });
    },
  );
});

test.each([0, -1, 101])('a refusal lists no %s alternatives', async (first) => {
  const query = `mutation ($input: CreateBookingInput!, $first: Int) { createBooking(input: $input) {
    ... on GpuUnavailableError { alternatives(first: $first) { id } } } }`;
  const input = { idempotencyKey: 'taken', gpuId: unit.id, period: windowFrom(10 * DAY_MS) };
  const { errors } = await stranger.ask(query, { input, first }, 'RENTER');
  expect(errors).toMatchObject([
    { message: expect.stringContaining('from 1 to'), extensions: { code: 'BAD_USER_INPUT' } },
  ]);
});

const STRANGE_IDS = ['', 'garbage', '\0', '\ud800', 'x'.repeat(5_000), idOf('Region', 'us-east-1')];

describe('an id that names nothing for the asker', () => {
  test.each([
    ['createBooking', 'gpuId', [idOf('Gpu', 'nowhere/h100/0001')]],
    ['createBooking', 'quoteId', [idOf('Quote', NOBODYS_UUID), nobodysBooking]],
    ['createBooking', 'holdId', [nobodysBooking]],
    ['holdGpu', 'gpuId', [idOf('Gpu', 'a/b/1')]],
    ['cancelBooking', 'bookingId', [nobodysBooking]],
    ['extendBooking', 'bookingId', [nobodysBooking]],
    ['upsertOffer', 'gpuId', [idOf('Gpu', 'a/b/1')]],
    ['setGpuStatus', 'gpuId', [idOf('Gpu', 'a/b/1')]],
    ['setProviderStatus', 'providerId', [idOf('Provider', 'nobody')]],
  ])('%s answers NOT_FOUND at input.%s', async (mutation, field, ids) => {
    const alone = ['quoteId', 'holdId'].includes(field) ? { gpuId: null, period: null } : {};
    for (const id of [...STRANGE_IDS, ...ids]) {
      expect(await ask(mutation, { ...alone, [field]: id })).toMatchObject({
        __typename: 'NotFoundError',
        code: 'NOT_FOUND',
        path: ['input', field],
      });
    }
  });

  test("somebody else's booking is nobody's", async () => {
    const { foreign } = booking;
    const asHold = { gpuId: null, period: null, holdId: foreign };
    const refusals = [
      await ask('cancelBooking', { bookingId: foreign }),
      await ask('extendBooking', { bookingId: foreign }),
      await ask('createBooking', asHold),
    ];
    for (const refusal of refusals) expect(refusal).toMatchObject({ code: 'NOT_FOUND' });
  });

  test.each(['', 'garbage', '\0', '%', "';--", 'x'.repeat(300)])(
    'updatePricing of %j',
    async (name) => {
      for (const change of [{ gpuType: name }, { region: name }]) {
        expect(await ask('updatePricing', change)).toMatchObject({ __typename: 'NotFoundError' });
      }
    },
  );
});
