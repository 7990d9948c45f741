import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatDecimal, parseDecimal, totalCost } from '../../src/domain/money.ts';
import { DAY_MS, HOUR_MS } from '../../src/domain/time.ts';
import type { TokenRole } from '../../src/domain/viewer.ts';
import { until } from '../support/wait.ts';
import {
  startStranger,
  windowFrom,
  type KnownUnit,
  type Stranger,
  type Token,
} from './stranger.ts';

let stranger: Stranger;
let free: KnownUnit[];

beforeAll(async () => {
  stranger = await startStranger();
  free = [...stranger.units];
});

afterAll(async () => {
  expect(await stranger.stop()).toEqual([]);
});

/** A unit that no other test here touches. */
function nextUnit(): KnownUnit {
  return free.shift() as KnownUnit;
}

async function bookingOf(mutation: string, input: object, as: Token | TokenRole = 'RENTER') {
  const made = await stranger.mutate(mutation, input, as);
  return made['booking'] as { id: string; [field: string]: unknown };
}

async function read(id: string): Promise<unknown> {
  const query = 'query ($id: ID!) { gpu(id: $id) { status version } }';
  return (await stranger.ask(query, { id })).data?.['gpu'];
}

async function quote(gpuId: string, as?: Token | TokenRole): Promise<Record<string, unknown>> {
  const query = `query ($gpuId: ID!, $period: TimeWindowInput!) { quote(gpuId: $gpuId, period: $period) {
    ... on Quote { id usdPerGpuHour totalUsd } ... on UserError { code } } }`;
  const { data } = await stranger.ask(query, { gpuId, period: windowFrom(DAY_MS) }, as);
  return data?.['quote'] as Record<string, unknown>;
}

describe('a booking', () => {
  test('costs rate × cards × hours, rounded once, and moves status and version', async () => {
    const unit = nextUnit();
    const lengthMs = 7 * HOUR_MS;
    const made = await bookingOf('createBooking', {
      gpuId: unit.id,
      period: windowFrom(0, lengthMs),
    });
    const rate = parseDecimal(unit.offer.usdPerGpuHour) ?? 0n;
    expect(made).toMatchObject({
      totalUsd: formatDecimal(totalCost(rate, unit.gpuCount, lengthMs)),
      usdPerGpuHour: unit.offer.usdPerGpuHour,
    });
    expect(await read(unit.id)).toEqual({ status: 'BOOKED', version: expect.any(Number) });
  });

  test('goes from hold to confirmed to extended to cancelled, and then no further', async () => {
    const gpuId = nextUnit().id;
    const versions: unknown[] = [((await read(gpuId)) as { version: number }).version];
    const period = windowFrom(2 * DAY_MS);
    const { id } = await bookingOf('holdGpu', { gpuId, period });
    versions.push(((await read(gpuId)) as { version: number }).version);
    expect(await bookingOf('createBooking', { holdId: id })).toMatchObject({
      id,
      status: 'CONFIRMED',
      holdExpiresAt: null,
    });
    const newEnd = windowFrom(2 * DAY_MS, 2 * HOUR_MS).end;
    const extended = await bookingOf('extendBooking', { bookingId: id, newEnd });
    expect(extended).toMatchObject({ period: { start: period.start, end: newEnd } });
    const cancelled = await stranger.mutate('cancelBooking', { bookingId: id }, 'RENTER');
    expect(cancelled).toMatchObject({ feeUsd: '0.00', refundUsd: extended['totalUsd'] });
    for (const [mutation, input] of [
      ['cancelBooking', { bookingId: id }],
      ['extendBooking', { bookingId: id, newEnd }],
      ['createBooking', { holdId: id }],
    ] as const) {
      expect(await stranger.mutate(mutation, input, 'RENTER')).toMatchObject({
        __typename: 'StateConflictError',
        code: 'STATE_CONFLICT',
      });
    }
    versions.push(((await read(gpuId)) as { version: number }).version);
    expect(versions).toEqual([versions[0], Number(versions[0]) + 1, Number(versions[0]) + 4]);
  });

  test('begins by the clock, and is free to cancel for ten minutes', async () => {
    const gpuId = nextUnit().id;
    const { id } = await bookingOf('createBooking', { gpuId, period: windowFrom(0, DAY_MS) });
    const query = `query ($id: ID!) { booking(id: $id) { status cancellationQuote { feeUsd } } }`;
    await until(
      async () => {
        const { data } = await stranger.ask(query, { id }, 'RENTER');
        const found = data?.['booking'] as { status: string; cancellationQuote: object };
        expect(found.cancellationQuote).toEqual({ feeUsd: '0.00' });
        return found.status === 'ACTIVE';
      },
      { what: 'the start of the booking' },
    );
    const cancelled = await stranger.mutate('cancelBooking', { bookingId: id }, 'RENTER');
    expect(cancelled).toMatchObject({ feeUsd: '0.00', booking: { status: 'CANCELLED' } });
    expect(await read(gpuId)).toMatchObject({ status: 'AVAILABLE' });
  });

  test('is made once per key, and a key belongs to one input', async () => {
    const gpuId = nextUnit().id;
    const input = { gpuId, period: windowFrom(DAY_MS), idempotencyKey: "it's; 100% \\ \u{1f600}" };
    const first = await stranger.mutate('createBooking', input, 'RENTER');
    const again = await stranger.mutate('createBooking', input, 'RENTER');
    expect(again).toEqual({ ...first, replayed: true });
    const other = { ...input, period: windowFrom(3 * DAY_MS) };
    expect(await stranger.mutate('createBooking', other, 'RENTER')).toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
    const mine = await stranger.token('RENTER', 'another-renter');
    expect(await stranger.mutate('createBooking', other, mine)).toMatchObject({ replayed: false });
  });

  test('above the agreed price or of another version is refused with what is true now', async () => {
    const { id: gpuId, offer } = nextUnit();
    const input = { gpuId, period: windowFrom(DAY_MS) };
    const { version } = (await read(gpuId)) as { version: number };
    const ask = (change: object): Promise<unknown> =>
      stranger.mutate('createBooking', { ...input, ...change }, 'RENTER');
    expect(await ask({ maxUsdPerGpuHour: '0.000001' })).toMatchObject({
      __typename: 'PriceChangedError',
      code: 'PRICE_CHANGED',
      quotedUsdPerGpuHour: '0.000001',
      currentUsdPerGpuHour: offer.usdPerGpuHour,
      newQuote: { usdPerGpuHour: offer.usdPerGpuHour },
    });
    expect(await ask({ ifVersion: version + 1 })).toMatchObject({
      code: 'VERSION_CONFLICT',
      currentVersion: version,
    });
  });

  test('is not held more than twenty times at once', async () => {
    const gpuId = nextUnit().id;
    const as = await stranger.token('RENTER', 'holder');
    for (let held = 0; held < 20; held += 1) {
      const period = windowFrom(DAY_MS + held * 2 * HOUR_MS);
      await bookingOf('holdGpu', { gpuId, period, ttlSeconds: 900 }, as);
    }
    const more = { gpuId, period: windowFrom(60 * DAY_MS) };
    expect(await stranger.mutate('holdGpu', more, as)).toMatchObject({
      constraint: 'at most 20 live holds',
    });
  });
});

