import { expect, test } from 'vitest';
import type { Pair } from '../../../src/domain/catalog.ts';
import { HOUR_MS, floorMinute } from '../../../src/domain/time.ts';
import { describeOnBothEngines } from '../../support/engines.ts';
import * as commands from '../../support/market-commands.ts';
import type { MarketNode } from '../../support/market-node.ts';
import { fromNow, inHours, seedMarket, soon, USD, viewer } from '../../support/market-seed.ts';
import { bookDataSince, expectTrueBook, replayBook, storedBook } from '../../support/order-book.ts';
import { markOutbox } from '../../support/outbox.ts';
import { moveBooking, runOut } from '../../support/time-travel.ts';

/** A pair with two units of 8 cards at 2 USD; the paths below change what the first one asks. */
async function cast(node: MarketNode) {
  const seed = await seedMarket(node.db);
  const gpuId = await seed.unit();
  const other = await seed.unit();
  const pair: Pair = { gpuType: seed.big, region: seed.home };
  const renter = viewer('RENTER');
  const owner = viewer('PROVIDER', seed.provider);
  return { ...node, ...seed, gpuId, other, pair, renter, owner, operator: viewer('OPERATOR') };
}

type Cast = Awaited<ReturnType<typeof cast>>;

const book = (on: Cast, period = fromNow()) =>
  on.market.createBooking(on.renter, commands.bookingOf(on.gpuId, period));
const hold = (on: Cast) =>
  on.market.holdGpu(on.renter, commands.holdOf(on.gpuId, { period: fromNow() }));
const declare = (on: Cast, status: 'AVAILABLE' | 'MAINTENANCE') =>
  on.market.setGpuStatus(on.owner, { gpuId: on.gpuId, status, reason: null, ifVersion: null });
const provide = (on: Cast, status: 'ONLINE' | 'OFFLINE' | 'DEGRADED') =>
  on.market.setProviderStatus(on.owner, { provider: on.provider, status, reason: null });
const offer = (on: Cast, change: Parameters<typeof commands.offerOf>[1]) =>
  on.market.upsertOffer(on.owner, commands.offerOf(on.gpuId, change));

const BOTH = [['2.00', 16, 2]];
const ONE = [['2.00', 8, 1]];

/** What is done, and the asks that are left: price, cards, offers. */
const PATHS: Readonly<Record<string, readonly [(on: Cast) => Promise<unknown>, unknown[]]>> = {
  'a booking that begins now': [book, ONE],
  'a booking that begins within the hour': [(on) => book(on, soon()), ONE],
  'a booking that begins later': [(on) => book(on, inHours(2)), BOTH],
  'a cancelled booking': [
    async (on) => {
      const { booking } = await book(on);
      return on.market.cancelBooking(on.renter, commands.cancellationOf(booking.id));
    },
    BOTH,
  ],
  'a hold': [hold, ONE],
  'a hold that ran out': [
    async (on) => {
      await runOut(on.db, (await hold(on)).booking.id);
      await on.settleDue();
    },
    BOTH,
  ],
  'a booking whose start is less than an hour away by now': [
    async (on) => {
      const { booking } = await book(on, inHours(2));
      await moveBooking(on.db, booking.id, soon());
      await on.settleDue();
    },
    ONE,
  ],
  'a booking that has ended': [
    async (on) => {
      const { booking } = await book(on);
      const end = floorMinute(Date.now());
      await moveBooking(on.db, booking.id, { start: end - HOUR_MS, end });
      await on.settleDue();
    },
    BOTH,
  ],
  'a unit under maintenance': [(on) => declare(on, 'MAINTENANCE'), ONE],
  'a unit that is back': [
    async (on) => {
      await declare(on, 'MAINTENANCE');
      await declare(on, 'AVAILABLE');
    },
    BOTH,
  ],
  'a provider that is offline': [(on) => provide(on, 'OFFLINE'), []],
  'a provider that is only degraded': [(on) => provide(on, 'DEGRADED'), BOTH],
  'a provider that is back': [
    async (on) => {
      await provide(on, 'OFFLINE');
      await provide(on, 'ONLINE');
    },
    BOTH,
  ],
  'another price': [(on) => offer(on, { baseMicros: 3n * USD }), [...ONE, ['3.00', 8, 1]]],
  'a paused offer': [(on) => offer(on, { status: 'PAUSED' }), ONE],
  'a withdrawn offer': [(on) => offer(on, { status: 'WITHDRAWN' }), ONE],
  'an operator’s price, for DYNAMIC offers only': [
    async (on) => {
      await offer(on, { mode: 'DYNAMIC' });
      const { gpuType, region } = on.pair;
      const priced = { gpuType, region, rateMicros: 4n * USD, reason: 'x' };
      return on.market.updatePricing(on.operator, priced);
    },
    [...ONE, ['4.00', 8, 1]],
  ],
};

