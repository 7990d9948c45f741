import { expect, test } from 'vitest';
import type { Pair } from '../../../src/domain/catalog.ts';
import { describeOnBothEngines } from '../../support/engines.ts';
import * as commands from '../../support/market-commands.ts';
import type { MarketNode } from '../../support/market-node.ts';
import { seedMarket, soon, USD, viewer } from '../../support/market-seed.ts';
import { bookDataSince, expectTrueBook, replayBook, storedBook } from '../../support/order-book.ts';
import { eventsSince, markOutbox } from '../../support/outbox.ts';

/** A pair with one unit of 8 cards at 2 USD, and a renter. */
async function cast({ market, db }: MarketNode) {
  const seed = await seedMarket(db);
  const gpuId = await seed.unit();
  const pair: Pair = { gpuType: seed.big, region: seed.home };
  const renter = viewer('RENTER');
  const order = (change: Parameters<typeof commands.orderOf>[1] = {}) =>
    market.placeOrder(renter, commands.orderOf(pair, { limitMicros: 1n * USD, ...change }));
  const cancel = (id: string) => market.cancelOrder(renter, commands.orderCancellationOf(id));
  const levels = async () => {
    const { asks, bids } = await storedBook(db, pair);
    await expectTrueBook(db, pair);
    return { asks, bids };
  };
  const mark = await markOutbox(db);
  const told = () => bookDataSince(db, mark, pair);
  return { ...seed, market, db, gpuId, pair, renter, order, cancel, levels, mark, told };
}

function level(usd: bigint, gpuCount: number, orderCount: number) {
  return { rateMicros: usd * USD, gpuCount, orderCount };
}

describeOnBothEngines('the bids of a book', (node) => {
  test('add up the cards that orders of one price still want', async () => {
    const { order, cancel, levels } = await cast(node());
    const first = await order({ quantity: 3, gpusPerUnit: 4 });
    await order({ quantity: 2 });
    expect((await levels()).bids).toEqual([level(1n, 14, 2)]);
    await cancel(first.order.id);
    expect((await levels()).bids).toEqual([level(1n, 2, 1)]);
  });

  test('never hold an order that does not rest', async () => {
    const { order, levels } = await cast(node());
    await order({ timeInForce: 'IOC' });
    await order({ timeInForce: 'FOK' });
    expect((await levels()).bids).toEqual([]);
  });

  test('shrink with a fill, which takes the ask away in the same change', async () => {
    const { db, pair, order, levels, told } = await cast(node());
    const before = await storedBook(db, pair);
    const { fills } = await order({ quantity: 2, limitMicros: 2n * USD, period: soon() });
    expect(await levels()).toEqual({ asks: [], bids: [level(2n, 1, 1)] });
    const [data, ...rest] = await told();
    expect(rest).toEqual([]);
    expect(data?.fills).toEqual(fills);
    expect(data?.orders).toMatchObject([{ status: 'PARTIALLY_FILLED', filledQuantity: 1 }]);
    expect(replayBook(before, data ? [data] : []).sequence).toBe(before.sequence + 1n);
  });

  test('are served by an ask that comes down to them, and then tell of it', async () => {
    const { db, pair, order, levels, told, market, gpuId, provider } = await cast(node());
    const before = await storedBook(db, pair);
    await order({ period: soon() });
    const owner = viewer('PROVIDER', provider);
    await market.upsertOffer(owner, commands.offerOf(gpuId, { baseMicros: 1n * USD }));
    expect(await levels()).toEqual({ asks: [], bids: [] });
    const events = await told();
    expect(events).toHaveLength(3);
    expect(events.at(-1)?.fills).toMatchObject([{ rateMicros: 1n * USD, gpuCount: 8 }]);
    expect(events.at(-1)?.orders).toMatchObject([{ status: 'FILLED' }]);
    expect(replayBook(before, events)).toMatchObject({ asks: [], bids: [] });
  });

  test('name the pair’s price as changed only when the best one moves or something is traded', async () => {
    const { db, pair, order, mark, market } = await cast(node());
    const name = `price:${pair.gpuType}@${pair.region}`;
    const named = async () =>
      (await eventsSince(db, mark))
        .filter(({ type }) => type === 'ORDER_BOOK_UPDATED')
        .map(({ keys }) => keys.some(({ key }) => key === name));
    await order({ limitMicros: 1n * USD });
    await order({ limitMicros: USD / 2n });
    await order({ limitMicros: 2n * USD, period: soon() });
    expect(await named()).toEqual([true, false, true]);
    const [price] = await market.reads.prices([pair]);
    expect(price?.value).toMatchObject({ bestAskMicros: null, bestBidMicros: 1n * USD });
  });
});
