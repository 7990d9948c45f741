import { describe, expect, test } from 'vitest';
import type { Pair } from '../../../src/domain/catalog.ts';
import { MINUTE_MS } from '../../../src/domain/time.ts';
import type { Viewer } from '../../../src/domain/viewer.ts';
import { describeOnBothEngines } from '../../support/engines.ts';
import * as commands from '../../support/market-commands.ts';
import { fromNow, inHours, seedMarket, USD, viewer } from '../../support/market-seed.ts';
import type { MarketSeed } from '../../support/market-seed.ts';
import type { MarketNode } from '../../support/market-node.ts';
import { moveBooking, runOut } from '../../support/time-travel.ts';
import { unmatched } from '../../support/unmatched.ts';

interface World {
  readonly node: MarketNode;
  readonly seed: MarketSeed;
  readonly pair: Pair;
  readonly gpuId: string;
  readonly owner: Viewer;
  readonly operator: Viewer;
}

/** What improves the ask of a unit that a resting bid could not have until then. */
type Improvement = readonly [
  what: string,
  prepare: (world: World) => Promise<string | void>,
  improve: (world: World, prepared: string) => Promise<unknown>,
];

const IMPROVEMENTS: readonly Improvement[] = [
  [
    'a new offer',
    async ({ node, gpuId }) => {
      await node.market.upsertOffer(
        viewer('OPERATOR'),
        commands.offerOf(gpuId, { status: 'PAUSED' }),
      );
    },
    ({ node, owner, gpuId }) => node.market.upsertOffer(owner, commands.offerOf(gpuId)),
  ],
  [
    'a cheaper offer',
    async ({ node, owner, gpuId }) => {
      await node.market.upsertOffer(owner, commands.offerOf(gpuId, { baseMicros: 3n * USD }));
    },
    ({ node, owner, gpuId }) =>
      node.market.upsertOffer(owner, commands.offerOf(gpuId, { baseMicros: USD })),
  ],
  [
    'an offer for longer periods',
    async ({ node, owner, gpuId }) => {
      const short = { minDurationMinutes: 1, maxDurationMinutes: 60 };
      await node.market.upsertOffer(owner, commands.offerOf(gpuId, short));
    },
    ({ node, owner, gpuId }) => node.market.upsertOffer(owner, commands.offerOf(gpuId)),
  ],
  [
    'a lower price of the pair',
    async ({ node, owner, operator, pair, gpuId }) => {
      const dynamic = commands.offerOf(gpuId, { mode: 'DYNAMIC', baseMicros: 3n * USD });
      await node.market.upsertOffer(owner, dynamic);
      await node.market.updatePricing(operator, { ...pair, rateMicros: 3n * USD, reason: 'up' });
    },
    ({ node, operator, pair }) =>
      node.market.updatePricing(operator, { ...pair, rateMicros: 2n * USD, reason: 'down' }),
  ],
  [
    'a cancelled booking of its period',
    async ({ node, owner, gpuId }) =>
      (await node.market.createBooking(owner, commands.bookingOf(gpuId, inHours(5)))).booking.id,
    ({ node, owner }, id) => node.market.cancelBooking(owner, commands.cancellationOf(id)),
  ],
  [
    'a hold that runs out',
    async ({ node, owner, gpuId }) => {
      const hold = commands.holdOf(gpuId, { period: fromNow() });
      return (await node.market.holdGpu(owner, hold)).booking.id;
    },
    async ({ node }, id) => {
      await runOut(node.db, id);
      await node.settleDue();
    },
  ],
  [
    'the end of a booking',
    async ({ node, owner, gpuId }) =>
      (await node.market.createBooking(owner, commands.bookingOf(gpuId, fromNow()))).booking.id,
    async ({ node }, id) => {
      const start = Date.now() - 60 * MINUTE_MS;
      await moveBooking(node.db, id, { start, end: Date.now() - 1 });
      await node.settleDue();
    },
  ],
  [
    'a unit that comes online',
    async ({ node, owner, gpuId }) => {
      const status = { gpuId, reason: null, ifVersion: null };
      await node.market.setGpuStatus(owner, { ...status, status: 'MAINTENANCE' });
    },
    ({ node, owner, gpuId }) =>
      node.market.setGpuStatus(owner, {
        gpuId,
        status: 'AVAILABLE',
        reason: null,
        ifVersion: null,
      }),
  ],
  [
    'a provider that comes online',
    async ({ node, operator, seed: { provider } }) => {
      await node.market.setProviderStatus(operator, { provider, status: 'OFFLINE', reason: null });
    },
    ({ node, operator, seed: { provider } }) =>
      node.market.setProviderStatus(operator, { provider, status: 'ONLINE', reason: null }),
  ],
];

async function worldOf(node: MarketNode): Promise<World> {
  const seed = await seedMarket(node.db);
  const pair = { gpuType: seed.big, region: seed.home };
  const owner = viewer('PROVIDER', seed.provider);
  const gpuId = await seed.unit({ minutes: [60, 43_200] });
  // Another size, so that the pair offers the period's length whatever becomes of the unit.
  await seed.unit({ gpuCount: 4, minutes: [1, 43_200], baseMicros: 90n * USD });
  return { node, seed, pair, gpuId, owner, operator: viewer('OPERATOR') };
}

