import { beforeEach, describe, expect, it } from 'vitest';
import type { EventDriven } from '../../../src/cache/event-driven.ts';
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

let clock: ManualClock;
let world: World;
let log: SharedLog;
let cache: TieredCache;
let units: Rows;
let prices: Rows;

beforeEach(() => {
  clock = manualClock();
  world = new World();
  log = new SharedLog();
});

async function startWith(eventDriven: EventDriven): Promise<void> {
  cache = createTieredCache({ l2: log.layer(), clock, maxEntries: 100, eventDriven });
  units = rowsOf(cache, world);
  prices = rowsOf(cache, world, 'GPU_PRICING');
  cache.confirm(PARTITION, log.position, clock.now());
  world.commit('a');
  await units.get('a');
  await prices.get('a');
  world.commit('a');
  const keys = [rowKey('a'), rowKey('a', 'GPU_PRICING')];
  cache.apply(log.publish(eventOf([], { keys })));
}

async function versions(): Promise<(number | undefined)[]> {
  const answers = [await units.get('a'), await prices.get('a')];
  return answers.map(({ value }) => value?.version);
}

function staleServed(): number {
  return cache.stats().namespaces.GPU_AVAILABILITY.l1.staleServed;
}

describe('events', () => {
  it('decide for all namespaces where they drive all', async () => {
    await startWith('all');
    expect(await versions()).toEqual([2, 2]);
    expect(staleServed()).toBe(0);
  });

  it('decide for those alone that they drive', async () => {
    await startWith(new Set(['GPU_PRICING'] as const));
    expect(await versions()).toEqual([1, 2]);
  });

  it.each(['off', 'shadow'] as const)('decide nothing in mode %s: age does', async (mode) => {
    await startWith(mode);
    clock.advance(10_000);
    expect(await versions()).toEqual([1, 1]);
    clock.advance(60_000);
    expect(await versions()).toEqual([2, 2]);
  });

  it('forbid in every mode that a value from before them stands in for a database that is away', async () => {
    await startWith('off');
    clock.advance(70_000);
    cache.confirm(PARTITION, log.position, clock.now());
    world.failure = new StoreUnavailableError(new Error('away'));
    await expect(units.get('a')).rejects.toThrow(world.failure);
  });

  it('that would have prevented an answer are counted in the shadow', async () => {
    await startWith('shadow');
    await versions();
    await versions();
    expect(staleServed()).toBe(2);
    expect(cache.stats().namespaces.GPU_AVAILABILITY.invalidations).toBe(1);
  });
});
