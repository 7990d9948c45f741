import { expect, test } from 'vitest';
import * as errors from '../../../src/domain/errors.ts';
import { HOUR_MS, MINUTE_MS, floorMinute } from '../../../src/domain/time.ts';
import { describeOnBothEngines } from '../../support/engines.ts';
import { bookingOf, cancellationOf, refusalOf } from '../../support/market-commands.ts';
import type { MarketNode } from '../../support/market-node.ts';
import { inHours, seedMarket, USD, viewer } from '../../support/market-seed.ts';
import { moveBooking } from '../../support/time-travel.ts';

/** A booking of 16 USD an hour for 4 hours, made yesterday, that began so many minutes ago. */
async function runningFor({ market, db, settleDue }: MarketNode, minutes: number) {
  const gpuId = await (await seedMarket(db)).unit();
  const renter = viewer('RENTER');
  const { booking } = await market.createBooking(renter, bookingOf(gpuId, inHours(4, 4)));
  const start = floorMinute(Date.now()) - minutes * MINUTE_MS;
  const createdAt = start - 24 * HOUR_MS;
  await moveBooking(db, booking.id, { start, end: start + 4 * HOUR_MS, createdAt });
  await settleDue();
  return { gpuId, renter, id: booking.id };
}

describeOnBothEngines('cancelling', (node) => {
  test('is free well before the start, gives the money back and frees the unit', async () => {
    const { market, db } = node();
    const gpuId = await (await seedMarket(db)).unit();
    const renter = viewer('RENTER');
    const { booking } = await market.createBooking(renter, bookingOf(gpuId));
    const outcome = await market.cancelBooking(renter, cancellationOf(booking.id));
    expect(outcome).toMatchObject({ feeMicros: 0n, refundMicros: 32n * USD, replayed: false });
    expect(outcome.booking).toMatchObject({
      status: 'CANCELLED',
      refundedMicros: 32n * USD,
      version: 2,
    });
    expect(outcome.booking.cancelledAt).toBeGreaterThanOrEqual(booking.createdAt);
    await expect(market.createBooking(viewer('RENTER'), bookingOf(gpuId))).resolves.toMatchObject({
      booking: { status: 'CONFIRMED' },
    });
  });

  test('a booking under way costs the time used and one hour more, and frees the unit now', async () => {
    const { market } = node();
    const { renter, id, gpuId } = await runningFor(node(), 60);
    const terms = await market.cancellationTerms((await market.booking(renter, id))!);
    const { feeMicros, refundMicros, booking } = await market.cancelBooking(
      renter,
      cancellationOf(id),
    );
    const minutes = Number(feeMicros / ((16n * USD) / 60n));
    expect(minutes).toBeGreaterThanOrEqual(120);
    expect(minutes).toBeLessThanOrEqual(122);
    expect(feeMicros).toBeGreaterThanOrEqual(terms.feeMicros);
    expect(feeMicros + refundMicros).toBe(64n * USD);
    expect(booking.refundedMicros).toBe(refundMicros);
    expect((await market.reads.units([gpuId]))[0]?.value?.status).toBe('AVAILABLE');
  });

  test('above the given fee is refused, and tells both', async () => {
    const { market } = node();
    const { renter, id } = await runningFor(node(), 180);
    const attempt = market.cancelBooking(renter, cancellationOf(id, { maxFeeMicros: 63n * USD }));
    const refusal = await refusalOf(errors.PriceChangedError, attempt);
    expect(refusal).toMatchObject({
      code: 'PRICE_CHANGED',
      quotedMicros: 63n * USD,
      currentMicros: 64n * USD,
      requote: null,
    });
    const agreed = cancellationOf(id, { maxFeeMicros: 64n * USD });
    expect((await market.cancelBooking(renter, agreed)).feeMicros).toBe(64n * USD);
  });

  test('what is over or cancelled already is a conflict with its status', async () => {
    const { market, db, settleDue } = node();
    const gpuId = await (await seedMarket(db)).unit();
    const renter = viewer('RENTER');
    const first = (await market.createBooking(renter, bookingOf(gpuId, inHours(4)))).booking.id;
    await market.cancelBooking(renter, cancellationOf(first));
    const again = market.cancelBooking(renter, cancellationOf(first));
    expect((await refusalOf(errors.StateConflictError, again)).currentStatus).toBe('CANCELLED');
    const second = (await market.createBooking(renter, bookingOf(gpuId, inHours(8)))).booking.id;
    const past = floorMinute(Date.now()) - HOUR_MS;
    await moveBooking(db, second, { start: past - HOUR_MS, end: past });
    const unsettled = market.cancelBooking(renter, cancellationOf(second));
    expect((await refusalOf(errors.StateConflictError, unsettled)).currentStatus).toBe('COMPLETED');
    await settleDue();
    const settled = market.cancelBooking(renter, cancellationOf(second));
    expect((await refusalOf(errors.StateConflictError, settled)).currentStatus).toBe('COMPLETED');
  });

  test('a foreign booking is not found, also for the unit’s provider; an operator may', async () => {
    const { market, db } = node();
    const { unit, provider } = await seedMarket(db);
    const gpuId = await unit();
    const { id } = (await market.createBooking(viewer('RENTER'), bookingOf(gpuId))).booking;
    for (const stranger of [viewer('RENTER'), viewer('PROVIDER', provider)]) {
      const attempt = market.cancelBooking(stranger, cancellationOf(id));
      await refusalOf(errors.NotFoundError, attempt);
    }
    const outcome = await market.cancelBooking(viewer('OPERATOR'), cancellationOf(id));
    expect(outcome.booking.status).toBe('CANCELLED');
  });

  test('garbage is not found', async () => {
    const { market } = node();
    for (const id of ['', 'x', '\u0000', '00000000-0000-4000-8000-000000000000']) {
      const attempt = market.cancelBooking(viewer('RENTER'), cancellationOf(id));
      await refusalOf(errors.NotFoundError, attempt);
    }
  });

  test.each([
    ['501 characters', 'r'.repeat(501)],
    ['a NUL', 'because\u0000'],
    ['half a surrogate pair', '\udc00'],
  ])('has no reason of %s', async (_, reason) => {
    const { market, db } = node();
    const gpuId = await (await seedMarket(db)).unit();
    const renter = viewer('RENTER');
    const { id } = (await market.createBooking(renter, bookingOf(gpuId))).booking;
    const attempt = market.cancelBooking(renter, cancellationOf(id, { reason }));
    const refusal = await refusalOf(errors.InvalidInputError, attempt);
    expect(refusal.path).toEqual(['input', 'reason']);
  });
});
