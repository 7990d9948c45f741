import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CacheKey } from '../../../src/domain/cache-key.ts';
import type { FillOutcome, L2, L2Snapshot } from '../../../src/cache/l2.ts';
import { createRedisL2 } from '../../../src/cache/redis-l2.ts';
import { entryKey, indexKey, partitionKeys } from '../../../src/domain/redis-keys.ts';
import { BusUnavailableError } from '../../../src/events/bus-unavailable-error.ts';
import { createRedisBus } from '../../../src/events/redis-bus.ts';
import type { EventBus } from '../../../src/events/types.ts';
import { connectRedis, type RedisConnections } from '../../../src/redis.ts';
import { startRedis, type TestRedis } from '../../support/redis.ts';
import { eventOf, rowKey } from '../../unit/cache/world.ts';
import { PARTITION, silent } from './fleet.ts';

const KEY = rowKey('a');
const ENTRY = entryKey(PARTITION, KEY);
const INDEX = indexKey(PARTITION, KEY.namespace);
const NAMES = partitionKeys(PARTITION);

let server: TestRedis;
let redis: RedisConnections;
let l2: L2;
let bus: EventBus;

beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

beforeEach(async () => {
  redis = connectRedis({ url: server.url }, silent);
  await Promise.all([once('commands'), once('subscriber')]);
  l2 = createRedisL2(redis.commands);
  bus = createRedisBus({ ...redis, logger: silent });
});
afterEach(async () => {
  await redis.commands.flushall();
  redis.close();
});

function once(role: 'commands' | 'subscriber'): Promise<unknown> {
  return new Promise((resolve) => redis[role].once('ready', resolve));
}

function read(): Promise<L2Snapshot> {
  return l2.read(PARTITION, [KEY]);
}

function textsOf({ values }: L2Snapshot): (string | undefined)[] {
  return values.map((value) => value?.payload.toString());
}

async function stored(): Promise<string | undefined> {
  return textsOf(await read())[0];
}

function fill(snapshot: L2Snapshot, text: string, ttlMs = 30_000): Promise<FillOutcome> {
  return fillOf(KEY, snapshot, text, ttlMs);
}

function fillOf(
  key: CacheKey,
  snapshot: L2Snapshot,
  text: string,
  ttlMs = 30_000,
): Promise<FillOutcome> {
  return l2.fill(PARTITION, key, snapshot, { payload: Buffer.from(text), ttlMs });
}

/** The snapshot as if its token had been `by` later. */
function later(snapshot: L2Snapshot, by: bigint): L2Snapshot {
  const { base, sequence } = snapshot.position;
  return { ...snapshot, position: { base, sequence: sequence + by } };
}

describe('reading a partition', () => {
  it('begins its log where there is none, at the time by Redis in microseconds', async () => {
    const { position, values } = await read();
    expect(position.sequence).toBe(position.base);
    expect(Number(position.base)).toBeGreaterThan(1.7e15);
    expect(values).toEqual([null]);
    expect((await read()).position).toEqual(position);
  });

  it('gives values with what is left of their time, never more', async () => {
    await fill(await read(), 'value', 30_000);
    const value = (await read()).values[0];
    const leftInRedisMs = await redis.commands.pttl(ENTRY);
    expect(value?.payload.toString()).toBe('value');
    expect(value?.leftMs).toBeGreaterThan(leftInRedisMs - 10_000);
    expect(value?.leftMs).toBeLessThanOrEqual(30_000);
  });

  it('gives neither tombstones, nor values of another incarnation, nor rubbish', async () => {
    await fill(await read(), 'value');
    await bus.publish(PARTITION, [eventOf(['a'])]);
    expect(await stored()).toBeUndefined();
    const { position } = await read();
    await redis.commands.set(ENTRY, `V${position.base - 1n}|9999999999999|old`);
    expect(await stored()).toBeUndefined();
    await redis.commands.set(ENTRY, 'rubbish');
    expect(await stored()).toBeUndefined();
    await redis.commands.set(ENTRY, `V${position.base}|1|expired`);
    expect(await stored()).toBeUndefined();
  });
});

describe('a fill', () => {
  it('is kept for its time, and indexed for as long', async () => {
    expect(await fill(await read(), 'value', 5000)).toBe('kept');
    expect(await stored()).toBe('value');
    expect(await redis.commands.pttl(ENTRY)).toBeLessThanOrEqual(5000);
    expect(await redis.commands.zrange(INDEX, '0', '-1')).toEqual([ENTRY]);
  });

  it('is refused after an invalidation that it cannot have seen, and kept after one that it has', async () => {
    const before = await read();
    await bus.publish(PARTITION, [eventOf(['a'])]);
    expect(await fill(before, 'old')).toBe('refused');
    expect(await fill(await read(), 'new')).toBe('kept');
    expect(await stored()).toBe('new');
  });

  it('is refused behind a value with the same token or a later one', async () => {
    const before = await read();
    await bus.publish(PARTITION, [eventOf(['z'])]);
    const after = await read();
    expect(await fill(after, 'first')).toBe('kept');
    expect(await fill(after, 'second')).toBe('taken');
    expect(await fill(before, 'third')).toBe('taken');
    expect(await stored()).toBe('first');
  });

  it('is refused with a token that was never given, or of another incarnation', async () => {
    const snapshot = await read();
    expect(await fill(later(snapshot, 1n), 'ahead')).toBe('refused');
    const { base, sequence } = snapshot.position;
    const foreign = { ...snapshot, position: { base: base - 1n, sequence } };
    expect(await fill(foreign, 'foreign')).toBe('refused');
  });

  it('is refused when it is so late that a tombstone may have come and gone', async () => {
    const snapshot = await read();
    expect(await fill({ ...snapshot, bornAtMs: snapshot.bornAtMs - 20_001 }, 'late')).toBe(
      'refused',
    );
    expect(await fill({ ...snapshot, bornAtMs: snapshot.bornAtMs - 15_000 }, 'slow')).toBe('kept');
  });

  it('drops from the index what has expired', async () => {
    await redis.commands.zadd(INDEX, 1, 'long gone');
    await fill(await read(), 'value');
    expect(await redis.commands.zrange(INDEX, '0', '-1')).toEqual([ENTRY]);
  });
});