describe('a quote', () => {
  test('keeps its price when the market moves, for whom it was made', async () => {
    const unit = nextUnit();
    const made = await quote(unit.id, 'RENTER');
    const offer = { gpuId: unit.id, mode: 'FIXED', baseUsdPerGpuHour: '900' };
    expect(await stranger.mutate('upsertOffer', offer, 'OPERATOR')).toMatchObject({
      offer: { usdPerGpuHour: '900.00' },
    });
    const input = { quoteId: made['id'] };
    const other = await stranger.token('RENTER', 'somebody-else');
    expect(await stranger.mutate('createBooking', input, other)).toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await bookingOf('createBooking', input)).toMatchObject({
      usdPerGpuHour: made['usdPerGpuHour'],
      totalUsd: made['totalUsd'],
    });
  });

  test('of a taken slot is a refusal', async () => {
    const gpuId = nextUnit().id;
    await bookingOf('createBooking', { gpuId, period: windowFrom(DAY_MS) });
    expect(await quote(gpuId)).toEqual({ code: 'GPU_UNAVAILABLE' });
  });
});

describe('status and price', () => {
  test('a unit that is switched off is not booked, and is booked when it is back', async () => {
    const gpuId = nextUnit().id;
    const set = (status: string): Promise<unknown> =>
      stranger.mutate('setGpuStatus', { gpuId, status }, 'OPERATOR');
    const book = (): Promise<unknown> =>
      stranger.mutate('createBooking', { gpuId, period: windowFrom(DAY_MS) }, 'RENTER');
    expect(await set('MAINTENANCE')).toMatchObject({ gpu: { status: 'MAINTENANCE' } });
    expect(await set('MAINTENANCE')).toMatchObject({ gpu: { status: 'MAINTENANCE' } });
    expect(await book()).toMatchObject({ code: 'GPU_UNAVAILABLE' });
    for (const status of ['HELD', 'BOOKED']) {
      expect(await set(status)).toMatchObject({ code: 'STATE_CONFLICT' });
    }
    expect(await set('AVAILABLE')).toMatchObject({ gpu: { status: 'AVAILABLE' } });
    expect(await book()).toMatchObject({ __typename: 'CreateBookingSuccess' });
  });

  test('a provider that is away takes its units with it and brings them back', async () => {
    const { id: gpuId, provider } = nextUnit();
    const set = (status: string): Promise<unknown> =>
      stranger.mutate('setProviderStatus', { providerId: provider.id, status }, 'OPERATOR');
    expect(await set('SUSPENDED')).toMatchObject({ provider: { status: 'SUSPENDED' } });
    expect(await read(gpuId)).toMatchObject({ status: 'OFFLINE' });
    expect(await quote(gpuId)).toEqual({ code: 'GPU_UNAVAILABLE' });
    await set('ONLINE');
    expect(await read(gpuId)).toMatchObject({ status: 'AVAILABLE' });
  });

  test('an operator sets exactly the price that is given', async () => {
    const { gpuType, region } = nextUnit();
    const input = { gpuType: gpuType.slug, region: region.code, reason: 'a test' };
    const usdPerGpuHour = '3.141592';
    const told = await stranger.mutate('updatePricing', { ...input, usdPerGpuHour }, 'OPERATOR');
    expect(told).toMatchObject({ price: { usdPerGpuHour } });
  });
});
