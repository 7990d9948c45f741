import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CacheNamespace } from '../../../src/domain/cache-namespace.ts';
import type { Pair } from '../../../src/domain/catalog.ts';
import { startFleet } from '../../support/fleet.ts';
import { startMarketNode, type MarketNode } from '../../support/market-node.ts';
import { addUnits, seedMarket, viewer, type MarketSeed } from '../../support/market-seed.ts';
import { createPgliteFolder } from '../../support/pglite.ts';
import { startRedis } from '../../support/redis.ts';
import { until } from '../../support/wait.ts';

interface Nodes {
  readonly nodes: readonly MarketNode[];
  stop(): Promise<void>;
}

/** The embedded database serves one process: a fleet of one, with a real Redis. */
async function startEmbedded(): Promise<Nodes> {
  const [folder, redis] = [await createPgliteFolder(), await startRedis()];
  const node = await startMarketNode({ database: folder, redisUrl: redis.url, jobs: true });
  const stop = async (): Promise<void> => {
    await node.stop();
    await redis.stop();
    folder.remove();
  };
  return { nodes: [node], stop };
}

const ENGINES = { 'pglite and Redis': startEmbedded, 'Postgres and Redis': startFleet };

function from(answers: readonly { readonly servedFrom: string }[]): string[] {
  return answers.map(({ servedFrom }) => servedFrom);
}

describe.each(Object.keys(ENGINES) as (keyof typeof ENGINES)[])('a tag, on %s', (engine) => {
  let fleet: Nodes;
  let seed: MarketSeed;
  let units: readonly string[];
  let pairs: Readonly<Record<'bigHome' | 'smallHome' | 'bigAway' | 'smallAway', Pair>>;

  beforeAll(async () => {
    fleet = await ENGINES[engine]();
    seed = await seedMarket(writer().db);
    const { big, small, home, away } = seed;
    pairs = {
      bigHome: { gpuType: big, region: home },
      smallHome: { gpuType: small, region: home },
      bigAway: { gpuType: big, region: away },
      smallAway: { gpuType: small, region: away },
    };
    units = [await seed.unit(), await seed.unit({ region: away })];
  });

  afterAll(() => fleet?.stop());

  function writer(): MarketNode {
    const [node] = fleet.nodes;
    if (!node) throw new Error('a fleet has a node');
    return node;
  }

  /** Where a node has each pair's price, list and summary, and the units at home and away, from. */
  async function sources({ market: { reads } }: MarketNode) {
    const all = Object.values(pairs);
    return {
      prices: from(await reads.prices(all)),
      lists: from(await reads.unitLists(all)),
      summaries: from(await reads.summaries(all)),
      units: from(await reads.units(units)),
    };
  }

  /** Every node holds all of it in memory. */
  async function warm(): Promise<void> {
    for (const node of fleet.nodes) {
      await sources(node);
      expect(new Set(Object.values(await sources(node)).flat())).toEqual(new Set(['L1']));
    }
  }

  function invalidate(namespace: CacheNamespace, resourceId: string) {
    const command = { namespace, resourceId, keys: null, reason: 'a test' };
    return writer().market.invalidateCache(viewer('OPERATOR'), command);
  }

  /** The database had to be asked by the first node, then the others found what that one has filled. */
  async function expectGone(kind: keyof Awaited<ReturnType<typeof sources>>, places: string[]) {
    const fill = (source: string): string[] => places.map((place) => place.replace('gone', source));
    expect((await sources(writer()))[kind]).toEqual(fill('DATABASE'));
    for (const node of fleet.nodes.slice(1)) {
      // What an event has not dropped yet is still in memory there.
      const isGone = async (): Promise<boolean> =>
        isDeepStrictEqual((await sources(node))[kind], fill('L2'));
      await until(isGone, { what: 'the event at the other node', everyMs: 1 });
    }
  }

  test('of a region drops its prices from L2 and from the memory of every node', async () => {
    await warm();
    expect(await invalidate('GPU_PRICING', seed.home)).toMatchObject({
      l2KeysDeleted: 2,
      nodesNotified: fleet.nodes.length,
    });
    await expectGone('prices', ['gone', 'gone', 'L1', 'L1']);
  });

  test('of a type drops its prices in the partitions of all its regions', async () => {
    await warm();
    expect(await invalidate('GPU_PRICING', seed.big)).toMatchObject({
      l2KeysDeleted: 2,
      nodesNotified: fleet.nodes.length,
    });
    await expectGone('prices', ['gone', 'L1', 'gone', 'L1']);
  });

  test.each([
    ['lists', ['gone', 'gone', 'L1', 'L1']],
    ['summaries', ['gone', 'gone', 'L1', 'L1']],
    ['units', ['gone', 'L1']],
  ] as const)('of a region drops its %s', async (kind, places) => {
    await warm();
    // Two lists, two summaries and a unit.
    expect(await invalidate('GPU_AVAILABILITY', seed.home)).toMatchObject({ l2KeysDeleted: 5 });
    await expectGone(kind, [...places]);
  });

  test('of 4000 keys is one publication that Redis takes in time', async () => {
    await warm();
    await addUnits(writer().db, seed, 3995);
    // The four views and the unit that was there make it 4000; what Redis did not hold is not counted.
    const { event, l2KeysDeleted } = await invalidate('GPU_AVAILABILITY', seed.home);
    expect(event.event.keys).toHaveLength(4000);
    expect([l2KeysDeleted, event.sequence > event.base]).toEqual([5, true]);
  });
});
