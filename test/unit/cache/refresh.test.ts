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
  rowsOf,
  World,
  type ManualClock,
  type Rows,
} from './world.ts';

const PARTITION = partitionOf(REGION);
const TTL_MS = 30_000;

let clock: ManualClock;
let world: World;
let log: SharedLog;
let cache: TieredCache;
let rows: Rows;

beforeEach(async () => {
  clock = manualClock();
  world = new World();
  log = new SharedLog();
  cache = createTieredCache({ l2: log.layer(), clock, maxEntries: 100, random: () => 0.5 });
  rows = rowsOf(cache, world);
  pass(0);
  world.commit('a');
  await rows.get('a');
});

/** Time passes, and nothing is missed. */
function pass(ms: number): void {
  clock.advance(ms);
  log.leftMs -= ms;
  cache.confirm(PARTITION, log.position, clock.now());
}

async function servedFrom(): Promise<string> {
  return (await rows.get('a')).servedFrom;
}

/** The refresh that was begun is over. */
async function refreshed(loads: number): Promise<void> {
  await expect.poll(() => world.loads.length).toBe(loads);
  await new Promise(setImmediate);
}

describe('a value in the last fifth of its life', () => {
  it('is loaded once in the background, and nobody waits', async () => {
    pass(TTL_MS * 0.79);
    expect(await servedFrom()).toBe('L1');
    expect(world.loads).toHaveLength(1);
    pass(TTL_MS * 0.01);
    world.held = true;
    expect([await servedFrom(), await servedFrom()]).toEqual(['L1', 'L1']);
    world.release();
    await refreshed(2);
    pass(TTL_MS * 0.2);
    expect(await servedFrom()).toBe('L1');
    expect(world.loads).toHaveLength(2);
  });

  it('is taken over from L2 where another node has loaded it anew', async () => {
    pass(TTL_MS * 0.8);
    log.leftMs = TTL_MS;
    await servedFrom();
    await new Promise(setImmediate);
    pass(TTL_MS * 0.2);
    expect(await servedFrom()).toBe('L1');
    expect(world.loads).toHaveLength(1);
  });

  it('is given to readers who come after its death while it is still being loaded', async () => {
    pass(TTL_MS * 0.8);
    world.commit('a');
    world.held = true;
    await servedFrom();
    await expect.poll(() => world.loads.length).toBe(2);
    pass(TTL_MS * 0.2);
    const reading = rows.get('a');
    world.release();
    expect((await reading).value?.version).toBe(2);
    expect(world.loads).toHaveLength(2);
  });

  it('is not kept where an event came meanwhile', async () => {
    pass(TTL_MS * 0.8);
    world.held = true;
    await servedFrom();
    await expect.poll(() => world.loads.length).toBe(2);
    world.commit('a');
    cache.apply(log.publish(eventOf(['a'])));
    world.release();
    expect((await rows.get('a')).value?.version).toBe(2);
  });

  it('is served until its end where the system of record is away', async () => {
    pass(TTL_MS * 0.8);
    world.failure = new StoreUnavailableError(new Error('away'));
    expect(await servedFrom()).toBe('L1');
    await refreshed(2);
    expect(await rows.get('a')).toMatchObject({ servedFrom: 'L1', degraded: false });
  });
});

describe('memory that is short', () => {
  it('lets go of what was used least recently', async () => {
    await rows.getMany(['b', 'c', 'd']);
    await rows.get('a');
    cache.shed(0.5);
    const answers = await rows.getMany(['a', 'b', 'c', 'd']);
    expect(answers.map((answer) => answer.servedFrom)).toEqual(['L1', 'L2', 'L2', 'L1']);
  });
});
