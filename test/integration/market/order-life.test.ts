import { expect, test } from 'vitest';
import { bookFromJson } from '../../../src/domain/book-data.ts';
import * as errors from '../../../src/domain/errors.ts';
import { DAY_MS } from '../../../src/domain/time.ts';
import { describeOnBothEngines } from '../../support/engines.ts';
import { codeOf, offerOf, orderCancellationOf } from '../../support/market-commands.ts';
import { orderOf, refusalOf } from '../../support/market-commands.ts';
import { freshKey, fromNow, seedMarket, USD, viewer } from '../../support/market-seed.ts';
import { eventsSince, markOutbox, typesSince } from '../../support/outbox.ts';
import { moveOrder } from '../../support/time-travel.ts';

describeOnBothEngines('an open order', (node) => {
  test.each([
    ['its own end comes', { expiresAt: Date.now() - 1000 }],
    ['its period starts', { start: Date.now() - 1000 }],
  ])('expires when %s, and is told once', async (_what, moves) => {
    const { market, db, settleDue } = node();
    const { big, home } = await seedMarket(db);
    const pair = { gpuType: big, region: home };
    const renter = viewer('RENTER');
    const { order } = await market.placeOrder(
      renter,
      orderOf(pair, { expiresAt: Date.now() + DAY_MS }),
    );
    await moveOrder(db, order.id, moves);
    const mark = await markOutbox(db);
    await settleDue();
    await settleDue();
    expect(await market.order(renter, order.id)).toMatchObject({ status: 'EXPIRED', version: 2 });
    const told = (await eventsSince(db, mark)).filter(
      ({ resourceId }) => resourceId === `${big}@${home}`,
    );
    expect(told.map(({ data }) => bookFromJson(data))).toMatchObject([
      {
        orders: [{ id: order.id, status: 'EXPIRED', version: 2 }],
        changes: [{ side: 'BID', rateMicros: 2n * USD, gpuCount: 0, orderCount: 0 }],
      },
    ]);
    expect((await market.reads.orderBooks([pair]))[0]?.value?.bids).toEqual([]);
  });

  test('gets nothing any more once its time has come, expired already or not', async () => {
    const { market, db } = node();
    const { big, home, provider, unit } = await seedMarket(db);
    const gpuId = await unit({ mode: null });
    const renter = viewer('RENTER');
    const { order } = await market.placeOrder(renter, orderOf({ gpuType: big, region: home }));
    await moveOrder(db, order.id, { expiresAt: Date.now() - 1000 });
    await market.upsertOffer(viewer('PROVIDER', provider), offerOf(gpuId));
    expect(await market.order(renter, order.id)).toMatchObject({ filledQuantity: 0 });
    const attempt = market.cancelOrder(renter, orderCancellationOf(order.id));
    const refusal = await refusalOf(errors.StateConflictError, attempt);
    expect(refusal).toMatchObject({ currentStatus: 'EXPIRED', path: ['input', 'orderId'] });
  });

  test('that begins this very minute takes what there is and does not rest', async () => {
    const { market, db } = node();
    const { big, home, unit } = await seedMarket(db);
    await unit();
    const command = orderOf({ gpuType: big, region: home }, { period: fromNow(), quantity: 2 });
    const { order, bookings } = await market.placeOrder(viewer('RENTER'), command);
    expect(order).toMatchObject({ status: 'EXPIRED', filledQuantity: 1 });
    expect(bookings).toHaveLength(1);
  });

  test('cannot be cancelled twice, but its cancellation can be asked for again', async () => {
    const { market, db } = node();
    const { big, home } = await seedMarket(db);
    const renter = viewer('RENTER');
    const { order } = await market.placeOrder(renter, orderOf({ gpuType: big, region: home }));
    const command = orderCancellationOf(order.id);
    await market.cancelOrder(renter, command);
    const again = await market.cancelOrder(renter, command);
    expect(again).toMatchObject({ replayed: true, order: { id: order.id, status: 'CANCELLED' } });
    const attempt = market.cancelOrder(renter, orderCancellationOf(order.id));
    const refusal = await refusalOf(errors.StateConflictError, attempt);
    expect(refusal.currentStatus).toBe('CANCELLED');
  });

  test('answers a repeated request with its first fills and what became of it since', async () => {
    const { market, db } = node();
    const { big, home, provider, unit } = await seedMarket(db);
    await unit();
    const later = await unit({ mode: null });
    const renter = viewer('RENTER');
    const command = orderOf({ gpuType: big, region: home }, { quantity: 2 });
    const first = await market.placeOrder(renter, command);
    await market.upsertOffer(viewer('PROVIDER', provider), offerOf(later));
    const mark = await markOutbox(db);
    const again = await market.placeOrder(renter, command);
    expect(again).toEqual({
      order: { ...first.order, status: 'FILLED', filledQuantity: 2, version: 2 },
      fills: first.fills,
      bookings: first.bookings,
      replayed: true,
    });
    expect(await typesSince(db, mark)).toEqual([]);
    const other = market.placeOrder(renter, { ...command, quantity: 3 });
    expect(await codeOf(other)).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  test('is its owner’s and the operator’s business, and nobody else’s', async () => {
    const { market, db } = node();
    const { big, home, provider } = await seedMarket(db);
    const pair = { gpuType: big, region: home };
    const [owner, operator] = [viewer('RENTER'), viewer('OPERATOR')];
    const { order } = await market.placeOrder(owner, orderOf(pair));
    expect(await market.order(owner, order.id)).toEqual(order);
    expect(await market.order(operator, order.id)).toEqual(order);
    const strangers = [viewer('RENTER'), viewer('PROVIDER', provider)];
    for (const stranger of strangers) {
      expect(await market.order(stranger, order.id)).toBeNull();
      const attempt = market.cancelOrder(stranger, orderCancellationOf(order.id));
      expect((await refusalOf(errors.NotFoundError, attempt)).path).toEqual(['input', 'orderId']);
      const page = await market.orders(stranger, { first: 9, after: null, status: null });
      expect(page).toEqual({ orders: [], hasNextPage: false, totalCount: 0 });
    }
    for (const id of [crypto.randomUUID(), 'no id']) {
      expect(await market.order(operator, id)).toBeNull();
      expect(await codeOf(market.cancelOrder(owner, orderCancellationOf(id)))).toBe('NOT_FOUND');
    }
  });

  test('is listed newest first, page by page and by status', async () => {
    const { market, db } = node();
    const { big, home } = await seedMarket(db);
    const pair = { gpuType: big, region: home };
    const renter = viewer('RENTER');
    const ids: string[] = [];
    for (let placed = 0; placed < 3; placed += 1) {
      ids.unshift((await market.placeOrder(renter, orderOf(pair))).order.id);
    }
    const cancelled = ids[1] ?? '';
    await market.cancelOrder(renter, orderCancellationOf(cancelled));
    const first = await market.orders(renter, { first: 2, after: null, status: null });
    expect(first).toMatchObject({ hasNextPage: true, totalCount: 3 });
    const after = first.orders.at(-1) ?? null;
    const second = await market.orders(renter, { first: 2, after, status: null });
    expect(second).toMatchObject({ hasNextPage: false, totalCount: 3 });
    expect([...first.orders, ...second.orders].map(({ id }) => id)).toEqual(ids);
    const open = await market.orders(renter, { first: 9, after: null, status: ['OPEN'] });
    expect(open.orders.map(({ id }) => id)).toEqual(ids.filter((id) => id !== cancelled));
    const none = await market.orders(renter, { first: 9, after: null, status: [] });
    expect(none).toMatchObject({ orders: [], totalCount: 0 });
  });

  test('lists its fills in order of execution, page by page', async () => {
    const { market, db } = node();
    const { big, home, unit } = await seedMarket(db);
    for (let dollars = 1n; dollars <= 3n; dollars += 1n) await unit({ baseMicros: dollars * USD });
    const pair = { gpuType: big, region: home };
    const command = orderOf(pair, {
      idempotencyKey: freshKey(),
      quantity: 3,
      limitMicros: 9n * USD,
    });
    const { order, fills } = await market.placeOrder(viewer('RENTER'), command);
    expect(fills.map(({ rateMicros }) => rateMicros)).toEqual([1n * USD, 2n * USD, 3n * USD]);
    const first = await market.fillsOfOrder(order.id, 2, null);
    expect(first).toEqual({ fills: fills.slice(0, 2), hasNextPage: true });
    const second = await market.fillsOfOrder(order.id, 2, first.fills.at(-1)?.id ?? null);
    expect(second).toEqual({ fills: fills.slice(2), hasNextPage: false });
    expect(await market.recentFills(pair, 2)).toEqual(fills.slice(1).toReversed());
    expect(await market.fill(fills[0]?.id ?? '')).toEqual(fills[0]);
    expect(await market.fill('no id')).toBeNull();
    expect(await market.fillsOfOrder('no id', 2, 'no id')).toEqual({
      fills: [],
      hasNextPage: false,
    });
  });
});
