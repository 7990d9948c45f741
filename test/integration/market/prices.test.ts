import { expect, test } from 'vitest';
import * as errors from '../../../src/domain/errors.ts';
import { MAX_RATE_MICROS, type Micros } from '../../../src/domain/money.ts';
import { describeOnBothEngines } from '../../support/engines.ts';
import { bookingOf, offerOf, refusalOf } from '../../support/market-commands.ts';
import type { MarketNode } from '../../support/market-node.ts';
import { eventsSince, markOutbox } from '../../support/outbox.ts';
import { seedMarket, USD, viewer, type MarketSeed } from '../../support/market-seed.ts';

function priceOf({ big, home }: MarketSeed, rateMicros: Micros, reason = 'demand') {
  return { gpuType: big, region: home, rateMicros, reason };
}

async function offers({ market }: MarketNode, ids: readonly string[]) {
  return (await market.reads.units(ids)).map(({ value }) => [
    value?.offer?.rateMicros,
    value?.offer?.version,
  ]);
}

describeOnBothEngines('an operator’s price', (node) => {
  test('is set exactly, moves DYNAMIC offers inside their bounds and leaves FIXED ones', async () => {
    const { market, db } = node();
    const seed = await seedMarket(db);
    const [fixed, low, middle, high] = [
      await seed.unit(),
      await seed.unit({ mode: 'DYNAMIC', baseMicros: 1n * USD }),
      await seed.unit({ mode: 'DYNAMIC', baseMicros: 2n * USD }),
      await seed.unit({ mode: 'DYNAMIC', baseMicros: 4n * USD }),
    ];
    await db
      .updateTable('offer')
      .set({ cap_micros: 5n * USD })
      .where('gpu_id', '=', high)
      .execute();
    const mark = await markOutbox(db);
    const command = priceOf(seed, 3_000_001n);
    const outcome = await market.updatePricing(viewer('OPERATOR'), command);
    expect(outcome).toEqual({ previousMicros: 2n * USD });
    const [price] = await market.reads.prices([{ gpuType: seed.big, region: seed.home }]);
    expect(price?.value).toMatchObject({
      rateMicros: 3_000_001n,
      multiplierMillionths: 1_500_001n,
      version: 2,
    });
    expect(await offers(node(), [fixed, low, middle, high])).toEqual([
      [2n * USD, 1],
      [1_500_001n, 2],
      [3_000_002n, 2],
      [5n * USD, 2],
    ]);
    const events = await eventsSince(db, mark);
    const pricing = events.filter(({ type }) => type === 'PRICING_UPDATED');
    expect(
      pricing.map(({ data }) => [data['usdPerGpuHour'], data['previousUsdPerGpuHour']]),
    ).toEqual([['3.000001', '2.00']]);
  });

  test('publishes exactly one PRICING_UPDATED each time, also for the same price', async () => {
    const { market, db } = node();
    const seed = await seedMarket(db);
    await seed.unit({ mode: 'DYNAMIC' });
    const mark = await markOutbox(db);
    for (const usd of [3n, 3n, 4n])
      await market.updatePricing(viewer('OPERATOR'), priceOf(seed, usd * USD));
    const types = (await eventsSince(db, mark)).map(({ type }) => type);
    expect(types.filter((type) => type === 'PRICING_UPDATED')).toHaveLength(3);
  });

  test('does not touch bookings and valid quotes', async () => {
    const { market, db } = node();
    const seed = await seedMarket(db);
    const gpuId = await seed.unit({ mode: 'DYNAMIC' });
    const renter = viewer('RENTER');
    const { booking } = await market.createBooking(renter, bookingOf(gpuId));
    await market.updatePricing(viewer('OPERATOR'), priceOf(seed, 4n * USD));
    expect(await market.booking(renter, booking.id)).toEqual(booking);
  });

  test('is refused at 0, above the limit, without a reason and for an unknown market', async () => {
    const { market, db } = node();
    const seed = await seedMarket(db);
    const operator = viewer('OPERATOR');
    const invalid = [
      priceOf(seed, 0n),
      priceOf(seed, MAX_RATE_MICROS + 1n),
      priceOf(seed, USD, ''),
      priceOf(seed, USD, '   '),
      priceOf(seed, USD, 'r'.repeat(501)),
      priceOf(seed, USD, 'a\u0000'),
    ];
    for (const command of invalid)
      await refusalOf(errors.InvalidInputError, market.updatePricing(operator, command));
    for (const gpuType of ['unknown', '', 'A B', '\u0000']) {
      const command = { ...priceOf(seed, USD), gpuType };
      await refusalOf(errors.NotFoundError, market.updatePricing(operator, command));
    }
  });

  test('can be set where nothing is offered, or something for nothing', async () => {
    const { market, db } = node();
    const seed = await seedMarket(db);
    await market.updatePricing(viewer('OPERATOR'), priceOf(seed, 3n * USD));
    const free = await seed.unit();
    await db.updateTable('offer').set({ base_micros: 0n }).where('gpu_id', '=', free).execute();
    await market.updatePricing(viewer('OPERATOR'), priceOf(seed, 4n * USD));
    const [price] = await market.reads.prices([{ gpuType: seed.big, region: seed.home }]);
    expect(price?.value?.rateMicros).toBe(4n * USD);
  });
});

