import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UserError } from '../../../src/domain/errors.ts';
import { createRandom, type Random } from '../../../src/demo/random.ts';
import { countOverlaps, startFleet, type TestFleet } from '../../support/fleet.ts';
import * as commands from '../../support/market-commands.ts';
import { inHours, seedMarket, soon, USD, viewer } from '../../support/market-seed.ts';
import type { MarketSeed } from '../../support/market-seed.ts';
import type { MarketNode } from '../../support/market-node.ts';
import { bookDataSince, expectTrueBook, replayBook, storedBook } from '../../support/order-book.ts';
import { markOutbox } from '../../support/outbox.ts';

const WRITERS = 8;
const STEPS = 25;
const UNITS = 6;

let fleet: TestFleet;

beforeAll(async () => {
  fleet = await startFleet();
});

afterAll(() => fleet.stop());

/** One thing that changes a book, on any of its units. */
function step(
  { market }: MarketNode,
  seed: MarketSeed,
  gpuId: string,
  random: Random,
): Promise<unknown> {
  const renter = viewer('RENTER');
  const owner = viewer('PROVIDER', seed.provider);
  const pair = { gpuType: seed.big, region: seed.home };
  const limitMicros = BigInt(random.between(1, 4)) * USD;
  const period = random.pick([soon(), inHours(3)]) ?? soon();
  const baseMicros = limitMicros;
  const status = random.pick(['AVAILABLE', 'MAINTENANCE'] as const) ?? 'AVAILABLE';
  const steps = [
    async () => {
      const { booking } = await market.createBooking(renter, commands.bookingOf(gpuId, period));
      await market.cancelBooking(renter, commands.cancellationOf(booking.id));
    },
    () => market.holdGpu(renter, commands.holdOf(gpuId, { period })),
    () => market.upsertOffer(owner, commands.offerOf(gpuId, { baseMicros, mode: 'DYNAMIC' })),
    () => market.setGpuStatus(owner, { gpuId, status, reason: null, ifVersion: null }),
    () => market.placeOrder(renter, commands.orderOf(pair, { limitMicros, period })),
    async () => {
      const placed = await market.placeOrder(renter, commands.orderOf(pair, { limitMicros }));
      await market.cancelOrder(renter, commands.orderCancellationOf(placed.order.id));
    },
    () =>
      market.updatePricing(viewer('OPERATOR'), { ...pair, rateMicros: baseMicros, reason: 'x' }),
  ];
  return random.pick(steps)?.() ?? Promise.resolve();
}

/** Refusals are part of the race; anything else fails the test. */
async function orRefused(attempt: Promise<unknown>): Promise<void> {
  try {
    await attempt;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
  }
}

describe('eight writers on two nodes', () => {
  test('leave a book whose events, one by one, lead to what units and orders say', async () => {
    const [node] = fleet.nodes;
    const { db } = node;
    const seed = await seedMarket(db);
    const units: string[] = [];
    for (let unit = 0; unit < UNITS; unit += 1) units.push(await seed.unit());
    const pair = { gpuType: seed.big, region: seed.home };
    const before = await storedBook(db, pair);
    const mark = await markOutbox(db);
    const writer = async (number: number): Promise<void> => {
      const random = createRandom(number);
      for (let count = 0; count < STEPS; count += 1) {
        const on = fleet.nodes[number % 2 === 0 ? 0 : 1];
        await orRefused(step(on, seed, random.pick(units) ?? '', random));
      }
    };
    await Promise.all(Array.from({ length: WRITERS }, (_, number) => writer(number)));
    const told = await bookDataSince(db, mark, pair);
    const { asks, bids, sequence } = await storedBook(db, pair);
    expect(replayBook(before, told)).toEqual({ asks, bids, sequence });
    const changing = told.filter(({ changes }) => changes.length > 0);
    expect(sequence - before.sequence).toBe(BigInt(changing.length));
    expect(changing.length).toBeGreaterThan((WRITERS * STEPS) / 4);
    await expectTrueBook(db, pair);
    expect(await countOverlaps(node)).toBe(0);
  }, 60_000);
});
