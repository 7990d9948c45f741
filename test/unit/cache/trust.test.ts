import { beforeEach, describe, expect, it } from 'vitest';
import { createTieredCache } from '../../../src/cache/tiered-cache.ts';
import type { TieredCache } from '../../../src/cache/types.ts';
import { PARTITIONS, partitionOf } from '../../../src/domain/partition.ts';
import { SharedLog } from './shared-log.ts';
import {
  eventOf,
  manualClock,
  REGION,
  reporter,
  rowsOf,
  World,
  type ManualClock,
  type Rows,
} from './world.ts';

const PARTITION = partitionOf(REGION);

let clock: ManualClock;
let world: World;
let log: SharedLog;
let cache: TieredCache;
let rows: Rows;
let providers: Rows;

beforeEach(() => {
  clock = manualClock();
  world = new World();
  log = new SharedLog();
  cache = createTieredCache({ l2: log.layer(), clock, maxEntries: 100, random: () => 0.5 });
  rows = rowsOf(cache, world);
  providers = rowsOf(cache, world, 'PROVIDER_STATUS');
});

function confirm(sentAtMs = clock.now()): void {
  cache.confirm(PARTITION, log.position, sentAtMs);
}

async function servedFrom(of: Rows = rows): Promise<string> {
  return (await of.get('a')).servedFrom;
}

describe('a node of a fleet', () => {
  it('does not serve from memory before it is known to miss nothing', async () => {
    await rows.get('a');
    expect(await servedFrom()).toBe('L2');
    confirm();
    await rows.get('a');
    expect(await servedFrom()).toBe('L1');
  });

  it('forgets what it kept before it was first known to miss nothing', async () => {
    world.commit('a');
    await rows.get('a');
    world.commit('a');
    log.publish(eventOf(['a']));
    confirm();
    expect((await rows.get('a')).value?.version).toBe(2);
  });

  it('is trusted as a whole when all of its partitions are', () => {
    confirm();
    expect(cache.stats().trusted).toBe(false);
    for (let partition = 0; partition < PARTITIONS; partition += 1) {
      cache.confirm(partition, log.position, clock.now());
    }
    expect(cache.stats().trusted).toBe(true);
  });
});

describe('the blind lease', () => {
  beforeEach(async () => {
    confirm();
    await rows.get('a');
    await providers.get('b');
  });

  it('ends 3 s after the catch-up was sent, not answered', async () => {
    const sentAtMs = clock.now();
    clock.advance(2999);
    confirm(sentAtMs);
    expect(await servedFrom()).toBe('L1');
    clock.advance(1);
    expect(await servedFrom()).toBe('L2');
  });

  it('lets data that is not critical be served as degraded after that', async () => {
    clock.advance(3000);
    expect(await providers.get('b')).toMatchObject({ servedFrom: 'L1', degraded: true });
    expect(cache.stats().namespaces.PROVIDER_STATUS.l1.staleServed).toBe(1);
    confirm();
    expect(await providers.get('b')).toMatchObject({ servedFrom: 'L1', degraded: false });
  });

  it('never grows shorter by an answer that comes late', async () => {
    const sentAtMs = clock.now();
    clock.advance(2000);
    confirm();
    confirm(sentAtMs);
    clock.advance(2000);
    expect(await servedFrom()).toBe('L1');
  });

  it('ends at once when the subscription is cut, whatever was asked before that', async () => {
    clock.advance(100);
    const sentAtMs = clock.now();
    cache.distrust();
    confirm(sentAtMs);
    expect(await servedFrom()).toBe('L2');
    clock.advance(1);
    confirm();
    expect(await servedFrom()).toBe('L1');
  });

  it('is not extended by a position of an earlier incarnation', async () => {
    const earlier = log.position;
    log.loseEverything();
    cache.lose(PARTITION, log.position);
    cache.confirm(PARTITION, earlier, clock.now());
    await rows.get('a');
    expect(await servedFrom()).toBe('L2');
  });

  it('is one of each partition', async () => {
    clock.advance(3000);
    cache.confirm((PARTITION + 1) % PARTITIONS, log.position, clock.now());
    expect(await servedFrom()).toBe('L2');
  });
});

describe('events that were lost for good', () => {
  it('make what memory held worthless, and what was being loaded too', async () => {
    confirm();
    world.commit('a');
    world.held = true;
    const slow = rows.get('a');
    await expect.poll(() => world.loads.length).toBe(1);
    world.commit('a');
    log.publish(eventOf(['a']));
    cache.lose(PARTITION, log.position);
    confirm();
    world.release();
    await slow;
    expect((await rows.get('a')).value?.version).toBe(2);
  });

  it('never lower what an applied event has set', async () => {
    confirm();
    const before = log.position;
    world.commit('a');
    world.held = true;
    const slow = rows.get('a');
    await expect.poll(() => world.loads.length).toBe(1);
    world.commit('a');
    cache.apply(log.publish(eventOf(['a'])));
    cache.lose(PARTITION, before);
    confirm();
    world.release();
    await slow;
    expect((await rows.get('a')).value?.version).toBe(2);
  });

  it('leave a node following the incarnation that the log is of now, even an earlier one', async () => {
    confirm();
    cache.lose(PARTITION, { base: 5n, sequence: 7n });
    cache.confirm(PARTITION, { base: 5n, sequence: 7n }, clock.now());
    log.position = { base: 5n, sequence: 7n };
    await rows.get('a');
    expect(await servedFrom()).toBe('L1');
  });
});

describe('an L2 of an earlier incarnation', () => {
  it('is a master that has been replaced: the database answers, however far it has counted', async () => {
    log.position = { base: 1000n, sequence: 99_999n };
    confirm();
    world.commit('a');
    await rows.get('a');
    world.commit('a');
    cache.lose(PARTITION, { base: 9000n, sequence: 9000n });
    expect(await rows.get('a')).toMatchObject({ servedFrom: 'DATABASE', value: { version: 2 } });
  });
});

describe('an L2 that cannot know of the last changes', () => {
  it('is not asked, and memory is not believed for critical data', async () => {
    confirm();
    await rows.get('a');
    await providers.get('b');
    cache.distrustL2(true);
    expect([await servedFrom(), await servedFrom()]).toEqual(['DATABASE', 'DATABASE']);
    expect(await providers.get('b')).toMatchObject({ servedFrom: 'L1', degraded: true });
    cache.distrustL2(false);
    expect(await servedFrom()).toBe('L1');
  });
});

describe('an L2 that fails again and again', () => {
  it('is left alone for a second, then asked by one reader whether it is back', async () => {
    confirm();
    const failed: unknown[] = [];
    cache = createTieredCache({
      l2: log.layer(),
      clock,
      maxEntries: 100,
      reporter: reporter({ l2Failed: (error) => failed.push(error) }),
    });
    rows = rowsOf(cache, world);
    log.away = true;
    for (let count = 0; count < 8; count += 1) expect(await servedFrom()).toBe('DATABASE');
    expect(failed).toHaveLength(5);
    clock.advance(1000);
    await Promise.all(['a', 'b', 'c'].map((id) => rows.get(id)));
    expect(failed).toHaveLength(6);
    log.away = false;
    clock.advance(1000);
    expect(await servedFrom()).toBe('DATABASE');
    expect(await servedFrom()).toBe('L2');
  });
});
