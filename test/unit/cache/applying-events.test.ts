import { beforeEach, describe, expect, it } from 'vitest';
import { createTieredCache } from '../../../src/cache/tiered-cache.ts';
import type { TieredCache } from '../../../src/cache/types.ts';
import { eventOf, manualClock, rowKey, rowsOf, sequenced, World, type Rows } from './world.ts';

let world: World;
let cache: TieredCache;
let rows: Rows;

beforeEach(() => {
  world = new World();
  cache = createTieredCache({ l2: null, clock: manualClock(), maxEntries: 100 });
  rows = rowsOf(cache, world);
});

describe('an event', () => {
  it('makes its keys old and no others', async () => {
    cache.apply(sequenced(eventOf(['z']), 1001n));
    await rows.getMany(['a', 'b']);
    cache.apply(sequenced(eventOf(['a']), 1002n));
    await rows.getMany(['a', 'b']);
    expect(world.loads).toEqual([['a', 'b'], ['a']]);
  });

  it('detaches a load under way: readers after it start their own', async () => {
    cache.apply(sequenced(eventOf(['z']), 1001n));
    world.commit('a');
    world.held = true;
    const before = rows.get('a');
    await expect.poll(() => world.loads.length).toBe(1);
    world.commit('a');
    cache.apply(sequenced(eventOf(['a']), 1002n));
    const after = rows.get('a');
    await expect.poll(() => world.loads.length).toBe(2);
    world.release();
    expect((await after).value?.version).toBe(2);
    await before;
  });

  it('refuses what was loaded before it, however late it comes', async () => {
    cache.apply(sequenced(eventOf(['z']), 1001n));
    world.commit('a');
    world.held = true;
    const slow = rows.get('a');
    await expect.poll(() => world.loads.length).toBe(1);
    world.commit('a');
    cache.apply(sequenced(eventOf(['a']), 1002n));
    world.release();
    await slow;
    expect((await rows.get('a')).value?.version).toBe(2);
  });

  it('does nothing when it comes again', async () => {
    const event = eventOf(['a']);
    cache.apply(sequenced(event, 1001n));
    await rows.get('a');
    cache.apply(sequenced(event, 1001n));
    expect((await rows.get('a')).servedFrom).toBe('L1');
  });

  it('of a newer incarnation makes everything old', async () => {
    cache.apply(sequenced(eventOf(['z']), 1001n));
    await rows.get('a');
    cache.apply(sequenced(eventOf(['z']), 5001n, 5000n));
    expect((await rows.get('a')).servedFrom).toBe('DATABASE');
  });

  it('that names no key but a namespace makes all of it old, and nothing else', async () => {
    const prices = rowsOf(cache, world, 'GPU_PRICING');
    cache.apply(sequenced(eventOf(['z']), 1001n));
    await rows.get('a');
    await prices.get('a');
    const whole = eventOf([], { type: 'MANUAL_INVALIDATION' });
    cache.apply(sequenced(whole, 1002n));
    expect((await prices.get('a')).servedFrom).toBe('L1');
    expect((await rows.get('a')).servedFrom).toBe('DATABASE');
  });
});

describe('an invalidation of a whole namespace', () => {
  it('refuses what was loaded before it', async () => {
    cache.apply(sequenced(eventOf(['z']), 1001n));
    world.commit('a');
    world.held = true;
    const slow = rows.get('a');
    await expect.poll(() => world.loads.length).toBe(1);
    world.commit('a');
    cache.apply(sequenced(eventOf([], { type: 'MANUAL_INVALIDATION' }), 1002n));
    world.release();
    await slow;
    expect((await rows.get('a')).value?.version).toBe(2);
  });
});

describe('a load that began before another', () => {
  it('and ends after it does not take its place in memory', async () => {
    const views = cache.collection<string, number>({
      keyOf: (id) => rowKey(id),
      load: async (ids) =>
        (await world.load(ids)).map(({ value }) => ({ value: value?.version ?? 0, asOf: 0 })),
    });
    cache.apply(sequenced(eventOf(['z']), 1001n));
    world.held = true;
    const slow = views.get('a');
    await expect.poll(() => world.loads.length).toBe(1);
    world.held = false;
    const rolledBack = [eventOf(['a'])];
    cache.begin(rolledBack);
    cache.abort(rolledBack);
    cache.apply(sequenced(eventOf(['z']), 1002n));
    world.commit('a');
    expect((await views.get('a')).value).toBe(1);
    world.release();
    await slow;
    expect(await views.get('a')).toMatchObject({ value: 1, servedFrom: 'L1' });
  });
});

describe('a version', () => {
  it('never goes back: memory gives way when a load that was not kept has seen more', async () => {
    cache.apply(sequenced(eventOf(['z']), 1001n));
    world.commit('a');
    world.held = true;
    world.lateSnapshots = true;
    const detached = rows.get('a');
    await expect.poll(() => world.loads.length).toBe(1);
    cache.apply(sequenced(eventOf(['a']), 1002n));
    world.held = false;
    expect((await rows.get('a')).value?.version).toBe(1);
    world.commit('a');
    world.release();
    expect((await detached).value?.version).toBe(2);
    expect((await rows.get('a')).value?.version).toBe(2);
  });

  it('never goes back: a load that began earlier and ends later is asked for again', async () => {
    world.commit('a');
    world.held = true;
    const slow = rows.get('a');
    await expect.poll(() => world.loads.length).toBe(1);
    world.held = false;
    world.commit('a');
    cache.apply(sequenced(eventOf(['a']), 1002n));
    expect((await rows.get('a')).value?.version).toBe(2);
    world.release();
    expect((await slow).value?.version).toBe(2);
  });

  it('that the database itself has gone back behind is answered all the same', async () => {
    world.commit('a');
    world.commit('a');
    await rows.get('a');
    world.restore('a');
    cache.flush();
    expect((await rows.get('a')).value?.version).toBe(1);
    expect((await rows.get('a')).servedFrom).toBe('DATABASE');
    expect((await rows.get('a')).servedFrom).toBe('L1');
  });
});
