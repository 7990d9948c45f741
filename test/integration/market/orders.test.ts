import { expect, test } from 'vitest';
import { HOUR_MS } from '../../../src/domain/time.ts';
import { describeOnBothEngines } from '../../support/engines.ts';
import { bookingOf, orderCancellationOf, orderOf } from '../../support/market-commands.ts';
import { fromNow, inHours, seedMarket, USD, viewer } from '../../support/market-seed.ts';
import { unmatched } from '../../support/unmatched.ts';

describeOnBothEngines('an order that crosses the book', (node) => {
  test('takes the lowest ask, at the ask’s price', async () => {
    const { market, db } = node();
    const { big, home, unit } = await seedMarket(db);
    await unit({ baseMicros: 3n * USD });
    const cheap = await unit({ baseMicros: 1n * USD, gpuCount: 4 });
    const pair = { gpuType: big, region: home };
    const renter = viewer('RENTER');
    const placed = await market.placeOrder(renter, orderOf(pair, { limitMicros: 4n * USD }));
    expect(placed.replayed).toBe(false);
    expect(placed.order).toMatchObject({
      accountId: renter.accountId,
      ...pair,
      limitMicros: 4n * USD,
      quantity: 1,
      filledQuantity: 1,
      status: 'FILLED',
      version: 1,
    });
    expect(placed.bookings).toHaveLength(1);
    expect(placed.bookings[0]).toMatchObject({
      gpuId: cheap,
      accountId: renter.accountId,
      status: 'CONFIRMED',
      period: inHours(4),
      rateMicros: 1n * USD,
      gpuCount: 4,
      totalMicros: 8n * USD,
      orderId: placed.order.id,
    });
    const fill = { rateMicros: 1n * USD, gpuCount: 4, durationMs: 2 * HOUR_MS };
    expect(placed.fills).toEqual([expect.objectContaining(fill)]);
    expect(await market.recentFills(pair, 10)).toEqual(placed.fills);
  });

  test('takes units in the order of price, then of the last price change', async () => {
    const { market, db } = node();
    const { big, home, unit } = await seedMarket(db);
    const [late, early] = [await unit(), await unit()];
    const dear = await unit({ baseMicros: 2n * USD + 1n });
    const low = await unit({ baseMicros: 2n * USD - 1n });
    const long = { price_changed_at: new Date(Date.now() - HOUR_MS).toISOString() };
    await db.updateTable('offer').set(long).where('gpu_id', '=', early).execute();
    await db.updateTable('book_ask').set(long).where('gpu_id', '=', early).execute();
    const command = orderOf({ gpuType: big, region: home }, { quantity: 4, limitMicros: 3n * USD });
    const { bookings } = await market.placeOrder(viewer('RENTER'), command);
    expect(bookings.map(({ gpuId }) => gpuId)).toEqual([low, early, late, dear]);
  });

  test('rests with what it did not get, and the book shows it', async () => {
    const { market, db } = node();
    const { big, home, unit } = await seedMarket(db);
    await unit({ gpuCount: 8 });
    await unit({ gpuCount: 8, baseMicros: 5n * USD });
    const pair = { gpuType: big, region: home };
    const command = orderOf(pair, { quantity: 3, gpusPerUnit: 8 });
    const { order, fills } = await market.placeOrder(viewer('RENTER'), command);
    expect(order).toMatchObject({ status: 'PARTIALLY_FILLED', filledQuantity: 1 });
    expect(fills).toHaveLength(1);
    const [book] = await market.reads.orderBooks([pair]);
    expect(book?.value?.bids).toEqual([{ rateMicros: 2n * USD, gpuCount: 16, orderCount: 1 }]);
    expect(await unmatched(db, pair)).toEqual([]);
  });

  test('keeps what it got and rests no more when it is IOC', async () => {
    const { market, db } = node();
    const { big, home, unit } = await seedMarket(db);
    await unit();
    const pair = { gpuType: big, region: home };
    const command = orderOf(pair, { quantity: 2, timeInForce: 'IOC' });
    const { order, bookings } = await market.placeOrder(viewer('RENTER'), command);
    expect(order).toMatchObject({ status: 'CANCELLED', filledQuantity: 1 });
    expect(bookings).toHaveLength(1);
    expect((await market.reads.orderBooks([pair]))[0]?.value?.bids).toEqual([]);
  });

  test('gets all or nothing when it is FOK', async () => {
    const { market, db } = node();
    const { big, home, unit } = await seedMarket(db);
    await unit();
    await unit();
    const pair = { gpuType: big, region: home };
    const attempt = (quantity: number) =>
      market.placeOrder(viewer('RENTER'), orderOf(pair, { quantity, timeInForce: 'FOK' }));
    const tooMuch = await attempt(3);
    expect(tooMuch.order).toMatchObject({ status: 'CANCELLED', filledQuantity: 0 });
    expect(tooMuch.bookings).toEqual([]);
    const [book] = await market.reads.orderBooks([pair]);
    expect(book?.value?.asks).toEqual([{ rateMicros: 2n * USD, gpuCount: 16, orderCount: 2 }]);
    const enough = await attempt(2);
    expect(enough.order).toMatchObject({ status: 'FILLED', filledQuantity: 2 });
    expect(enough.bookings).toHaveLength(2);
  });

  test('takes only units of its size, from its tier upwards, and never its own', async () => {
    const { market, db } = node();
    const { big, home, unit, rival, provider } = await seedMarket(db);
    await unit({ gpuCount: 4 });
    await unit({ gpuCount: 8, trustTier: 'COMMUNITY' });
    const foreign = await unit({ gpuCount: 8, provider: rival });
    const best = await unit({ gpuCount: 8, trustTier: 'DATACENTER', baseMicros: 3n * USD });
    const fits = await unit({ gpuCount: 8, trustTier: 'VERIFIED', baseMicros: 4n * USD });
    const command = orderOf(
      { gpuType: big, region: home },
      { quantity: 9, gpusPerUnit: 8, minTrustTier: 'VERIFIED', limitMicros: 9n * USD },
    );
    const { bookings } = await market.placeOrder(viewer('RENTER', rival), command);
    expect(bookings.map(({ gpuId }) => gpuId)).toEqual([best, fits]);
    const own = orderOf({ gpuType: big, region: home }, { quantity: 9, timeInForce: 'IOC' });
    const other = await market.placeOrder(viewer('RENTER', provider), own);
    expect(other.bookings.map(({ gpuId }) => gpuId)).toEqual([foreign]);
  });

  test('passes over units that are taken in its period or within the hour, or not for so long', async () => {
    const { market, db } = node();
    const { big, home, unit } = await seedMarket(db);
    const [taken, soon] = [await unit(), await unit()];
    await unit({ minutes: [60, 90] });
    const free = await unit({ baseMicros: 3n * USD });
    await market.createBooking(viewer('RENTER'), bookingOf(taken, inHours(5)));
    await market.createBooking(viewer('RENTER'), bookingOf(soon, fromNow()));
    const command = orderOf({ gpuType: big, region: home }, { quantity: 9, limitMicros: 9n * USD });
    const { bookings } = await market.placeOrder(viewer('RENTER'), command);
    expect(bookings.map(({ gpuId }) => gpuId)).toEqual([free]);
  });

  test('leaves the book when it is cancelled', async () => {
    const { market, db } = node();
    const { big, home } = await seedMarket(db);
    const pair = { gpuType: big, region: home };
    const renter = viewer('RENTER');
    const { order } = await market.placeOrder(renter, orderOf(pair));
    const cancelled = await market.cancelOrder(renter, orderCancellationOf(order.id));
    expect(cancelled).toEqual({
      order: { ...order, status: 'CANCELLED', version: 2 },
      replayed: false,
    });
    expect((await market.reads.orderBooks([pair]))[0]?.value?.bids).toEqual([]);
  });
});