describe('fills of one turn', () => {
  it('are each judged by themselves, in their order', async () => {
    const [old, fresh, late] = [rowKey('old'), rowKey('fresh'), rowKey('late')];
    const before = await read();
    await bus.publish(PARTITION, [eventOf(['old'])]);
    const outcomes = await Promise.all([
      fillOf(old, before, 'stale'),
      fillOf(fresh, before, 'first'),
      fillOf(fresh, before, 'second'),
      fillOf(late, { ...before, bornAtMs: before.bornAtMs - 20_001 }, 'too late'),
      fillOf(KEY, later(before, 9n), 'ahead'),
    ]);
    expect(outcomes).toEqual(['refused', 'kept', 'taken', 'refused', 'refused']);
    const after = await l2.read(PARTITION, [old, fresh, late, KEY]);
    expect(textsOf(after)).toEqual([undefined, 'first', undefined, undefined]);
  });

  it('are indexed each in its namespace, where alone a sweep refuses them', async () => {
    const price = { ...KEY, namespace: 'GPU_PRICING' } as const;
    const before = await read();
    const sweep = { keys: [], affectedNamespaces: [price.namespace] };
    await bus.publish(PARTITION, [{ ...eventOf([], sweep), type: 'MANUAL_INVALIDATION' }]);
    const fills = [KEY, rowKey('b'), price].map((key) => fillOf(key, before, 'value'));
    expect(await Promise.all(fills)).toEqual(['kept', 'kept', 'refused']);
    const indexed = await redis.commands.zrange(INDEX, '0', '-1');
    expect(indexed.toSorted()).toEqual([ENTRY, entryKey(PARTITION, rowKey('b'))]);
    expect(await redis.commands.exists(indexKey(PARTITION, price.namespace))).toBe(0);
  });
});

describe('questions of one turn', () => {
  it('are each answered with what they asked for', async () => {
    await fill(await read(), 'value');
    const [none, one, three] = await Promise.all([
      l2.read(PARTITION, []),
      l2.read(PARTITION, [KEY]),
      l2.read(PARTITION, [rowKey('b'), KEY, rowKey('c')]),
    ]);
    expect(textsOf(none)).toEqual([]);
    expect(textsOf(one)).toEqual(['value']);
    expect(textsOf(three)).toEqual([undefined, 'value', undefined]);
    expect(three.position).toEqual(one.position);
  });

  it('give back the leases that are still their holder’s, and no other', async () => {
    const other = createRedisL2(redis.commands);
    const [mine, theirs] = [rowKey('mine'), rowKey('theirs')];
    await l2.claim(PARTITION, [mine]);
    await other.claim(PARTITION, [theirs]);
    await Promise.all([l2.release(PARTITION, mine), l2.release(PARTITION, theirs)]);
    const { granted } = await createRedisL2(redis.commands).claim(PARTITION, [mine, theirs]);
    expect(granted).toEqual([true, false]);
  });
});

describe('a tombstone', () => {
  it('outlives every fill that it must refuse', async () => {
    await bus.publish(PARTITION, [eventOf(['a'])]);
    expect(await redis.commands.pttl(ENTRY)).toBeGreaterThan(20_000);
  });

  it('is laid only on keys of the partition that the event is published in', async () => {
    const global = { namespace: 'PROVIDER_STATUS', key: 'providers', region: '*' } as const;
    await bus.publish(PARTITION, [eventOf(['a'], { keys: [KEY, global] })]);
    expect(await redis.commands.keys('*:e:*')).toEqual([ENTRY]);
  });
});

describe('a log', () => {
  it('whose Redis counts on behind our back stays exact', async () => {
    await read();
    await redis.commands.set(NAMES.sequence, '9007199254740990');
    const { sequences } = await bus.publish(PARTITION, [eventOf(['a'])]);
    expect(sequences).toEqual([9_007_199_254_740_991n]);
  });

  it('numbers the events of a batch one by one, and ends with the last', async () => {
    const { position } = await read();
    const { sequences } = await bus.publish(PARTITION, [eventOf(['a']), eventOf(['b'])]);
    expect(sequences).toEqual([position.sequence + 1n, position.sequence + 2n]);
    expect((await read()).position.sequence).toBe(position.sequence + 2n);
  });

  it('is left as it was by a Redis that is full', async () => {
    const { position } = await read();
    await redis.commands.config('SET', 'maxmemory', '1');
    await expect(bus.publish(PARTITION, [eventOf(['a'])])).rejects.toThrow(BusUnavailableError);
    await redis.commands.config('SET', 'maxmemory', '0');
    expect((await read()).position).toEqual(position);
    expect(await redis.commands.exists(ENTRY)).toBe(0);
  });
});
