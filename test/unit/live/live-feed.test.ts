import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { PARTITIONS, partitionOf } from '../../../src/domain/partition.ts';
import { createLiveFeed } from '../../../src/live/live-feed.ts';
import type { StreamItem } from '../../../src/live/types.ts';
import { bookingEvent, event, priceEvent, unitEvent } from './world.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function noDatabase(): Promise<never> {
  return Promise.reject(new Error('no database'));
}

function inAnHour(): number {
  return Date.now() + 3_600_000;
}

async function take<T>(stream: AsyncIterator<T>, count: number): Promise<T[]> {
  const items: T[] = [];
  for (let index = 0; index < count; index += 1) items.push((await stream.next()).value as T);
  return items;
}

/** Passes the start that every resumable stream begins with. */
async function started<T>(stream: AsyncIterableIterator<StreamItem<T>>): Promise<typeof stream> {
  expect(await stream.next()).toMatchObject({ value: { kind: 'start' } });
  return stream;
}

const ALL = { minIntervalMs: 1000 };

describe('a resumable stream', () => {
  test('starts by saying that nothing was resumed, with the highest sequence seen', async () => {
    const feed = createLiveFeed();
    const seen = unitEvent('h100', 'eu');
    feed.publish(seen);
    const [start] = await take(feed.availability({}), 1);
    expect(start).toMatchObject({ kind: 'start', resumed: false, sequence: seen.sequence });
  });

  test('refuses a cursor that nobody issued, and accepts one of its own', async () => {
    const feed = createLiveFeed();
    feed.publish(unitEvent('h100', 'eu'));
    expect(() => feed.availability({ after: 'nonsense' })).toThrow(/cursor/);
    const [start] = await take(feed.availability({}), 1);
    const after = start?.kind === 'start' ? start.cursor : '';
    expect(await take(feed.availability({ after }), 1)).toMatchObject([
      { kind: 'start', resumed: false },
    ]);
  });

  test('sends a heartbeat after 5 s of quiet, and not while something happens', async () => {
    const feed = createLiveFeed();
    const stream = await started(feed.availability({}));
    await vi.advanceTimersByTimeAsync(4_000);
    feed.publish(unitEvent('h100', 'eu'));
    await vi.advanceTimersByTimeAsync(4_000);
    expect(await take(stream, 1)).toMatchObject([{ kind: 'change' }]);
    const next = stream.next();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await next).toMatchObject({ value: { kind: 'heartbeat' } });
  });

  test('delivers an event once: not its copies in other partitions, not its repetition', async () => {
    const feed = createLiveFeed();
    const stream = await started(feed.availability({}));
    const booked = unitEvent('h100', 'eu');
    const elsewhere = (partitionOf('eu') + 1) % PARTITIONS;
    feed.publish({ ...booked, partition: elsewhere, sequence: booked.sequence + 50n });
    feed.publish(booked);
    feed.publish({ ...booked, sequence: booked.sequence + 100n });
    const last = unitEvent('a100', 'eu');
    feed.publish(last);
    const changes = await take(stream, 2);
    expect(changes).toMatchObject([{ sequence: booked.sequence }, { sequence: last.sequence }]);
  });

  test('filters, and stays silent and open for names that nobody knows', async () => {
    const feed = createLiveFeed();
    const filtered = await started(feed.availability({ gpuTypes: ['h100'], regions: ['eu'] }));
    const unknown = await started(feed.availability({ gpuTypes: ['no-such-type'] }));
    feed.publish(unitEvent('a100', 'eu'));
    feed.publish(unitEvent('h100', 'us'));
    feed.publish(unitEvent('h100', 'eu'));
    expect(await take(filtered, 1)).toMatchObject([
      { change: { unit: { gpuType: 'h100', region: 'eu' } } },
    ]);
    const silent = unknown.next();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await silent).toMatchObject({ value: { kind: 'heartbeat' } });
  });

  test('of a client that does not read ends with an error, after what was waiting', async () => {
    const feed = createLiveFeed({ queueLimit: 3 });
    const stream = feed.availability({});
    for (let index = 0; index < 5; index += 1) feed.publish(unitEvent('h100', 'eu'));
    await take(stream, 4);
    await expect(stream.next()).rejects.toThrow(/subscribe again/);
    expect(await stream.next()).toMatchObject({ done: true });
    expect(feed.size()).toBe(0);
  });

  test('lets go at once when its client leaves, even while it waits', async () => {
    const feed = createLiveFeed();
    const stream = await started(feed.availability({}));
    const waiting = stream.next();
    await stream.return?.();
    expect(await waiting).toMatchObject({ done: true });
    expect(feed.size()).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('ends when the feed stops, and a new one ends at once', async () => {
    const feed = createLiveFeed();
    const stream = await started(feed.prices(ALL));
    const waiting = stream.next();
    feed.stop();
    expect(await waiting).toMatchObject({ done: true });
    expect(await feed.invalidations({}).next()).toMatchObject({ done: true });
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the price stream', () => {
  test('sends the first tick at once, then the newest one per interval', async () => {
    const conflated = vi.fn<() => void>();
    const feed = createLiveFeed({ onConflated: conflated });
    const stream = await started(feed.prices(ALL));
    feed.publish(priceEvent('h100', 'eu', 1));
    feed.publish(priceEvent('h100', 'eu', 2, 1));
    feed.publish(priceEvent('h100', 'eu', 3, 2));
    expect(await take(stream, 1)).toMatchObject([{ change: { rateMicros: 1_000_000n } }]);
    const next = stream.next();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await next).toMatchObject({
      value: { change: { rateMicros: 3_000_000n, previousMicros: 1_000_000n } },
    });
    expect(conflated).toHaveBeenCalledOnce();
  });

  test('keeps one tick per pair for a client that does not read', async () => {
    const feed = createLiveFeed({ queueLimit: 3 });
    const stream = feed.prices({ minIntervalMs: 100 });
    for (let usd = 1; usd <= 50; usd += 1) {
      feed.publish(priceEvent('h100', 'eu', usd));
      feed.publish(priceEvent('h100', 'us', usd));
      await vi.advanceTimersByTimeAsync(100);
    }
    const [, eu, us] = await take(stream, 3);
    expect([eu, us]).toMatchObject([
      { change: { rateMicros: 50_000_000n } },
      { change: { rateMicros: 50_000_000n } },
    ]);
  });
});

describe('the invalidation stream', () => {
  test('tells what names the asked pairs and namespaces', async () => {
    const feed = createLiveFeed();
    const stream = await started(
      feed.invalidations({ regions: ['eu'], namespaces: ['GPU_AVAILABILITY'] }),
    );
    feed.publish(unitEvent('h100', 'us'));
    feed.publish(unitEvent('h100', 'eu', { affectedNamespaces: ['MARKET_STATS'] }));
    const told = unitEvent('h100', 'eu');
    feed.publish(told);
    expect(await take(stream, 1)).toMatchObject([{ change: told }]);
  });

  test('tells everybody when an operator drops a whole namespace', async () => {
    const feed = createLiveFeed();
    const stream = await started(feed.invalidations({ gpuTypes: ['h100'] }));
    feed.publish(event('MANUAL_INVALIDATION', '*', {}));
    expect(await take(stream, 1)).toMatchObject([{ kind: 'change' }]);
  });
});

describe('the provider stream', () => {
  const slugs = ['acme', 'bolt'];
  const load = (): Promise<string[]> => Promise.resolve(slugs);

  test('names all wanted ones, then those whose status changed, a waiting one once', async () => {
    const feed = createLiveFeed();
    const stream = feed.providers({ slugs, load });
    expect(await take(stream, 2)).toEqual(['acme', 'bolt']);
    for (const slug of ['acme', 'other', 'acme', 'bolt']) {
      feed.publish(event('PROVIDER_STATUS_CHANGED', '*', {}, { resourceId: slug }));
    }
    expect(await take(stream, 2)).toEqual(['acme', 'bolt']);
  });

  test('ends when those that exist cannot be read, and leaves nothing behind', async () => {
    const feed = createLiveFeed();
    await expect(feed.providers({ slugs, load: noDatabase }).next()).rejects.toThrow('no database');
    expect(feed.size()).toBe(0);
  });
});

describe('private streams', () => {
  test('tell a renter only of its own bookings, and an operator of all', async () => {
    const feed = createLiveFeed();
    const own = feed.bookings({ accountId: 'ada', endsAt: inAnHour() });
    const one = feed.bookings({ accountId: null, bookingId: 'b3', endsAt: inAnHour() });
    feed.publish(bookingEvent('bob', 'b1'));
    feed.publish(bookingEvent('ada', 'b2'));
    feed.publish(bookingEvent('bob', 'b3'));
    expect(await take(own, 1)).toMatchObject([{ change: { booking: { id: 'b2' } } }]);
    expect(await take(one, 1)).toMatchObject([{ change: { booking: { id: 'b3' } } }]);
  });

  test('end with an error when the token expires, even when that is months away', async () => {
    const feed = createLiveFeed();
    const sixtyDays = 60 * 86_400_000;
    const stream = feed.events({ endsAt: Date.now() + sixtyDays });
    const next = stream.next().catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(sixtyDays - 1);
    expect(feed.size()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(await next).toMatchObject({ name: 'TokenExpiredError' });
    expect(feed.size()).toBe(0);
  });

  test('of events can be narrowed to types', async () => {
    const feed = createLiveFeed();
    const stream = feed.events({ types: ['PRICING_UPDATED'], endsAt: inAnHour() });
    feed.publish(unitEvent('h100', 'eu'));
    feed.publish(priceEvent('h100', 'eu', 1));
    expect(await take(stream, 1)).toMatchObject([
      { change: { event: { type: 'PRICING_UPDATED' } } },
    ]);
  });
});
