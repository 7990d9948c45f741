import { beforeEach, describe, expect, it } from 'vitest';
import { createTieredCache } from '../../../src/cache/tiered-cache.ts';
import type { ReadOptions, TieredCache } from '../../../src/cache/types.ts';
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

let clock: ManualClock;
let world: World;
let log: SharedLog;
let writer: TieredCache;
let reader: TieredCache;
let rows: Rows;

beforeEach(async () => {
  clock = manualClock();
  world = new World();
  log = new SharedLog();
  [writer, reader] = [node(), node()];
  rows = rowsOf(reader, world);
  world.commit('a');
  await rows.get('a');
});

function node(): TieredCache {
  const cache = createTieredCache({ l2: log.layer(), clock, maxEntries: 100 });
  cache.confirm(PARTITION, log.position, clock.now());
  return cache;
}

/** The writer commits and, where it can, publishes; gives what the client is told. */
function write({ publishes = true } = {}) {
  const event = eventOf(['a']);
  writer.begin([event]);
  world.commit('a');
  const published = publishes ? log.publish(event) : null;
  if (published) writer.apply(published);
  return { published, options: { atLeast: writer.tokenOf([event]) } };
}

async function read(options: ReadOptions): Promise<unknown> {
  const { value, servedFrom } = await rows.get('a', options);
  return [value?.version, servedFrom];
}

describe('a reader that brings a consistency token', () => {
  it('is answered from memory where this node has applied as much', async () => {
    const { published, options } = write();
    if (published) reader.apply(published);
    expect(await read(options)).toEqual([2, 'DATABASE']);
    expect(await read(options)).toEqual([2, 'L1']);
  });

  it('waits for the event for a moment', async () => {
    const { published, options } = write();
    const answer = read(options);
    if (published) reader.apply(published);
    expect(await answer).toEqual([2, 'DATABASE']);
    expect(await read(options)).toEqual([2, 'L1']);
  });

  it('is answered by the database where the event does not come', async () => {
    const { options } = write();
    expect((await rows.get('a')).value?.version).toBe(1);
    expect(await read(options)).toEqual([2, 'DATABASE']);
    expect(await read(options)).toEqual([2, 'DATABASE']);
  });

  it('joins no load that began before it', async () => {
    reader.flush();
    log.trim();
    world.held = true;
    const { options } = write();
    const before = rows.get('b');
    await expect.poll(() => world.loads.length).toBe(2);
    const session = rows.getMany(['b'], options);
    await expect.poll(() => world.loads.length).toBe(3);
    world.release();
    await Promise.all([before, session]);
  });

  it('is answered by the database while the event could not be published', async () => {
    const { options } = write({ publishes: false });
    expect(await read(options)).toEqual([2, 'DATABASE']);
  });

  it('is answered by the database where another incarnation is followed', async () => {
    const { options } = write();
    log.loseEverything();
    reader.lose(PARTITION, log.position);
    reader.confirm(PARTITION, log.position, clock.now());
    await rows.get('a');
    expect(await read(options)).toEqual([2, 'DATABASE']);
  });

  it('is not held up by an event that came out of turn: those before it are still missing', async () => {
    log.publish(eventOf(['z']));
    const { published, options } = write();
    if (published) reader.apply(published);
    expect(await read(options)).toEqual([2, 'DATABASE']);
    expect(await read(options)).toEqual([2, 'DATABASE']);
  });

  it('is answered like any other after 60 s', async () => {
    const { options } = write();
    const atLeast = { ...options.atLeast, issuedAt: options.atLeast.issuedAt - 60_001 };
    expect(await read({ atLeast })).toEqual([1, 'L1']);
  });

  it('demands nothing of partitions that it does not name', async () => {
    const { atLeast } = write().options;
    const other = { ...atLeast, partitions: new Map([[PARTITION === 0 ? 1 : 0, log.position]]) };
    expect(await read({ atLeast: other })).toEqual([1, 'L1']);
  });
});

describe('more readers than may wait', () => {
  it('are sent to the database at once', async () => {
    const { options } = write();
    const answers = await Promise.all(Array.from({ length: 1100 }, () => rows.get('a', options)));
    expect(answers.every(({ value }) => value?.version === 2)).toBe(true);
  });
});