async function askedOf({ market }: MarketNode, pair: Pair) {
  const [read] = await market.reads.orderBooks([pair]);
  return read?.value?.asks.map(({ rateMicros, gpuCount, orderCount }) => [
    `${Number(rateMicros) / 1e6}.00`,
    gpuCount,
    orderCount,
  ]);
}

describeOnBothEngines('the asks of a book', (node) => {
  test.each(Object.keys(PATHS))('follow %s', async (name) => {
    const [act, asks] = PATHS[name] ?? [];
    const on = await cast(node());
    expect(await askedOf(on, on.pair)).toEqual(BOTH);
    const before = await storedBook(on.db, on.pair);
    const mark = await markOutbox(on.db);
    await act?.(on);
    expect(await askedOf(on, on.pair)).toEqual(asks);
    await expectTrueBook(on.db, on.pair);
    const told = await bookDataSince(on.db, mark, on.pair);
    expect(replayBook(before, told)).toMatchObject(await levelsOf(on));
  });

  test('gain a unit that is offered for the first time', async () => {
    const { db, market, unit, owner, pair } = await cast(node());
    const gpuId = await unit({ mode: null });
    await market.upsertOffer(owner, commands.offerOf(gpuId, { baseMicros: 1n * USD }));
    expect(await askedOf(node(), pair)).toEqual([['1.00', 8, 1], ...BOTH]);
    await expectTrueBook(db, pair);
  });

  test('lose an ask to time once, however many nodes look', async () => {
    const on = await cast(node());
    const { booking } = await book(on, inHours(2));
    await moveBooking(on.db, booking.id, soon());
    const mark = await markOutbox(on.db);
    await Promise.all([on.settleDue(), on.settleDue()]);
    await on.settleDue();
    expect(await bookDataSince(on.db, mark, on.pair)).toHaveLength(1);
  });
});

async function levelsOf({ db, pair }: Cast) {
  const { asks, bids, sequence } = await storedBook(db, pair);
  return { asks, bids, sequence };
}

describeOnBothEngines('a book', (node) => {
  test('is unknown for a pair that does not exist, and empty for one without offers', async () => {
    const { market, small, away } = await cast(node());
    const [known, unknown] = await market.reads.orderBooks([
      { gpuType: small, region: away },
      { gpuType: small, region: 'nowhere' },
    ]);
    expect(known?.value).toMatchObject({ asks: [], bids: [], sequence: 0n });
    expect(unknown?.value).toBeNull();
  });

  test('is read from memory until something changes it', async () => {
    const on = await cast(node());
    const read = async () => (await on.market.reads.orderBooks([on.pair]))[0];
    await read();
    expect((await read())?.servedFrom).toBe('L1');
    await book(on);
    const { value, servedFrom } = (await read()) ?? {};
    expect(servedFrom).toBe('DATABASE');
    expect(value?.sequence).toBe((await storedBook(on.db, on.pair)).sequence);
  });

  test('has the best levels that the pair’s price shows', async () => {
    const on = await cast(node());
    const best = async () => (await on.market.reads.prices([on.pair]))[0]?.value;
    expect(await best()).toMatchObject({ bestAskMicros: 2n * USD, bestBidMicros: null });
    await offer(on, { baseMicros: 1n * USD });
    expect(await best()).toMatchObject({ bestAskMicros: 1n * USD });
    await provide(on, 'OFFLINE');
    expect(await best()).toMatchObject({ bestAskMicros: null });
  });

  test('keeps its sequence and tells of no change where levels stay as they are', async () => {
    const on = await cast(node());
    const { sequence } = await storedBook(on.db, on.pair);
    const mark = await markOutbox(on.db);
    await book(on, inHours(2));
    const [told, ...rest] = await bookDataSince(on.db, mark, on.pair);
    expect(rest).toEqual([]);
    expect(told).toMatchObject({ previousSequence: sequence, sequence, changes: [] });
    expect(await storedBook(on.db, on.pair)).toMatchObject({ sequence });
  });
});
