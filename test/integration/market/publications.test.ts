import { describe, expect, test } from 'vitest';
import { CACHE_EVENT_TYPES, type CacheEventType } from '../../../src/domain/cache-event.ts';
import { HOUR_MS } from '../../../src/domain/time.ts';
import type { Db } from '../../../src/store/database.ts';
import { describeOnBothEngines } from '../../support/engines.ts';
import * as commands from '../../support/market-commands.ts';
import type { MarketNode } from '../../support/market-node.ts';
import { entriesSince, eventsSince, markOutbox, typesSince } from '../../support/outbox.ts';
import { fromNow, seedMarket, USD, viewer } from '../../support/market-seed.ts';
import { readPublications } from '../../support/publications.ts';

const PUBLICATIONS = readPublications();

async function cast({ market, db }: MarketNode) {
  const seed = await seedMarket(db);
  const gpuId = await seed.unit();
  const renter = viewer('RENTER');
  const owner = viewer('PROVIDER', seed.provider);
  const operator = viewer('OPERATOR');
  const booked = async () =>
    (await market.createBooking(renter, commands.bookingOf(gpuId, fromNow()))).booking;
  return { ...seed, market, gpuId, renter, owner, operator, booked };
}

type Cast = Awaited<ReturnType<typeof cast>>;

/** Every mutation of the schema: what must be there before, and the mutation itself. */
const MUTATIONS: Readonly<Record<string, (on: Cast) => Promise<() => Promise<unknown>>>> = {
  holdGpu:
    async ({ market, renter, gpuId }) =>
    () =>
      market.holdGpu(renter, commands.holdOf(gpuId, { period: fromNow() })),
  createBooking:
    async ({ market, renter, gpuId }) =>
    () =>
      market.createBooking(renter, commands.bookingOf(gpuId, fromNow())),
  cancelBooking: async ({ market, renter, booked }) => {
    const { id } = await booked();
    return () => market.cancelBooking(renter, commands.cancellationOf(id));
  },
  extendBooking: async ({ market, renter, booked }) => {
    const { id, period } = await booked();
    return () => market.extendBooking(renter, commands.extensionOf(id, period.end + HOUR_MS));
  },
  placeOrder:
    async ({ market, renter, big, home }) =>
    () =>
      market.placeOrder(renter, commands.orderOf({ gpuType: big, region: home }, { quantity: 2 })),
  cancelOrder: async ({ market, renter, big, home }) => {
    const bid = commands.orderOf({ gpuType: big, region: home }, { limitMicros: USD });
    const { order } = await market.placeOrder(renter, bid);
    return () => market.cancelOrder(renter, commands.orderCancellationOf(order.id));
  },
  upsertOffer:
    async ({ market, owner, gpuId }) =>
    () =>
      market.upsertOffer(owner, commands.offerOf(gpuId, { baseMicros: 3n * USD })),
  setGpuStatus:
    async ({ market, owner, gpuId }) =>
    () =>
      market.setGpuStatus(owner, { gpuId, status: 'MAINTENANCE', reason: null, ifVersion: null }),
  setProviderStatus:
    async ({ market, owner, provider }) =>
    () =>
      market.setProviderStatus(owner, { provider, status: 'OFFLINE', reason: null }),
  updatePricing:
    async ({ market, operator, big, home }) =>
    () =>
      market.updatePricing(operator, {
        gpuType: big,
        region: home,
        rateMicros: 3n * USD,
        reason: 'x',
      }),
  invalidateCache:
    async ({ market, operator }) =>
    () =>
      market.invalidateCache(operator, {
        namespace: 'GPU_PRICING',
        resourceId: null,
        keys: null,
        reason: 'x',
      }),
};

describe('the descriptions of the schema', () => {
  test('tell of every mutation what it publishes, in event types that exist', () => {
    expect(Object.keys(PUBLICATIONS).toSorted()).toEqual(Object.keys(MUTATIONS).toSorted());
    const named = Object.values(PUBLICATIONS).flatMap(({ always, maybe }) => always.concat(maybe));
    expect(named.filter((type) => !CACHE_EVENT_TYPES.includes(type as CacheEventType))).toEqual([]);
  });
});

/** Keeps what waits from being published, however long the test takes. */
async function delayWaiting(db: Db): Promise<void> {
  const not_before = new Date(Date.now() + HOUR_MS).toISOString();
  await db.updateTable('outbox').set({ not_before }).where('published_at', 'is', null).execute();
}

describeOnBothEngines('what is published by', (node) => {
  test.each(Object.keys(MUTATIONS))('%s is what its description says', async (name) => {
    const mutate = await MUTATIONS[name]?.(await cast(node()));
    const mark = await markOutbox(node().db);
    await mutate?.();
    const types = await typesSince(node().db, mark);
    const { always = [], maybe = [] } = PUBLICATIONS[name] ?? {};
    expect(types).toEqual(expect.arrayContaining([...always]));
    expect([...always, ...maybe]).toEqual(expect.arrayContaining(types));
  });

  test('a refused mutation is nothing', async () => {
    const { market, db } = node();
    const { renter, operator, gpuId, booked, big, home } = await cast(node());
    const { id, period } = await booked();
    const mark = await markOutbox(db);
    const codes = [
      market.createBooking(renter, commands.bookingOf(gpuId, fromNow())),
      market.holdGpu(renter, commands.holdOf(gpuId, { period: fromNow() })),
      market.extendBooking(renter, commands.extensionOf(id, period.end)),
      market.cancelBooking(viewer('RENTER'), commands.cancellationOf(id)),
      market.upsertOffer(viewer('PROVIDER'), commands.offerOf(gpuId)),
      market.placeOrder(renter, commands.orderOf({ gpuType: big, region: home }, { quantity: 0 })),
      market.cancelOrder(renter, commands.orderCancellationOf(id)),
      market.updatePricing(operator, { gpuType: big, region: home, rateMicros: 0n, reason: 'x' }),
    ].map(commands.codeOf);
    expect(await Promise.all(codes)).toEqual([
      'GPU_UNAVAILABLE',
      'GPU_UNAVAILABLE',
      'INVALID_INPUT',
      'NOT_FOUND',
      'FORBIDDEN',
      'INVALID_INPUT',
      'NOT_FOUND',
      'INVALID_INPUT',
    ]);
    expect(await entriesSince(db, mark)).toEqual([]);
  });

  test('a mutation is out, numbered and marked, before it is answered', async () => {
    const { market, db } = node();
    const { renter, gpuId } = await cast(node());
    const mark = await markOutbox(db);
    await market.createBooking(renter, commands.bookingOf(gpuId));
    const waiting = (await entriesSince(db, mark)).filter(
      ({ publishedAt }) => publishedAt === null,
    );
    expect(new Set(waiting.map(({ event }) => event.type))).toEqual(
      new Set(['MARKET_STATS_UPDATED']),
    );
  });

  test('a burst of bookings is one MARKET_STATS_UPDATED, for which nothing pends on this node', async () => {
    const { market, db, cache } = node();
    const { renter, unit } = await cast(node());
    const mark = await markOutbox(db);
    for (let count = 0; count < 5; count += 1) {
      await market.createBooking(renter, commands.bookingOf(await unit()));
      await delayWaiting(db);
    }
    const stats = (await eventsSince(db, mark)).filter(
      ({ type }) => type === 'MARKET_STATS_UPDATED',
    );
    expect(stats).toHaveLength(1);
    expect(cache.pendingEvents()).toEqual([]);
  });
});
