import { expect, test } from 'vitest';
import type { ProviderStatus } from '../../../src/domain/catalog.ts';
import * as errors from '../../../src/domain/errors.ts';
import type { GpuStatus } from '../../../src/domain/gpu.ts';
import { describeOnBothEngines } from '../../support/engines.ts';
import { bookingOf, bookingOfHold, holdOf, refusalOf } from '../../support/market-commands.ts';
import type { MarketNode } from '../../support/market-node.ts';
import { entriesSince, markOutbox } from '../../support/outbox.ts';
import {
  fromNow,
  inHours,
  seedMarket,
  viewer,
  writeProviderStatus,
} from '../../support/market-seed.ts';

async function statuses({ market }: MarketNode, ids: readonly string[]) {
  return (await market.reads.units(ids)).map(({ value }) => value?.status);
}

function unitStatus(gpuId: string, status: GpuStatus, ifVersion: number | null = null) {
  return { gpuId, status, reason: null, ifVersion };
}

function providerStatus(provider: string, status: ProviderStatus) {
  return { provider, status, reason: 'planned work' };
}

describeOnBothEngines('a provider', (node) => {
  test('that goes OFFLINE takes its units along, keeps their bookings, and ONLINE restores all', async () => {
    const { market, db } = node();
    const { unit, provider, rival } = await seedMarket(db);
    const [free, booked, broken, foreign] = [
      await unit(),
      await unit(),
      await unit({ declared: 'MAINTENANCE' }),
      await unit({ provider: rival }),
    ];
    const renter = viewer('RENTER');
    const { id } = (await market.createBooking(renter, bookingOf(booked, fromNow()))).booking;
    const owner = viewer('PROVIDER', provider);
    const ids = [free, booked, broken, foreign];
    for (const status of ['OFFLINE', 'SUSPENDED'] as const) {
      const outcome = await market.setProviderStatus(owner, providerStatus(provider, status));
      expect(outcome.affectedGpus).toBe(status === 'OFFLINE' ? 3 : 0);
      expect(await statuses(node(), ids)).toEqual(['OFFLINE', 'OFFLINE', 'OFFLINE', 'AVAILABLE']);
    }
    const attempt = market.createBooking(renter, bookingOf(free, inHours(4)));
    await refusalOf(errors.GpuUnavailableError, attempt);
    expect((await market.booking(renter, id))?.status).toBe('ACTIVE');
    await market.setProviderStatus(owner, providerStatus(provider, 'ONLINE'));
    expect(await statuses(node(), ids)).toEqual([
      'AVAILABLE',
      'BOOKED',
      'MAINTENANCE',
      'AVAILABLE',
    ]);
  });

  test('that is DEGRADED only shows it', async () => {
    const { market, db } = node();
    const { unit, provider } = await seedMarket(db);
    const gpuId = await unit();
    const owner = viewer('PROVIDER', provider);
    const command = providerStatus(provider, 'DEGRADED');
    expect(await market.setProviderStatus(owner, command)).toEqual({ affectedGpus: 0 });
    const [found] = await market.reads.providers([provider]);
    expect(found?.value).toMatchObject({ status: 'DEGRADED', version: 2 });
    await expect(market.createBooking(viewer('RENTER'), bookingOf(gpuId))).resolves.toBeDefined();
  });

  test('that has the status already changes and publishes nothing', async () => {
    const { market, db } = node();
    const { provider } = await seedMarket(db);
    const mark = await markOutbox(db);
    const command = providerStatus(provider, 'ONLINE');
    await market.setProviderStatus(viewer('OPERATOR'), command);
    expect(await entriesSince(db, mark)).toEqual([]);
  });

  test('is nobody else’s to set; an unknown one is not found', async () => {
    const { market, db } = node();
    const { provider, rival } = await seedMarket(db);
    const attempt = market.setProviderStatus(
      viewer('PROVIDER', rival),
      providerStatus(provider, 'OFFLINE'),
    );
    expect((await refusalOf(errors.ForbiddenError, attempt)).requires).toBe('OPERATOR');
    for (const slug of ['nobody', '', '\u0000'])
      await refusalOf(
        errors.NotFoundError,
        market.setProviderStatus(viewer('OPERATOR'), providerStatus(slug, 'OFFLINE')),
      );
  });

  test('that is OFFLINE cannot be booked even before its units have been told', async () => {
    const { market, db, settleDue } = node();
    const { unit, provider } = await seedMarket(db);
    const [gpuId, held] = [await unit(), await unit()];
    const renter = viewer('RENTER');
    const hold = await market.holdGpu(renter, holdOf(held));
    await writeProviderStatus(db, provider, 'OFFLINE');
    await settleDue();
    const direct = market.createBooking(renter, bookingOf(gpuId));
    await refusalOf(errors.GpuUnavailableError, direct);
    const confirmation = market.createBooking(renter, bookingOfHold(hold.booking.id));
    await refusalOf(errors.GpuUnavailableError, confirmation);
  });
});

