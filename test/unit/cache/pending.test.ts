import { beforeEach, describe, expect, it } from 'vitest';
import { createTieredCache } from '../../../src/cache/tiered-cache.ts';
import type { TieredCache } from '../../../src/cache/types.ts';
import {
  eventOf,
  manualClock,
  rowKey,
  rowsOf,
  sequenced,
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
  cache = createTieredCache({ l2: null, clock, maxEntries: 100 });
  rows = rowsOf(cache, world);
});

async function servedFrom(id: string): Promise<string> {
  return (await rows.get(id)).servedFrom;
}

describe('a pending key', () => {
  it('is read from the database each time until its event is applied', async () => {
    const event = eventOf(['a']);
    await rows.get('a');
    cache.begin([event]);
    expect([await servedFrom('a'), await servedFrom('a')]).toEqual(['DATABASE', 'DATABASE']);
    cache.apply(sequenced(event, 1001n));
    expect([await servedFrom('a'), await servedFrom('a')]).toEqual(['DATABASE', 'L1']);
  });

  it('shows the writer its write at once, before any event is out', async () => {
    world.commit('a');
    await rows.get('a');
    cache.begin([eventOf(['a'])]);
    world.commit('a');
    expect((await rows.get('a')).value?.version).toBe(2);
  });

  it('is joined by no reader while a load from before is under way', async () => {
    world.commit('a');
    world.held = true;
    const before = rows.get('a');
    await expect.poll(() => world.loads.length).toBe(1);
    cache.begin([eventOf(['a'])]);
    world.commit('a');
    const after = rows.get('a');
    await expect.poll(() => world.loads.length).toBe(2);
    world.release();
    await before;
    expect((await after).value?.version).toBe(2);
  });

  it('lets a load from before serve its readers at once, though nothing is kept of it', async () => {
    world.held = true;
    const before = rows.get('a');
    await expect.poll(() => world.loads.length).toBe(1);
    const event = eventOf(['a']);
    cache.begin([event]);
    world.release();
    await before;
    expect(world.loads).toHaveLength(1);
    cache.abort([event]);
    expect(await servedFrom('a')).toBe('DATABASE');
  });

  it('is kept again after its transaction was rolled back', async () => {
    const event = eventOf(['a']);
    cache.begin([event]);
    cache.abort([event]);
    expect([await servedFrom('a'), await servedFrom('a')]).toEqual(['DATABASE', 'L1']);
  });

  it('stays pending while another of its events is', async () => {
    const [first, second] = [eventOf(['a']), eventOf(['a'])];
    cache.begin([first, second]);
    cache.apply(sequenced(first, 1001n));
    await rows.get('a');
    expect(await servedFrom('a')).toBe('DATABASE');
    expect(cache.pendingEvents()).toEqual([second.eventId]);
  });

  it('outlives a flush', async () => {
    cache.begin([eventOf(['a'])]);
    cache.flush();
    await rows.get('a');
    expect(await servedFrom('a')).toBe('DATABASE');
  });

  it('is cleared in the partition of the event only', async () => {
    const elsewhere = { ...rowKey('b'), key: 'row:b', region: '*' };
    const event = eventOf(['a'], { keys: [rowKey('a'), elsewhere] });
    cache.begin([event]);
    cache.apply(sequenced(event, 1001n));
    await rows.get('a');
    expect(await servedFrom('a')).toBe('L1');
    expect(cache.pendingEvents()).toEqual([event.eventId]);
  });

  it('is let go when its event is known to be out, and what was loading is not kept', async () => {
    const event = eventOf(['a']);
    world.commit('a');
    world.held = true;
    const slow = rows.get('a');
    await expect.poll(() => world.loads.length).toBe(1);
    cache.begin([event]);
    world.commit('a');
    cache.settle([event.eventId]);
    world.release();
    await slow;
    expect((await rows.get('a')).value?.version).toBe(2);
    expect(cache.pendingEvents()).toEqual([]);
  });

  it('is forgotten once nothing older than the commit can be left in L2', async () => {
    cache.begin([eventOf(['a'])]);
    clock.advance(153_000);
    await rows.get('a');
    clock.advance(1);
    await rows.get('a');
    expect(await servedFrom('a')).toBe('L1');
  });
});

describe('more pending events than can be remembered', () => {
  it('make everything pending for a time', async () => {
    cache.begin(Array.from({ length: 65_537 }, () => eventOf(['a'])));
    await rows.get('b');
    expect(await servedFrom('b')).toBe('DATABASE');
    clock.advance(2 * 3_600_000);
    await rows.get('b');
    expect(await servedFrom('b')).toBe('L1');
  });
});
