import { expect, test } from 'vitest';
import type { CacheKey } from '../../../src/domain/cache-key.ts';
import type { CacheNamespace } from '../../../src/domain/cache-namespace.ts';
import { InvalidInputError } from '../../../src/domain/errors.ts';
import { partitionOf } from '../../../src/domain/partition.ts';
import { describeOnBothEngines } from '../../support/engines.ts';
import { refusalOf } from '../../support/market-commands.ts';
import { addUnits, seedMarket, viewer } from '../../support/market-seed.ts';
import { entriesSince, eventsSince, markOutbox } from '../../support/outbox.ts';

describeOnBothEngines('an invalidation of a tag', (node) => {
  async function keysOf(namespace: CacheNamespace, resourceId: string): Promise<CacheKey[]> {
    const command = { namespace, resourceId, keys: null, reason: 'a test' };
    const { event } = await node().market.invalidateCache(viewer('OPERATOR'), command);
    return [...event.event.keys];
  }

  async function namesOf(namespace: CacheNamespace, resourceId: string): Promise<string[]> {
    return (await keysOf(namespace, resourceId)).map(({ key }) => key);
  }

  test('names the views and units of every pair of a region', async () => {
    const { unit, big, small, home, away } = await seedMarket(node().db);
    const units = [await unit(), await unit({ gpuType: small }), await unit({ region: away })];
    expect(await namesOf('GPU_AVAILABILITY', home)).toEqual([
      ...[big, small].flatMap((type) => [`list:${type}@${home}`, `summary:${type}@${home}`]),
      `gpu:${units[0]}`,
      `gpu:${units[1]}`,
    ]);
  });

  test('names the views and units of every pair of a type', async () => {
    const { unit, big, small, home, away } = await seedMarket(node().db);
    const units = [await unit({ region: away }), await unit(), await unit({ gpuType: small })];
    expect(await namesOf('GPU_AVAILABILITY', big)).toEqual([
      ...[away, home].flatMap((region) => [`list:${big}@${region}`, `summary:${big}@${region}`]),
      `gpu:${units[0]}`,
      `gpu:${units[1]}`,
    ]);
  });

  test('names the views and units of one pair, which is both', async () => {
    const { unit, big, home, away } = await seedMarket(node().db);
    const gpuId = await unit();
    await unit({ region: away });
    const pair = `${big}@${home}`;
    expect(await namesOf('GPU_AVAILABILITY', pair)).toEqual([
      `list:${pair}`,
      `summary:${pair}`,
      `gpu:${gpuId}`,
    ]);
  });

  test.each<[CacheNamespace, string]>([
    ['GPU_PRICING', 'price'],
    ['ORDER_BOOK', 'book'],
    ['MARKET_STATS', 'stats'],
  ])('names in %s what it keeps of each pair: its %s', async (namespace, kind) => {
    const { big, small, home } = await seedMarket(node().db);
    expect(await namesOf(namespace, home)).toEqual([
      `${kind}:${big}@${home}`,
      `${kind}:${small}@${home}`,
    ]);
  });

  test('goes as one event to the partition of each region that it touches', async () => {
    const { big, home, away } = await seedMarket(node().db);
    const partitions = new Set([home, away].map(partitionOf));
    const mark = await markOutbox(node().db);
    const keys = await keysOf('GPU_PRICING', big);
    expect(new Set(keys.map(({ region }) => region))).toEqual(new Set([away, home]));
    expect(await entriesSince(node().db, mark)).toHaveLength(partitions.size);
    expect(await eventsSince(node().db, mark)).toHaveLength(1);
  });

  test('leaves a namespace that keeps no pairs with the text itself', async () => {
    const { home } = await seedMarket(node().db);
    expect(await namesOf('HISTORICAL', home)).toEqual([home]);
    expect(await namesOf('PROVIDER_STATUS', home)).toEqual([`provider:${home}`]);
  });

  test('that nothing carries never turns into the whole namespace', async () => {
    expect(await namesOf('GPU_AVAILABILITY', 'nowhere')).toEqual(['nowhere']);
    expect(await namesOf('GPU_AVAILABILITY', 'type@nowhere')).toEqual([
      'list:type@nowhere',
      'summary:type@nowhere',
    ]);
  });

  test('of more units than an event can name is refused, with what to name instead', async () => {
    const seed = await seedMarket(node().db);
    await addUnits(node().db, seed, 4000);
    const refusal = await refusalOf(InvalidInputError, namesOf('GPU_AVAILABILITY', seed.home));
    expect(refusal).toMatchObject({ path: ['input', 'resourceId'] });
    expect(refusal.message).toMatch(/4000 keys.*name a pair.*or the whole namespace/);
    expect(await namesOf('GPU_PRICING', seed.home)).toHaveLength(2);
  });
});
