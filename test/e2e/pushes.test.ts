import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../src/domain/time.ts';
import { until } from '../support/wait.ts';
import { followStream, type Followed, type StreamDoor } from './follow.ts';
import {
  startStranger,
  windowFrom,
  type KnownUnit,
  type Stranger,
  type Token,
} from './stranger.ts';

const leaving = new AbortController();
let stranger: Stranger;
/** Opened first, so that the tests before them are the wait for their heartbeat. */
const quiet: Partial<Record<StreamDoor, Followed>> = {};

beforeAll(async () => {
  stranger = await startStranger();
  for (const door of ['SSE', 'WebSocket'] as const) {
    const asked = { query: 'subscription { priceTicker(regions: ["nowhere"]) { __typename } }' };
    quiet[door] = followStream(stranger.node, door, asked, leaving.signal);
  }
});

afterAll(async () => {
  leaving.abort();
  expect(await stranger.stop()).toEqual([]);
});

/** What a stream sent in one field, without its start and heartbeats. */
function changes<T>({ heard }: Followed, field: string): T[] {
  return heard.flatMap((data) => {
    const item = (data as Record<string, { __typename?: string }>)[field];
    return item && !item.__typename?.startsWith('Stream') ? [item as T] : [];
  });
}

async function started(...streams: Followed[]): Promise<void> {
  await until(() => streams.every(({ heard }) => heard.length > 0), { what: 'all starts' });
}