describeOnBothEngines('an offer', (node) => {
  test('is made, changed and paused by the unit’s provider', async () => {
    const { market, db } = node();
    const { unit, provider } = await seedMarket(db);
    const gpuId = await unit({ mode: null });
    const owner = viewer('PROVIDER', provider);
    await market.upsertOffer(owner, offerOf(gpuId, { ifVersion: 0 }));
    const change = { baseMicros: 3n * USD, status: 'PAUSED', ifVersion: 1 } as const;
    await market.upsertOffer(owner, offerOf(gpuId, change));
    expect((await market.reads.units([gpuId]))[0]?.value?.offer).toEqual({
      gpuId,
      mode: 'FIXED',
      rateMicros: 3n * USD,
      baseMicros: 3n * USD,
      floorMicros: 1_500_000n,
      capMicros: 9n * USD,
      minDurationMinutes: 60,
      maxDurationMinutes: 43_200,
      status: 'PAUSED',
      version: 2,
    });
  });

  test('that is DYNAMIC costs what the market’s multiplier says', async () => {
    const { market, db } = node();
    const seed = await seedMarket(db);
    await seed.unit({ mode: 'DYNAMIC' });
    await market.updatePricing(viewer('OPERATOR'), priceOf(seed, 3n * USD));
    const gpuId = await seed.unit({ mode: null });
    const command = offerOf(gpuId, { mode: 'DYNAMIC', baseMicros: 4n * USD, capMicros: 5n * USD });
    await market.upsertOffer(viewer('PROVIDER', seed.provider), command);
    expect(await offers(node(), [gpuId])).toEqual([[5n * USD, 1]]);
  });

  test('is refused with terms that contradict themselves or break a limit', async () => {
    const { market, db } = node();
    const { unit, provider } = await seedMarket(db);
    const gpuId = await unit();
    const wrong = [
      { baseMicros: 0n },
      { baseMicros: MAX_RATE_MICROS + 1n },
      { floorMicros: 2n * USD + 1n },
      { capMicros: 2n * USD - 1n },
      { capMicros: MAX_RATE_MICROS + 1n },
      { minDurationMinutes: 0 },
      { minDurationMinutes: 120, maxDurationMinutes: 60 },
      { maxDurationMinutes: 129_601 },
    ];
    for (const change of wrong) {
      const attempt = market.upsertOffer(viewer('PROVIDER', provider), offerOf(gpuId, change));
      await refusalOf(errors.InvalidInputError, attempt);
    }
    expect(await offers(node(), [gpuId])).toEqual([[2n * USD, 1]]);
  });

  test('is refused for a foreign unit, an unknown one and another version', async () => {
    const { market, db } = node();
    const { unit, provider, rival } = await seedMarket(db);
    const gpuId = await unit();
    const foreign = market.upsertOffer(viewer('PROVIDER', rival), offerOf(gpuId));
    await refusalOf(errors.ForbiddenError, foreign);
    const owner = viewer('PROVIDER', provider);
    await refusalOf(errors.NotFoundError, market.upsertOffer(owner, offerOf('no/such/0001')));
    const stale = market.upsertOffer(owner, offerOf(gpuId, { ifVersion: 5 }));
    expect((await refusalOf(errors.VersionConflictError, stale)).currentVersion).toBe(1);
  });
});
