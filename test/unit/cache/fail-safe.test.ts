import { beforeEach, describe, expect, it } from 'vitest';
import { createTieredCache } from '../../../src/cache/tiered-cache.ts';
import type { TieredCache } from '../../../src/cache/types.ts';
import { StoreUnavailableError } from '../../../src/domain/errors.ts';
import { partitionOf } from '../../../src/domain/partition.ts';
import { SharedLog } from './shared-log.ts';
import {
  eventOf,
  manualClock,
  REGION,
  rowKey,
  rowsOf,
  World,
  type ManualClock,
  type Rows,
} from './world.ts';

const PARTITION = partitionOf(REGION);
const AWAY = new StoreUnavailableError(new Error('away'));

let clock: ManualClock;
let world: World;
let log: SharedLog;
let cache: TieredCache;
let rows: Rows;
let providers: Rows;

beforeEach(async () => {
  clock = manualClock();
  world = new World();
  log = new SharedLog();
  cache = createTieredCache({ l2: log.layer(), clock, maxEntries: 100, random: () => 0.5 });
  rows = rowsOf(cache, world);
  providers = rowsOf(cache, world, 'PROVIDER_STATUS');
  confirm();
  world.commit('a');
  await rows.get('a');
  await providers.get('p');
  log.loseValues();
});

function confirm(): void {
  cache.confirm(PARTITION, log.position, clock.now());
}

/** Everything in memory is past its time, and nothing was missed. */
function grow(ms = 70_000): void {
  clock.advance(ms);
  confirm();
}

describe('a value that died of its age', () => {
  it('stands in, marked as degraded, while the system of record is away', async () => {
    grow();
    world.failure = AWAY;
    expect(await rows.get('a')).toMatchObject({ servedFrom: 'L1', degraded: true });
    expect(cache.stats().namespaces.GPU_AVAILABILITY.l1.staleServed).toBe(1);
    world.failure = null;
    expect(await rows.get('a')).toMatchObject({ servedFrom: 'DATABASE', degraded: false });
  });

  it('stands in for a load that is slow, which goes on for later readers', async () => {
    grow();
    world.commit('a');
    world.held = true;
    expect(await rows.get('a')).toMatchObject({ servedFrom: 'L1', degraded: true });
    world.release();
    await expect.poll(async () => (await rows.get('a')).value?.version).toBe(2);
    expect(world.loads).toHaveLength(3);
  });

  it('hides no other error', async () => {
    grow();
    world.failure = new TypeError('a bug');
    await expect(rows.get('a')).rejects.toThrow('a bug');
  });

  it('does not stand in after 10 minutes', async () => {
    grow(60_000 + 60_000 + 10 * 60_000);
    world.failure = AWAY;
    await expect(rows.get('a')).rejects.toThrow(AWAY);
  });
});

describe('a value that may have changed', () => {
  it('never stands in after its event', async () => {
    grow();
    cache.apply(log.publish(eventOf(['a'])));
    world.failure = AWAY;
    await expect(rows.get('a')).rejects.toThrow(AWAY);
  });

  it('never stands in after a flush', async () => {
    grow();
    cache.flush();
    world.failure = AWAY;
    await expect(rows.get('a')).rejects.toThrow(AWAY);
  });

  it('never stands in while a commit of this node is pending, even one that came during the load', async () => {
    grow();
    world.held = true;
    world.failure = AWAY;
    const reading = rows.get('a');
    cache.begin([eventOf(['a'])]);
    await expect(reading).rejects.toThrow(AWAY);
    await expect(rows.get('a')).rejects.toThrow(AWAY);
  });

  it('never stands in for critical data once events may have been missed', async () => {
    clock.advance(150_000);
    world.failure = AWAY;
    await expect(rows.get('a')).rejects.toThrow(AWAY);
    expect(await providers.get('p')).toMatchObject({ servedFrom: 'L1', degraded: true });
  });
});

describe('a loader', () => {
  it('may shorten the life of a value', async () => {
    const quick = cache.collection({
      keyOf: (id: string) => rowKey(id),
      load: async (ids) => ids.map((value) => ({ value, asOf: 0, ttlMs: 1000 })),
    });
    await quick.get('x');
    clock.advance(790);
    expect((await quick.get('x')).servedFrom).toBe('L1');
    clock.advance(210);
    log.loseValues();
    expect((await quick.get('x')).servedFrom).toBe('DATABASE');
  });

  it('cannot lengthen it', async () => {
    const slow = cache.collection({
      keyOf: (id: string) => rowKey(id),
      load: async (ids) => ids.map((value) => ({ value, asOf: 0, ttlMs: 3_600_000 })),
    });
    await slow.get('x');
    grow(30_000);
    log.loseValues();
    expect((await slow.get('x')).servedFrom).toBe('DATABASE');
  });

  it('may forbid that anything is kept', async () => {
    const never = cache.collection({
      keyOf: (id: string) => rowKey(id),
      load: async (ids) => ids.map((value) => ({ value, asOf: 0, ttlMs: 0 })),
    });
    await never.get('x');
    expect((await never.get('x')).servedFrom).toBe('DATABASE');
  });
});