describeOnBothEngines('a resting bid', (node) => {
  describe('is served at its own price by', () => {
    test.each(IMPROVEMENTS)('%s', async (_what, prepare, improve) => {
      const world = await worldOf(node());
      const { pair, gpuId } = world;
      const { market, db } = world.node;
      const prepared = (await prepare(world)) ?? '';
      const renter = viewer('RENTER');
      const command = commands.orderOf(pair, { limitMicros: 2n * USD + 5n });
      const { order } = await market.placeOrder(renter, command);
      expect(order).toMatchObject({ status: 'OPEN', filledQuantity: 0 });
      await improve(world, prepared);
      const filled = await market.order(renter, order.id);
      expect(filled).toEqual({ ...order, status: 'FILLED', filledQuantity: 1, version: 2 });
      const [fill] = (await market.fillsOfOrder(order.id, 10, null)).fills;
      expect(fill?.rateMicros).toBe(2n * USD + 5n);
      const bookings = await market.bookings(renter, {
        first: 9,
        after: null,
        status: null,
        gpuId,
      });
      expect(bookings.bookings).toMatchObject([
        { orderId: order.id, status: 'CONFIRMED', rateMicros: 2n * USD + 5n },
      ]);
      expect(await unmatched(db, pair)).toEqual([]);
    });
  });

  test('comes before a later one of its price and after a better one', async () => {
    const { node: own, pair, gpuId, owner } = await worldOf(node());
    const { market } = own;
    await market.upsertOffer(owner, commands.offerOf(gpuId, { status: 'PAUSED' }));
    const limits = [2n * USD, 3n * USD, 3n * USD];
    const renter = viewer('RENTER');
    const ids: string[] = [];
    for (const limitMicros of limits) {
      const { order } = await market.placeOrder(renter, commands.orderOf(pair, { limitMicros }));
      ids.push(order.id);
    }
    await market.upsertOffer(owner, commands.offerOf(gpuId));
    const states = await Promise.all(ids.map((id) => market.order(renter, id)));
    expect(states.map((order) => order?.status)).toEqual(['OPEN', 'FILLED', 'OPEN']);
  });

  test('is served before a newcomer, who finds the asks that it left', async () => {
    const { node: own, pair, gpuId, owner } = await worldOf(node());
    const { market, db } = own;
    const patient = viewer('RENTER');
    await market.upsertOffer(owner, commands.offerOf(gpuId, { baseMicros: 9n * USD }));
    const { order } = await market.placeOrder(patient, commands.orderOf(pair));
    // As if the node had ended right after the commit of a cheaper offer.
    await db.updateTable('offer').set({ rate_micros: USD }).where('gpu_id', '=', gpuId).execute();
    const improved = { rate_micros: USD, match_due: true };
    await db.updateTable('book_ask').set(improved).where('gpu_id', '=', gpuId).execute();
    const late = commands.orderOf(pair, { limitMicros: 3n * USD, timeInForce: 'IOC' });
    const newcomer = await market.placeOrder(viewer('RENTER'), late);
    expect(newcomer.bookings).toEqual([]);
    expect((await market.order(patient, order.id))?.status).toBe('FILLED');
  });

  test('is served by whoever looks next, when a node ended right after the improvement', async () => {
    const { node: own, pair, gpuId, owner } = await worldOf(node());
    const { market, db } = own;
    const renter = viewer('RENTER');
    await market.upsertOffer(owner, commands.offerOf(gpuId, { baseMicros: 3n * USD }));
    const { order } = await market.placeOrder(renter, commands.orderOf(pair));
    await db.updateTable('offer').set({ rate_micros: USD }).where('gpu_id', '=', gpuId).execute();
    const improved = { rate_micros: USD, match_due: true };
    await db.updateTable('book_ask').set(improved).where('gpu_id', '=', gpuId).execute();
    expect(await unmatched(db, pair)).toEqual([{ orderId: order.id, gpuId }]);
    await own.settleDue();
    expect((await market.order(renter, order.id))?.status).toBe('FILLED');
    expect(await unmatched(db, pair)).toEqual([]);
  });

  test('takes the units of several improvements one after the other', async () => {
    const { node: own, seed, pair, owner } = await worldOf(node());
    const { market, db } = own;
    const renter = viewer('RENTER');
    const command = commands.orderOf(pair, { quantity: 3, gpusPerUnit: 2 });
    const { order } = await market.placeOrder(renter, command);
    for (const [filled, status] of [
      [1, 'PARTIALLY_FILLED'],
      [2, 'PARTIALLY_FILLED'],
      [3, 'FILLED'],
    ] as const) {
      const id = await seed.unit({ gpuCount: 2, mode: null });
      await market.upsertOffer(owner, commands.offerOf(id));
      expect(await market.order(renter, order.id)).toMatchObject({
        filledQuantity: filled,
        status,
        version: filled + 1,
      });
    }
    expect(await unmatched(db, pair)).toEqual([]);
  });
});
