import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFleet, type TestFleet } from '../../support/fleet.ts';
import { bookingOf } from '../../support/market-commands.ts';
import { seedMarket, USD, viewer, type MarketSeed } from '../../support/market-seed.ts';
import { startMarketNode } from '../../support/market-node.ts';
import { createPgliteFolder } from '../../support/pglite.ts';
import { until } from '../../support/wait.ts';

describe('an entity that was changed', () => {
  let fleet: TestFleet;
  let seed: MarketSeed;

  beforeAll(async () => {
    fleet = await startFleet();
    seed = await seedMarket(fleet.nodes[0].db);
  });

  afterAll(() => fleet?.stop());

  /** What the writer's node has loaded anew since `change` began, once that is so many. */
  async function writtenThrough(count: number, change: () => Promise<unknown>): Promise<string[]> {
    const { writtenThrough: told } = fleet.nodes[0];
    const before = told.length;
    await change();
    await until(() => told.length >= before + count, { what: 'the write-through' });
    return told.slice(before).toSorted();
  }

  test('is found in L2 by the other node: a unit', async () => {
    const gpuId = await seed.unit();
    const [writer, other] = fleet.nodes;
    const before = (await other.market.reads.units([gpuId]))[0]?.value?.version ?? 0;
    const book = (): Promise<unknown> =>
      writer.market.createBooking(viewer('RENTER'), bookingOf(gpuId));
    expect(await writtenThrough(1, book)).toEqual(['GPU_AVAILABILITY']);
    // What the event has not dropped yet is still in its memory.
    const next = await until(async () => {
      const [unit] = await other.market.reads.units([gpuId]);
      return unit?.servedFrom === 'L1' ? null : unit;
    });
    expect(next).toMatchObject({ servedFrom: 'L2', value: { version: before + 1 } });
  });

  test('is found in L2 by the other node: a price', async () => {
    const pair = { gpuType: seed.small, region: seed.away };
    const [writer, other] = fleet.nodes;
    const price = { ...pair, rateMicros: 3n * USD, reason: 'a test' };
    const update = (): Promise<unknown> => writer.market.updatePricing(viewer('OPERATOR'), price);
    expect(await writtenThrough(1, update)).toEqual(['GPU_PRICING']);
    const [found] = await other.market.reads.prices([pair]);
    expect(found).toMatchObject({ servedFrom: 'L2', value: { rateMicros: 3n * USD } });
  });

  test('is found in L2 by the other node: a provider', async () => {
    const { rival: provider } = seed;
    const [writer, other] = fleet.nodes;
    const status = { provider, status: 'DEGRADED', reason: null } as const;
    const degrade = (): Promise<unknown> =>
      writer.market.setProviderStatus(viewer('OPERATOR'), status);
    expect(await writtenThrough(1, degrade)).toEqual(['PROVIDER_STATUS']);
    const [found] = await other.market.reads.providers([provider]);
    expect(found).toMatchObject({ servedFrom: 'L2', value: { status: 'DEGRADED' } });
  });

  test('is loaded anew with 31 others of its commit at most', async () => {
    const { big: gpuType, away: region } = seed;
    const offered = { gpuType, region, mode: 'DYNAMIC' } as const;
    const units = await Promise.all(Array.from({ length: 40 }, () => seed.unit(offered)));
    const [writer, other] = fleet.nodes;
    const price = { gpuType, region, rateMicros: 3n * USD, reason: 'a test' };
    const update = (): Promise<unknown> => writer.market.updatePricing(viewer('OPERATOR'), price);
    expect(await writtenThrough(32, update)).toEqual([
      ...Array.from({ length: 31 }, () => 'GPU_AVAILABILITY'),
      'GPU_PRICING',
    ]);
    const answers = await other.market.reads.units(units);
    expect(answers.filter(({ servedFrom }) => servedFrom === 'L2')).toHaveLength(31);
    expect(answers.filter(({ servedFrom }) => servedFrom === 'DATABASE')).toHaveLength(9);
    const rates = new Set(answers.map(({ value }) => value?.offer?.rateMicros));
    expect(rates).toEqual(new Set([3n * USD]));
  });

  test('is left alone when an operator has only invalidated it', async () => {
    const gpuId = await seed.unit();
    const [writer] = fleet.nodes;
    await writer.market.reads.units([gpuId]);
    const before = writer.writtenThrough.length;
    const command = { namespace: 'GPU_AVAILABILITY', resourceId: gpuId, keys: null } as const;
    await writer.market.invalidateCache(viewer('OPERATOR'), { ...command, reason: 'a test' });
    expect((await writer.market.reads.units([gpuId]))[0]?.servedFrom).toBe('DATABASE');
    expect(writer.writtenThrough.length).toBe(before);
  });

  test('is left to its readers while Redis is away', async () => {
    const [gpuId, next] = [await seed.unit(), await seed.unit()];
    const [writer] = fleet.nodes;
    const before = writer.writtenThrough.length;
    await fleet.redis.kill();
    await writer.market.createBooking(viewer('RENTER'), bookingOf(gpuId));
    await fleet.redis.restart();
    const book = (): Promise<unknown> =>
      writer.market.createBooking(viewer('RENTER'), bookingOf(next));
    await until(() => writer.bus.connected(), { what: 'the bus' });
    expect(await writtenThrough(1, book)).toEqual(['GPU_AVAILABILITY']);
    expect(writer.writtenThrough.length).toBe(before + 1);
  });
});

test('a node alone loads nothing anew: it has nobody to load it for', async () => {
  const folder = await createPgliteFolder();
  const node = await startMarketNode({ database: folder });
  const { unit } = await seedMarket(node.db);
  const gpuId = await unit();
  await node.market.createBooking(viewer('RENTER'), bookingOf(gpuId));
  expect((await node.market.reads.units([gpuId]))[0]?.servedFrom).toBe('DATABASE');
  expect(node.writtenThrough).toEqual([]);
  await node.stop();
  folder.remove();
});
