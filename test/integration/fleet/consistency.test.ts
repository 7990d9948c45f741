import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collectWritten } from '../../../src/market/written.ts';
import { bookingOf } from '../../support/market-commands.ts';
import { startFleet, type TestFleet } from '../../support/fleet.ts';
import { fromNow, seedMarket, viewer, type MarketSeed } from '../../support/market-seed.ts';

describe('a client that goes from one node to another', () => {
  let fleet: TestFleet;
  let seed: MarketSeed;

  beforeAll(async () => {
    fleet = await startFleet();
    seed = await seedMarket(fleet.nodes[0].db);
  });

  afterAll(() => fleet?.stop());

  test('never reads there what is older than what it wrote here', async () => {
    const [writer, reader] = fleet.nodes;
    for (let round = 0; round < 20; round += 1) {
      const id = await seed.unit();
      await reader.market.reads.units([id]);
      const command = { ...bookingOf(id), period: fromNow() };
      const { token } = await collectWritten(() =>
        writer.market.createBooking(viewer('RENTER'), command),
      );
      expect(token).not.toBeNull();
      const [unit] = await reader.market.reads.units([id], { atLeast: token });
      expect(unit?.value?.status).toBe('BOOKED');
    }
  });

  test('nor when Redis is away and nobody there can have heard of it', async () => {
    const [writer, reader] = fleet.nodes;
    const id = await seed.unit();
    await reader.market.reads.units([id]);
    fleet.redis.pause();
    try {
      const { token } = await collectWritten(() =>
        writer.market.setGpuStatus(viewer('OPERATOR'), {
          gpuId: id,
          status: 'MAINTENANCE',
          reason: null,
          ifVersion: null,
        }),
      );
      const [unit] = await reader.market.reads.units([id], { atLeast: token });
      expect(unit?.value?.status).toBe('MAINTENANCE');
    } finally {
      fleet.redis.resume();
    }
  });

  test('is told where its first request was done by another node', async () => {
    const [first, second] = fleet.nodes;
    const renter = viewer('RENTER');
    const command = bookingOf(await seed.unit());
    await first.market.createBooking(renter, command);
    const { result, token } = await collectWritten(() =>
      second.market.createBooking(renter, command),
    );
    expect(result.replayed).toBe(true);
    expect(token?.partitions.size).toBe(16);
  });
});
