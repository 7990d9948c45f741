import { expect, test } from 'vitest';
import { IdempotencyError } from '../../../src/domain/errors.ts';
import { HOUR_MS } from '../../../src/domain/time.ts';
import { describeOnBothEngines } from '../../support/engines.ts';
import * as commands from '../../support/market-commands.ts';
import { entriesSince, markOutbox } from '../../support/outbox.ts';
import { inHours, seedMarket, USD, viewer } from '../../support/market-seed.ts';

describeOnBothEngines('an idempotency key', (node) => {
  test('used again gives the first amounts and the booking as it is now, and publishes nothing', async () => {
    const { market, db } = node();
    const gpuId = await (await seedMarket(db)).unit();
    const renter = viewer('RENTER');
    const creation = commands.bookingOf(gpuId, inHours(4));
    const { booking } = await market.createBooking(renter, creation);
    const extension = commands.extensionOf(booking.id, booking.period.end + HOUR_MS);
    await market.extendBooking(renter, extension);
    const cancellation = commands.cancellationOf(booking.id);
    await market.cancelBooking(renter, cancellation);
    const mark = await markOutbox(db);
    const now = await market.booking(renter, booking.id);
    expect(now?.status).toBe('CANCELLED');
    expect(await market.createBooking(renter, creation)).toEqual({ booking: now, replayed: true });
    expect(await market.extendBooking(renter, extension)).toEqual({
      booking: now,
      additionalMicros: 16n * USD,
      replayed: true,
    });
    expect(await market.cancelBooking(renter, cancellation)).toEqual({
      booking: now,
      feeMicros: 0n,
      refundMicros: 48n * USD,
      replayed: true,
    });
    expect(await entriesSince(db, mark)).toEqual([]);
  });

  test('of a hold and of an offer is replayed too', async () => {
    const { market, db } = node();
    const { unit, provider } = await seedMarket(db);
    const gpuId = await unit();
    const renter = viewer('RENTER');
    const hold = commands.holdOf(gpuId);
    const first = await market.holdGpu(renter, hold);
    expect(await market.holdGpu(renter, hold)).toEqual({ ...first, replayed: true });
    const owner = viewer('PROVIDER', provider);
    const offer = commands.offerOf(gpuId, { baseMicros: 3n * USD });
    expect(await market.upsertOffer(owner, offer)).toEqual({ gpuId, replayed: false });
    const mark = await markOutbox(db);
    expect(await market.upsertOffer(owner, offer)).toEqual({ gpuId, replayed: true });
    expect(await entriesSince(db, mark)).toEqual([]);
    expect((await market.reads.units([gpuId]))[0]?.value?.offer?.version).toBe(2);
  });

  test('is refused for other input and for another operation, and tells when it was used', async () => {
    const { market, db } = node();
    const { unit } = await seedMarket(db);
    const gpuId = await unit();
    const renter = viewer('RENTER');
    const creation = commands.bookingOf(gpuId, inHours(4));
    const { booking } = await market.createBooking(renter, creation);
    const { idempotencyKey } = creation;
    const others = [
      () => market.createBooking(renter, { ...creation, period: inHours(8) }),
      () => market.createBooking(renter, { ...creation, maxRateMicros: 9n * USD }),
      () => market.holdGpu(renter, commands.holdOf(gpuId, { idempotencyKey })),
      () => market.cancelBooking(renter, commands.cancellationOf(booking.id, { idempotencyKey })),
    ];
    for (const attempt of others) {
      const refusal = await commands.refusalOf(IdempotencyError, attempt());
      expect(refusal).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED', retryable: false });
      expect(Math.abs(refusal.firstUsedAt - booking.createdAt)).toBeLessThan(HOUR_MS);
    }
    expect((await market.booking(renter, booking.id))?.status).toBe('CONFIRMED');
  });

  test('means the same whatever the order of the input’s fields', async () => {
    const { market, db } = node();
    const gpuId = await (await seedMarket(db)).unit();
    const renter = viewer('RENTER');
    const creation = commands.bookingOf(gpuId, inHours(4));
    await market.createBooking(renter, creation);
    const { start, end } = inHours(4);
    const reordered = Object.fromEntries(Object.entries(creation).toReversed());
    const again = { ...(reordered as unknown as typeof creation), period: { end, start } };
    expect((await market.createBooking(renter, again)).replayed).toBe(true);
  });

  test('belongs to one account', async () => {
    const { market, db } = node();
    const { unit } = await seedMarket(db);
    const first = commands.bookingOf(await unit());
    const { idempotencyKey } = first;
    await market.createBooking(viewer('RENTER'), first);
    const second = commands.bookingOf(await unit(), inHours(8), { idempotencyKey });
    expect((await market.createBooking(viewer('RENTER'), second)).replayed).toBe(false);
  });

  test('of a refusal is not used up: the next try is judged anew', async () => {
    const { market, db } = node();
    const gpuId = await (await seedMarket(db)).unit();
    const other = viewer('RENTER');
    const { booking } = await market.createBooking(other, commands.bookingOf(gpuId));
    const renter = viewer('RENTER');
    const creation = commands.bookingOf(gpuId);
    expect(await commands.codeOf(market.createBooking(renter, creation))).toBe('GPU_UNAVAILABLE');
    await market.cancelBooking(other, commands.cancellationOf(booking.id));
    const { replayed } = await market.createBooking(renter, creation);
    expect(replayed).toBe(false);
  });

  test('used by several at once books once; the others are told to wait or get the same booking', async () => {
    const { market, db } = node();
    const gpuId = await (await seedMarket(db)).unit();
    const renter = viewer('RENTER');
    const creation = commands.bookingOf(gpuId);
    const attempts = await Promise.allSettled(
      Array.from({ length: 8 }, () => market.createBooking(renter, creation)),
    );
    const made = attempts.flatMap((attempt) =>
      attempt.status === 'fulfilled' ? [attempt.value] : [],
    );
    const refusals = attempts.flatMap((attempt): unknown[] =>
      attempt.status === 'rejected' ? [attempt.reason] : [],
    );
    expect(made.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(new Set(made.map(({ booking }) => booking.id)).size).toBe(1);
    for (const refusal of refusals)
      expect(refusal).toMatchObject({ code: 'IDEMPOTENCY_IN_PROGRESS', retryable: true });
    expect((await market.createBooking(renter, creation)).booking.id).toBe(made[0]?.booking.id);
  });
});