describe.each(['SSE', 'WebSocket'] as const)('over %s', (door) => {
  const units = (): KnownUnit[] => stranger.units.slice(door === 'SSE' ? 0 : 3);
  let hours = 0;
  const unit = (index: number): KnownUnit => units()[index] as KnownUnit;

  function follow(query: string, as?: Token): Followed {
    const asked = { query: `subscription { ${query} }`, token: as?.token ?? null };
    return followStream(stranger.node, door, asked, leaving.signal);
  }

  /** Private streams send no start: bookings are made until one is heard. */
  async function hearing(stream: Followed, gpuId: string, as: Token): Promise<void> {
    await until(
      async () => {
        const period = windowFrom(20 * DAY_MS + (hours += 1) * HOUR_MS);
        await stranger.mutate('createBooking', { gpuId, period }, as);
        return changes(stream, 'bookingChanged').length > 0;
      },
      { what: 'a booking on its own stream' },
    );
  }

  test('a booking is told step by step to its renter, and to nobody else', async () => {
    const renter = await stranger.token('RENTER', `renter-${door}`);
    const other = await stranger.token('RENTER', `other-${door}`);
    const feed = 'bookingChanged { change booking { id status version } }';
    const [own, others] = [follow(feed, renter), follow(feed, other)];
    const gpuId = unit(0).id;
    const book = { gpuId, period: windowFrom(DAY_MS) };
    await hearing(own, gpuId, renter);
    await hearing(others, gpuId, other);
    const held = await stranger.mutate('holdGpu', book, renter);
    const { id } = held['booking'] as { id: string };
    await stranger.mutate('createBooking', { holdId: id }, renter);
    const newEnd = windowFrom(DAY_MS, 2 * HOUR_MS).end;
    await stranger.mutate('extendBooking', { bookingId: id, newEnd }, renter);
    await stranger.mutate('cancelBooking', { bookingId: id }, renter);

    const told = (stream: Followed): string[] =>
      changes<{ change: string; booking: { id: string } }>(stream, 'bookingChanged')
        .filter(({ booking }) => booking.id === id)
        .map(({ change }) => change);
    await until(() => told(own).includes('CANCELLED'), { what: 'the last step' });
    expect(told(own)).toEqual(['HELD', 'CONFIRMED', 'EXTENDED', 'CANCELLED']);
    expect(told(others)).toEqual([]);
  });

  test('every version of a unit is pushed in order, to those who asked for its kind', async () => {
    const { id, gpuType, region } = unit(1);
    const item = '{ __typename ... on AvailabilityChange { reason gpu { id version } } }';
    const [pair, elsewhere] = [
      follow(
        `availabilityChanged(gpuTypes: ["${gpuType.slug}"], regions: ["${region.code}"]) ${item}`,
      ),
      follow(`availabilityChanged(regions: ["nowhere"]) ${item}`),
    ];
    await started(pair, elsewhere);
    for (const [status, reason] of [
      ['MAINTENANCE', ''],
      ['OFFLINE', 'new fans'],
      ['AVAILABLE', undefined],
    ]) {
      await stranger.mutate('setGpuStatus', { gpuId: id, status, reason }, 'OPERATOR');
    }
    const told = (): { reason: string; gpu: { id: string; version: number } }[] =>
      changes<ReturnType<typeof told>[number]>(pair, 'availabilityChanged').filter(
        ({ gpu }) => gpu.id === id,
      );
    await until(() => told().length === 3, { what: 'three versions' });
    const [first] = told();
    const reasons = told().map(({ reason }) => reason);
    expect(reasons).toEqual(['MAINTENANCE', 'new fans', 'PROVIDER']);
    expect(told().map(({ gpu }) => gpu.version - (first?.gpu.version ?? 0))).toEqual([0, 1, 2]);
    expect(changes(elsewhere, 'availabilityChanged')).toEqual([]);
  });

  test('a price that the operator sets is ticked, and its cache event told', async () => {
    const operator = await stranger.token('OPERATOR');
    const { gpuType, region } = unit(2);
    const pair = { gpuType: gpuType.slug, region: region.code };
    const filter = `(gpuTypes: ["${pair.gpuType}"], regions: ["${pair.region}"], minIntervalMs: 100)`;
    const ticks = follow(`priceTicker${filter} { __typename ... on PriceTick { usdPerGpuHour } }`);
    const events = follow('cacheEvents(types: [PRICING_UPDATED]) { resourceId data }', operator);
    await started(ticks);
    const price = door === 'SSE' ? '7.000001' : '7.000002';
    const set = async (): Promise<boolean> => {
      const input = { ...pair, usdPerGpuHour: price, reason: 'a test' };
      await stranger.mutate('updatePricing', input, operator);
      return changes(events, 'cacheEvents').length > 0;
    };
    await until(set, { what: 'the open stream of events' });
    const prices = (): string[] =>
      changes<{ usdPerGpuHour: string }>(ticks, 'priceTicker').map((tick) => tick.usdPerGpuHour);
    await until(() => prices().includes(price), { what: 'the tick' });
    expect(prices().at(-1)).toBe(price);
  });

  test('an invalidation is heard at once, with its hundred keys, by everybody', async () => {
    const stream = follow(`cacheInvalidated(namespaces: [HISTORICAL]) {
      __typename ... on Invalidation { eventType namespaces keys } }`);
    await started(stream);
    const keys = Array.from({ length: 100 }, (_, index) => `any key ${index} of ${door} %_'"`);
    const input = { namespace: 'HISTORICAL', resourceId: 'what/ever', keys, reason: 'a test' };
    await Promise.all(
      Array.from({ length: 16 }, () => stranger.mutate('invalidateCache', input, 'OPERATOR')),
    );
    await until(() => changes(stream, 'cacheInvalidated').length === 16, { what: '16 calls' });
    const [first] = changes<{ keys: string[] }>(stream, 'cacheInvalidated');
    expect(first).toMatchObject({ eventType: 'MANUAL_INVALIDATION', namespaces: ['HISTORICAL'] });
    const told = keys.map((key) => `historical:${key}`);
    expect(first?.keys.toSorted()).toEqual([...told, 'historical:what/ever'].toSorted());
  });

  test('a provider is told as it is, then as it becomes', async () => {
    const { provider } = unit(2);
    const stream = follow(`providerStatusChanged(providerIds: ["${provider.id}"]) { status }`);
    await started(stream);
    const latest = (): unknown =>
      changes<{ status: string }>(stream, 'providerStatusChanged').at(-1)?.status;
    expect(latest()).toBe('ONLINE');
    for (const status of ['DEGRADED', 'ONLINE']) {
      await stranger.mutate('setProviderStatus', { providerId: provider.id, status }, 'OPERATOR');
      await until(() => latest() === status, { what: status });
    }
  });

  test('a quiet stream beats', async () => {
    await until(() => JSON.stringify(quiet[door]?.heard).includes('Heartbeat'));
    expect(quiet[door]?.heard[0]).toEqual({ priceTicker: { __typename: 'StreamStart' } });
  });
});
