import { expect, test } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS, floorMinute } from '../../../src/domain/time.ts';
import { describeOnBothEngines } from '../../support/engines.ts';
import { bookingOf, holdOf } from '../../support/market-commands.ts';
import { eventsSince, markOutbox } from '../../support/outbox.ts';
import { inHours, seedMarket, viewer } from '../../support/market-seed.ts';
import { moveBooking, runOut } from '../../support/time-travel.ts';
import type { MarketNode } from '../../support/market-node.ts';

async function statusOf({ market }: MarketNode, gpuId: string) {
  const [found] = await market.reads.units([gpuId]);
  return [found?.value?.status, found?.value?.version];
}

/** Reason, change and status as they were told, in the order of the outbox. */
async function toldSince({ db }: MarketNode, mark: bigint) {
  const events = await eventsSince(db, mark);
  return events
    .filter(({ type }) => type === 'GPU_AVAILABILITY_CHANGED')
    .map(({ data, version }) => [
      data['reason'],
      data['change'],
      (data['unit'] as { status: string }).status,
      version,
    ]);
}

describeOnBothEngines('time', (node) => {
  test('starts and ends a period, once each, and tells it', async () => {
    const { market, db, settleDue } = node();
    const gpuId = await (await seedMarket(db)).unit();
    const renter = viewer('RENTER');
    const { booking } = await market.createBooking(renter, bookingOf(gpuId));
    const mark = await markOutbox(db);
    await settleDue();
    expect(await toldSince(node(), mark)).toEqual([]);

    const start = floorMinute(Date.now());
    await moveBooking(db, booking.id, { start, end: start + HOUR_MS });
    await settleDue();
    await settleDue();
    expect(await statusOf(node(), gpuId)).toEqual(['BOOKED', 3]);
    expect(await market.booking(renter, booking.id)).toMatchObject({
      status: 'ACTIVE',
      version: 2,
    });

    await moveBooking(db, booking.id, { start: start - HOUR_MS, end: start });
    await settleDue();
    await settleDue();
    expect(await statusOf(node(), gpuId)).toEqual(['AVAILABLE', 4]);
    expect((await market.booking(renter, booking.id))?.status).toBe('COMPLETED');
    expect(await toldSince(node(), mark)).toEqual([
      ['STARTED', 'STARTED', 'BOOKED', 3],
      ['ENDED', 'COMPLETED', 'AVAILABLE', 4],
    ]);
  });

  test('runs a hold out and tells it', async () => {
    const { market, db, settleDue } = node();
    const gpuId = await (await seedMarket(db)).unit();
    const renter = viewer('RENTER');
    const { booking } = await market.holdGpu(renter, holdOf(gpuId));
    await runOut(db, booking.id);
    const mark = await markOutbox(db);
    await settleDue();
    await settleDue();
    expect((await market.booking(renter, booking.id))?.status).toBe('EXPIRED');
    expect(await toldSince(node(), mark)).toEqual([['RELEASED', 'EXPIRED', 'AVAILABLE', 3]]);
  });

  test('that passed while no node lived is caught up with: a whole period in one round', async () => {
    const { market, db, settleDue } = node();
    const gpuId = await (await seedMarket(db)).unit();
    const { booking } = await market.createBooking(viewer('RENTER'), bookingOf(gpuId));
    const end = floorMinute(Date.now()) - HOUR_MS;
    await moveBooking(db, booking.id, { start: end - HOUR_MS, end });
    const mark = await markOutbox(db);
    await settleDue();
    expect(await toldSince(node(), mark)).toEqual([
      ['STARTED', 'STARTED', 'AVAILABLE', 3],
      ['ENDED', 'COMPLETED', 'AVAILABLE', 4],
    ]);
  });

  test('hands a unit from one booking to the next without a gap', async () => {
    const { market, db, settleDue } = node();
    const gpuId = await (await seedMarket(db)).unit();
    const first = await market.createBooking(viewer('RENTER'), bookingOf(gpuId, inHours(4)));
    const second = await market.createBooking(viewer('RENTER'), bookingOf(gpuId, inHours(6)));
    const now = floorMinute(Date.now());
    await moveBooking(db, first.booking.id, { start: now - DAY_MS, end: now });
    await moveBooking(db, second.booking.id, { start: now, end: now + DAY_MS });
    await settleDue();
    expect((await statusOf(node(), gpuId))[0]).toBe('BOOKED');
    const statuses = await db
      .selectFrom('booking')
      .select('status')
      .where('gpu_id', '=', gpuId)
      .orderBy('starts_at')
      .execute();
    expect(statuses.map(({ status }) => status)).toEqual(['COMPLETED', 'ACTIVE']);
  });

  test('does not let a completed booking’s last minutes be booked again', async () => {
    const { market, db, settleDue } = node();
    const gpuId = await (await seedMarket(db)).unit();
    const { booking } = await market.createBooking(viewer('RENTER'), bookingOf(gpuId));
    const minute = floorMinute(Date.now());
    await moveBooking(db, booking.id, { start: minute - HOUR_MS, end: minute });
    await settleDue();
    const period = { start: minute - MINUTE_MS, end: minute + HOUR_MS };
    const attempt = market.createBooking(viewer('RENTER'), bookingOf(gpuId, period));
    await expect(attempt).rejects.toMatchObject({ conflictingUntil: minute });
  });
});
