import { expect, test } from 'vitest';
import { describeOnBothEngines } from '../../support/engines.ts';
import { bookingOf, cancellationOf } from '../../support/market-commands.ts';
import type { MarketNode } from '../../support/market-node.ts';
import { inHours, seedMarket, viewer } from '../../support/market-seed.ts';

const FIRST_PAGE = { first: 10, after: null, status: null, gpuId: null };

/** Three bookings of one renter, one of another, on units of two providers. */
async function booked({ market, db }: MarketNode) {
  const seed = await seedMarket(db);
  const [own, rivals] = [await seed.unit(), await seed.unit({ provider: seed.rival })];
  const [renter, other] = [viewer('RENTER'), viewer('RENTER')];
  const ids: string[] = [];
  for (const [who, gpuId, hour] of [
    [renter, own, 2],
    [renter, own, 4],
    [renter, rivals, 2],
    [other, own, 6],
  ] as const)
    ids.push((await market.createBooking(who, bookingOf(gpuId, inHours(hour)))).booking.id);
  const [first = '', second = '', third = '', foreign = ''] = ids;
  return { ...seed, own, renter, other, first, second, third, foreign };
}

describeOnBothEngines('bookings', (node) => {
  test('are the renter’s own, newest first, with their number', async () => {
    const { market } = node();
    const { renter, first, second, third } = await booked(node());
    const page = await market.bookings(renter, FIRST_PAGE);
    expect(page.bookings.map(({ id }) => id)).toEqual([third, second, first]);
    expect(page).toMatchObject({ hasNextPage: false, totalCount: 3 });
  });

  test('are those of its units for a provider, and all for an operator', async () => {
    const { market } = node();
    const { provider, own, first, second, foreign } = await booked(node());
    const provided = await market.bookings(viewer('PROVIDER', provider), FIRST_PAGE);
    expect(provided.bookings.map(({ id }) => id)).toEqual([foreign, second, first]);
    const all = await market.bookings(viewer('OPERATOR'), { ...FIRST_PAGE, gpuId: own });
    expect(all.totalCount).toBe(3);
  });

  test('come page by page, each once, while new ones are made', async () => {
    const { market } = node();
    const { renter, own, first, second, third } = await booked(node());
    const page = await market.bookings(renter, { ...FIRST_PAGE, first: 2 });
    expect(page).toMatchObject({ hasNextPage: true, totalCount: 3 });
    await market.createBooking(renter, bookingOf(own, inHours(12)));
    const after = page.bookings.at(-1) ?? null;
    const next = await market.bookings(renter, { ...FIRST_PAGE, first: 2, after });
    expect(page.bookings.map(({ id }) => id)).toEqual([third, second]);
    expect(next.bookings.map(({ id }) => id)).toEqual([first]);
    expect(next).toMatchObject({ hasNextPage: false, totalCount: 4 });
  });

  test('can be filtered by status and unit; no status at all gives none', async () => {
    const { market } = node();
    const { renter, own, first, second } = await booked(node());
    await market.cancelBooking(renter, cancellationOf(first));
    const cancelled = await market.bookings(renter, { ...FIRST_PAGE, status: ['CANCELLED'] });
    expect(cancelled.bookings.map(({ id }) => id)).toEqual([first]);
    const live = await market.bookings(renter, {
      ...FIRST_PAGE,
      status: ['CONFIRMED'],
      gpuId: own,
    });
    expect(live.bookings.map(({ id }) => id)).toEqual([second]);
    const none = await market.bookings(renter, { ...FIRST_PAGE, status: [] });
    expect(none).toEqual({ bookings: [], hasNextPage: false, totalCount: 0 });
  });

  test('are hidden from strangers, one by one too', async () => {
    const { market } = node();
    const { renter, provider, rival, first } = await booked(node());
    const mayRead = [renter, viewer('PROVIDER', provider), viewer('OPERATOR')];
    for (const who of mayRead) expect((await market.booking(who, first))?.id).toBe(first);
    for (const who of [viewer('RENTER'), viewer('PROVIDER', rival)])
      expect(await market.booking(who, first)).toBeNull();
    for (const id of ['', 'x', '\u0000']) expect(await market.booking(renter, id)).toBeNull();
  });
});

describeOnBothEngines('an account', (node) => {
  test('exists as soon as a token names it, with the role of the newest token', async () => {
    const { market } = node();
    const renter = viewer('RENTER');
    expect(await market.accounts([renter.accountId])).toEqual([null]);
    await market.account(renter);
    await market.account({ ...renter, role: 'OPERATOR' });
    const { accountId: id } = renter;
    expect(await market.accounts([id, 'nobody'])).toEqual([
      { id, role: 'OPERATOR', name: id },
      null,
    ]);
  });
});