describeOnBothEngines('a unit’s own status', (node) => {
  test('is set by its provider, with a version and a reason, and set back', async () => {
    const { market, db } = node();
    const { unit, provider } = await seedMarket(db);
    const gpuId = await unit();
    const owner = viewer('PROVIDER', provider);
    await market.setGpuStatus(owner, unitStatus(gpuId, 'MAINTENANCE', 1));
    expect((await market.reads.units([gpuId]))[0]?.value).toMatchObject({
      status: 'MAINTENANCE',
      version: 2,
    });
    await market.setGpuStatus(viewer('OPERATOR'), unitStatus(gpuId, 'AVAILABLE'));
    expect(await statuses(node(), [gpuId])).toEqual(['AVAILABLE']);
  });

  test('set to what it is already changes and publishes nothing', async () => {
    const { market, db } = node();
    const { unit, provider } = await seedMarket(db);
    const gpuId = await unit();
    const mark = await markOutbox(db);
    await market.setGpuStatus(viewer('PROVIDER', provider), unitStatus(gpuId, 'AVAILABLE'));
    expect((await market.reads.units([gpuId]))[0]?.value?.version).toBe(1);
    expect(await entriesSince(db, mark)).toEqual([]);
  });

  test('AVAILABLE again shows the booking that runs', async () => {
    const { market, db } = node();
    const { unit, provider } = await seedMarket(db);
    const gpuId = await unit();
    const owner = viewer('PROVIDER', provider);
    await market.createBooking(viewer('RENTER'), bookingOf(gpuId, fromNow()));
    await market.setGpuStatus(owner, unitStatus(gpuId, 'OFFLINE'));
    expect(await statuses(node(), [gpuId])).toEqual(['OFFLINE']);
    await market.setGpuStatus(owner, unitStatus(gpuId, 'AVAILABLE'));
    expect(await statuses(node(), [gpuId])).toEqual(['BOOKED']);
  });

  test.each(['HELD', 'BOOKED'] as const)('cannot be set to %s', async (status) => {
    const { market, db } = node();
    const { unit, provider } = await seedMarket(db);
    const attempt = market.setGpuStatus(
      viewer('PROVIDER', provider),
      unitStatus(await unit(), status),
    );
    const refusal = await refusalOf(errors.StateConflictError, attempt);
    expect(refusal.currentStatus).toBe('AVAILABLE');
  });

  test('is refused for another version, a foreign unit, an unknown unit and a long reason', async () => {
    const { market, db } = node();
    const { unit, provider, rival } = await seedMarket(db);
    const gpuId = await unit();
    const owner = viewer('PROVIDER', provider);
    const stale = market.setGpuStatus(owner, unitStatus(gpuId, 'OFFLINE', 9));
    expect((await refusalOf(errors.VersionConflictError, stale)).currentVersion).toBe(1);
    const stranger = viewer('PROVIDER', rival);
    const foreign = market.setGpuStatus(stranger, unitStatus(gpuId, 'OFFLINE'));
    expect((await refusalOf(errors.ForbiddenError, foreign)).requires).toBe('OPERATOR');
    const unknown = market.setGpuStatus(owner, unitStatus('nowhere/h100/0001', 'OFFLINE'));
    await refusalOf(errors.NotFoundError, unknown);
    const long = { ...unitStatus(gpuId, 'OFFLINE'), reason: 'r'.repeat(501) };
    await refusalOf(errors.InvalidInputError, market.setGpuStatus(owner, long));
  });
});
