import { expect, test } from 'vitest';
import { GpuUnavailableError } from '../../../src/domain/errors.ts';
import { describeOnBothEngines } from '../../support/engines.ts';
import { bookingOf, holdOf, refusalOf } from '../../support/market-commands.ts';
import type { MarketNode } from '../../support/market-node.ts';
import { inHours, seedMarket, USD, viewer, type MarketSeed } from '../../support/market-seed.ts';

/** A taken unit of the seed's big type at home, 8 cards at 2 USD, and the refusal that it gives. */
async function refusedAt({ market }: MarketNode, { unit }: MarketSeed) {
  const gpuId = await unit();
  await market.createBooking(viewer('RENTER'), bookingOf(gpuId));
  const attempt = market.createBooking(viewer('RENTER'), bookingOf(gpuId));
  return refusalOf(GpuUnavailableError, attempt);
}

describeOnBothEngines('the alternatives to a taken unit', (node) => {
  test('come same type and region first, then other regions, then other types; cheapest first', async () => {
    const { market, db } = node();
    const seed = await seedMarket(db);
    const { unit, small, home, away } = seed;
    await db.updateTable('gpu_type').set({ vram_gb: 80 }).where('slug', '=', small).execute();
    const otherType = await unit({ gpuType: small, region: home, baseMicros: 2_900_000n });
    const elsewhereDear = await unit({ region: away, baseMicros: 9n * USD });
    const elsewhere = await unit({ region: away, baseMicros: 3n * USD });
    const dearer = await unit({ baseMicros: 2_400_000n });
    const same = await unit();
    const refusal = await refusedAt(node(), seed);
    const found = await market.alternatives(refusal, 5);
    expect(found.map(({ id }) => id)).toEqual([same, dearer, elsewhere, elsewhereDear, otherType]);
    expect(await market.alternatives(refusal, 2)).toHaveLength(2);
  });

  test('leave out what is too dear, too small, off, not offered or offered for other times', async () => {
    const { market, db } = node();
    const seed = await seedMarket(db);
    const { unit, small, home } = seed;
    await unit({ baseMicros: 2_400_001n });
    await unit({ gpuCount: 4 });
    await unit({ gpuType: small, region: home });
    await unit({ declared: 'MAINTENANCE' });
    await unit({ declared: 'OFFLINE' });
    await unit({ offerStatus: 'PAUSED' });
    await unit({ mode: null });
    await unit({ minutes: [180, 240] });
    await unit({ minutes: [60, 119] });
    const refusal = await refusedAt(node(), seed);
    const own = (await market.alternatives(refusal, 100)).filter(({ region }) => region === home);
    expect(own).toEqual([]);
  });

  test('leave out other types above 1.5 times the price', async () => {
    const { market, db } = node();
    const seed = await seedMarket(db);
    const { unit, small, home } = seed;
    await db.updateTable('gpu_type').set({ vram_gb: 141 }).where('slug', '=', small).execute();
    await unit({ gpuType: small, region: home, baseMicros: 3_000_001n });
    const fitting = await unit({ gpuType: small, region: home, baseMicros: 3_000_000n });
    const refusal = await refusedAt(node(), seed);
    const own = (await market.alternatives(refusal, 100)).filter(({ region }) => region === home);
    expect(own.map(({ id }) => id)).toEqual([fitting]);
  });

  test('to a unit that nobody offers still have at least its memory', async () => {
    const { market, db } = node();
    const { unit, small, home } = await seedMarket(db);
    await unit({ gpuType: small, region: home });
    const same = await unit();
    const attempt = market.createBooking(viewer('RENTER'), bookingOf(await unit({ mode: null })));
    const refusal = await refusalOf(GpuUnavailableError, attempt);
    const own = (await market.alternatives(refusal, 100)).filter(({ region }) => region === home);
    expect(own.map(({ id }) => id)).toEqual([same]);
  });

  test('are really free in that period, and can be booked', async () => {
    const { market, db } = node();
    const seed = await seedMarket(db);
    const [booked, held, laterBooked, free] = [
      await seed.unit(),
      await seed.unit(),
      await seed.unit(),
      await seed.unit(),
    ];
    await market.createBooking(viewer('RENTER'), bookingOf(booked, inHours(5)));
    await market.holdGpu(viewer('RENTER'), holdOf(held, { period: inHours(3) }));
    await market.createBooking(viewer('RENTER'), bookingOf(laterBooked, inHours(6)));
    const refusal = await refusedAt(node(), seed);
    const found = await market.alternatives(refusal, 2);
    expect(found.map(({ id }) => id)).toEqual([laterBooked, free]);
    for (const { id } of found) {
      const { booking } = await market.createBooking(
        viewer('RENTER'),
        bookingOf(id, refusal.period),
      );
      expect(booking).toMatchObject({ gpuId: id, status: 'CONFIRMED' });
    }
  });
});
