import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Candle } from '../../../src/domain/candle.ts';
import { GLOBAL_REGION, PARTITIONS, partitionOf } from '../../../src/domain/partition.ts';
import { createLiveFeed } from '../../../src/live/live-feed.ts';
import type { LiveFeed } from '../../../src/live/types.ts';
import { BASE, bookEvent, bookingEvent, priceEvent, unitEvent } from './world.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const EU = partitionOf('eu');
const PAIR = { gpuType: 'h100', region: 'eu' };
const LOST = { base: BASE + 5_000_000n, sequence: BASE + 5_000_000n };

function lose(feed: LiveFeed, ...regions: string[]): void {
  for (const region of regions) feed.lose(partitionOf(region), LOST);
}

function inAnHour(): number {
  return Date.now() + 3_600_000;
}

/** All that a stream gives until it is quiet. */
function reading<T>(stream: AsyncIterable<T>): T[] {
  const items: T[] = [];
  void (async () => {
    for await (const item of stream) items.push(item);
  })();
  return items;
}

describe('after events were lost', () => {
  test('a stream starts anew, once for all partitions, and then goes on', async () => {
    const feed = createLiveFeed();
    const items = reading(feed.availability({}));
    await vi.advanceTimersByTimeAsync(0);
    for (let partition = 0; partition < PARTITIONS; partition += 1) feed.lose(partition, LOST);
    for (const [delayMs, sequence] of [
      [0, LOST.sequence + 1n],
      [100, LOST.sequence + 2n],
    ] as const) {
      await vi.advanceTimersByTimeAsync(delayMs);
      feed.publish({ ...unitEvent('h100', 'eu'), base: LOST.base, sequence });
    }
    await vi.advanceTimersByTimeAsync(0);
    expect(items).toMatchObject([
      { kind: 'start', resumed: false },
      { kind: 'start', resumed: false, sequence: LOST.sequence },
      { kind: 'change', sequence: LOST.sequence + 1n },
      { kind: 'change', sequence: LOST.sequence + 2n },
    ]);
  });

  test('no event of a partition comes before the start that tells of its loss', async () => {
    const feed = createLiveFeed();
    const items = reading(feed.availability({}));
    lose(feed, 'us');
    feed.publish(unitEvent('h100', 'eu'));
    lose(feed, 'eu');
    const after = { ...unitEvent('a100', 'eu'), base: LOST.base, sequence: LOST.sequence + 1n };
    feed.publish(after);
    await vi.advanceTimersByTimeAsync(100);
    expect(items.slice(1)).toMatchObject([
      { kind: 'start', resumed: false },
      { kind: 'change', sequence: after.sequence },
    ]);
  });

  test('too many events do not wait for the new start: it comes at once', async () => {
    const feed = createLiveFeed({ queueLimit: 2_000 });
    const stream = feed.availability({ regions: ['us', 'eu'] });
    await stream.next();
    lose(feed, 'eu');
    for (let count = 0; count < 1_000; count += 1) feed.publish(unitEvent('h100', 'us'));
    expect(await stream.next()).toMatchObject({ value: { kind: 'start', resumed: false } });
    expect(await stream.next()).toMatchObject({ value: { kind: 'change' } });
  });

  test('what waited for the client, or was held back, is not given any more', async () => {
    const feed = createLiveFeed();
    const stream = feed.prices({ minIntervalMs: 1000 });
    await stream.next();
    for (const usd of [1, 2, 3]) feed.publish(priceEvent('h100', 'eu', usd));
    lose(feed, 'eu');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await stream.next()).toMatchObject({ value: { kind: 'start', resumed: false } });
    feed.publish(priceEvent('h100', 'eu', 4));
    expect(await stream.next()).toMatchObject({ value: { change: { rateMicros: 4_000_000n } } });
  });

  test('a stream of other regions goes on as if nothing had been', async () => {
    const feed = createLiveFeed();
    const items = reading(feed.availability({ regions: ['us'] }));
    lose(feed, 'eu');
    await vi.advanceTimersByTimeAsync(1_000);
    feed.publish(unitEvent('h100', 'us'));
    await vi.advanceTimersByTimeAsync(0);
    expect(items).toMatchObject([{ kind: 'start' }, { kind: 'change' }]);
  });

  test('private streams end, after what was waiting', async () => {
    const feed = createLiveFeed();
    const streams = [
      feed.bookings({ accountId: 'ada', endsAt: inAnHour() }),
      feed.events({ endsAt: inAnHour() }),
    ];
    const orders = feed.orders({ accountId: 'ada', endsAt: inAnHour() });
    feed.publish(bookingEvent('ada', 'b1'));
    lose(feed, 'eu');
    for (const stream of streams) {
      expect(await stream.next()).toMatchObject({ value: { kind: 'change' } });
      await expect(stream.next()).rejects.toMatchObject({ name: 'CursorExpiredError' });
    }
    await expect(orders.next()).rejects.toMatchObject({ name: 'CursorExpiredError' });
    expect(feed.size()).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('streams of current values give them again', async () => {
    const feed = createLiveFeed();
    const scope = { gpuType: 'h100', region: 'eu' };
    const stats = reading(feed.marketStats(scope));
    const slugs = ['acme', 'bolt'];
    const providers = reading(feed.providers({ slugs: null, load: () => Promise.resolve(slugs) }));
    await vi.advanceTimersByTimeAsync(0);
    lose(feed, 'eu', GLOBAL_REGION);
    await vi.advanceTimersByTimeAsync(0);
    expect(stats).toEqual([scope, scope]);
    expect(providers).toEqual([...slugs, ...slugs]);
  });

  test('a running candle is read again', async () => {
    const feed = createLiveFeed();
    const candles = [2, 2, 7].map((trades) => candleOf(trades));
    const load = (): Promise<Candle | null> => Promise.resolve(candles.shift() ?? null);
    const items = reading(feed.candles({ pair: PAIR, interval: 'H1', load }));
    await vi.advanceTimersByTimeAsync(0);
    lose(feed, 'eu');
    await vi.advanceTimersByTimeAsync(0);
    feed.publish(bookEvent(1, [], { candles: [candleOf(8)] }));
    await vi.advanceTimersByTimeAsync(0);
    expect(items.map(({ trades, closed }) => [trades, closed])).toEqual([
      [2, false],
      [7, false],
      [8, false],
    ]);
    feed.stop();
  });

  test('nothing of an old position is taken for the new one', async () => {
    const feed = createLiveFeed();
    lose(feed, 'eu');
    feed.reach(EU, { base: BASE, sequence: BASE + 1n });
    const [start] = [await feed.availability({}).next()];
    expect(start).toMatchObject({ value: { sequence: LOST.sequence } });
  });
});

function candleOf(trades: number): Candle {
  const micros = 1_000_000n;
  const openTime = Math.floor(Date.now() / 3_600_000) * 3_600_000;
  return {
    interval: 'H1',
    openTime,
    openMicros: micros,
    highMicros: micros,
    lowMicros: micros,
    closeMicros: micros,
    gpuMs: 1n,
    trades,
  };
}
