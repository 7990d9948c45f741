import { beforeEach, describe, expect, it } from 'vitest';
import { createTieredCache } from '../../../src/cache/tiered-cache.ts';
import type { TieredCache } from '../../../src/cache/types.ts';
import { StoreUnavailableError } from '../../../src/domain/errors.ts';
import { PARTITIONS, partitionOf } from '../../../src/domain/partition.ts';
import {
  manualClock,
  REGION,
  rowKey,
  rowsOf,
  World,
  type ManualClock,
  type Rows,
} from './world.ts';

let clock: ManualClock;
let world: World;
let cache: TieredCache;
let rows: Rows;

beforeEach(() => {
  clock = manualClock();
  world = new World();
  cache = createTieredCache({ l2: null, clock, maxEntries: 100, random: () => 0.5 });
  rows = rowsOf(cache, world);
});

describe('a cache of a single node', () => {
  it('loads once, then answers from memory', async () => {
    world.commit('a');
    const first = await rows.get('a');
    const second = await rows.get('a');
    expect([first.servedFrom, second.servedFrom]).toEqual(['DATABASE', 'L1']);
    expect(second.value).toEqual({ id: 'a', version: 1, priceMicros: 1_000_000n });
    expect(world.loads).toEqual([['a']]);
  });

  it('remembers that there is nothing', async () => {
    expect((await rows.get('none')).value).toBeNull();
    expect((await rows.get('none')).servedFrom).toBe('L1');
  });

  it('answers many in their order with one load for all that miss', async () => {
    for (const id of ['a', 'b', 'c']) world.commit(id);
    await rows.get('b');
    const answers = await rows.getMany(['c', 'b', 'a', 'c']);
    expect(answers.map(({ value }) => value?.id)).toEqual(['c', 'b', 'a', 'c']);
    expect(world.loads).toEqual([['b'], ['c', 'a']]);
  });

  it('freezes what it shares, all the way down', async () => {
    const nested = cache.collection({
      keyOf: (id: string) => rowKey(id),
      load: async () => [{ value: { list: [{ price: 1n }] }, asOf: 0 }],
    });
    const { value } = await nested.get('x');
    expect(Object.isFrozen(value) && Object.isFrozen(value.list[0])).toBe(true);
  });

  it('forgets a value when its time is over, and never keeps one longer than 60 s', async () => {
    const history = rowsOf(cache, world, 'HISTORICAL');
    await history.get('a');
    clock.advance(59_999);
    expect((await history.get('a')).servedFrom).toBe('L1');
    clock.advance(1);
    expect((await history.get('a')).servedFrom).toBe('DATABASE');
  });

  it('lets readers of one key share a load', async () => {
    world.held = true;
    const both = Promise.all([rows.get('a'), rows.getMany(['a'])]);
    world.release();
    await both;
    expect(world.loads).toEqual([['a']]);
    expect(cache.stats().namespaces.GPU_AVAILABILITY.l1.coalesced).toBe(1);
  });

  it('tells every reader of a failed load, and tries again for the next', async () => {
    world.failure = new StoreUnavailableError(new Error('away'));
    const results = await Promise.allSettled([rows.get('a'), rows.get('a')]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    world.failure = null;
    expect((await rows.get('a')).servedFrom).toBe('DATABASE');
  });

  it('fails when a loader forgets an id', async () => {
    const broken = cache.collection({ keyOf: (id: string) => rowKey(id), load: async () => [] });
    await expect(broken.get('a')).rejects.toThrow('0 of 1 results');
  });
});

describe('memory', () => {
  it('is bounded in entries, the fullest namespace giving way', async () => {
    const prices = rowsOf(cache, world, 'GPU_PRICING');
    await prices.get('price');
    await rows.getMany(Array.from({ length: 150 }, (_, index) => `row-${index}`));
    const { namespaces } = cache.stats();
    expect(namespaces.GPU_AVAILABILITY.l1.entries).toBe(99);
    expect(namespaces.GPU_AVAILABILITY.l1.evictions).toBe(51);
    expect(namespaces.GPU_PRICING.l1.entries).toBe(1);
  });

  it('is bounded in bytes per namespace', async () => {
    const big = 'x'.repeat(20 * 1024 * 1024);
    const texts = cache.collection({
      keyOf: (id: string) => rowKey(id, 'GPU_PRICING'),
      load: async (ids) => ids.map(() => ({ value: big, asOf: 0 })),
    });
    await texts.getMany(['a', 'b', 'c']);
    const { entries, bytes } = cache.stats().namespaces.GPU_PRICING.l1;
    expect(entries).toBe(2);
    expect(bytes).toBeLessThanOrEqual(50 * 1024 * 1024);
  });

  it('is forgotten by a flush, for one partition or for all', async () => {
    await rows.get('a');
    cache.flush((partitionOf(REGION) + 1) % PARTITIONS);
    expect((await rows.get('a')).servedFrom).toBe('L1');
    cache.flush();
    expect((await rows.get('a')).servedFrom).toBe('DATABASE');
  });

  it('keeps nothing that was being loaded during a flush', async () => {
    world.commit('a');
    world.held = true;
    const slow = rows.get('a');
    await expect.poll(() => world.loads.length).toBe(1);
    cache.flush();
    world.release();
    await slow;
    expect((await rows.get('a')).servedFrom).toBe('DATABASE');
  });
});
