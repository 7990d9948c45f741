import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { InvalidateCacheCommand } from '../../../src/market/command-types.ts';
import { startFleet, type TestFleet } from '../../support/fleet.ts';
import { seedMarket, viewer, type MarketSeed } from '../../support/market-seed.ts';

describe('an invalidation in a fleet of two', () => {
  let fleet: TestFleet;
  let seed: MarketSeed;

  beforeAll(async () => {
    fleet = await startFleet();
    seed = await seedMarket(fleet.nodes[0].db);
  });

  afterAll(() => fleet?.stop());

  /** Both nodes hold the prices of two markets, which makes two values in Redis. */
  async function warm(): Promise<{ big: string; small: string }> {
    const { home } = seed;
    const pairs = [seed.big, seed.small].map((gpuType) => ({ gpuType, region: home }));
    for (const { market } of fleet.nodes) await market.reads.prices(pairs);
    for (const { market } of fleet.nodes) {
      const answers = await market.reads.prices(pairs);
      expect(answers.map(({ servedFrom }) => servedFrom)).toEqual(['L1', 'L1']);
    }
    return { big: `${seed.big}@${home}`, small: `${seed.small}@${home}` };
  }

  function invalidate(change: Partial<InvalidateCacheCommand>) {
    const whole = {
      namespace: 'GPU_PRICING',
      resourceId: null,
      keys: null,
      reason: 'test',
    } as const;
    return fleet.nodes[0].market.invalidateCache(viewer('OPERATOR'), { ...whole, ...change });
  }

  async function servedBy(node: 0 | 1): Promise<string[]> {
    const pairs = [seed.big, seed.small].map((gpuType) => ({ gpuType, region: seed.home }));
    const answers = await fleet.nodes[node].market.reads.prices(pairs);
    return answers.map(({ servedFrom }) => servedFrom);
  }

  test('of one key drops that value from L2 and tells both nodes', async () => {
    const { big } = await warm();
    expect(await invalidate({ keys: [`gpu_pricing:price:${big}`] })).toMatchObject({
      l2KeysDeleted: 1,
      nodesNotified: 2,
    });
    expect(await servedBy(0)).toEqual(['DATABASE', 'L1']);
  });

  test('of a resource drops what is held of it', async () => {
    const { small } = await warm();
    expect(await invalidate({ resourceId: small })).toMatchObject({
      l2KeysDeleted: 1,
      nodesNotified: 2,
    });
    expect(await servedBy(0)).toEqual(['L1', 'DATABASE']);
  });

  test('of a namespace drops all of it', async () => {
    await warm();
    expect(await invalidate({})).toMatchObject({ l2KeysDeleted: 2, nodesNotified: 2 });
    expect(await servedBy(0)).toEqual(['DATABASE', 'DATABASE']);
  });

  test('of what nobody holds drops nothing, and says so', async () => {
    await invalidate({});
    expect(await invalidate({ keys: ['price:nobody@nowhere'] })).toMatchObject({
      l2KeysDeleted: 0,
      nodesNotified: 2,
    });
  });
});
