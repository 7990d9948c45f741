import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  applyChanges,
  bookChecksum,
  type BookLevels,
  type OrderBook,
} from '../../../src/domain/order-book.ts';
import { partitionOf } from '../../../src/domain/partition.ts';
import { createLiveFeed } from '../../../src/live/live-feed.ts';
import type { BookItem, BookStreamOptions, LiveFeed } from '../../../src/live/types.ts';
import { BASE, bookEvent, level } from './world.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const PAIR = { gpuType: 'h100', region: 'eu' };
const EMPTY: BookLevels = { bids: [], asks: [] };

function book(sequence: number, levels: BookLevels = EMPTY): OrderBook {
  return { ...PAIR, ...levels, sequence: BigInt(sequence), at: 0 };
}

function noDatabase(): Promise<never> {
  return Promise.reject(new Error('no database'));
}

type Asked = Partial<Omit<BookStreamOptions, 'pair'>>;

function openBook(feed: LiveFeed, { depth = 10, intervalMs = 100, load }: Asked = {}) {
  const stream = feed.orderBook({
    pair: PAIR,
    depth,
    intervalMs,
    load: load ?? (() => Promise.resolve(book(0))),
  });
  return { stream, next: async () => (await stream.next()).value as BookItem };
}

describe('a stream of an order book', () => {
  test('begins with the book down to its depth, then sends what has changed in that depth', async () => {
    const feed = createLiveFeed();
    const bids = [2, 1].map((usd) => level('BID', usd, 1));
    const { next } = openBook(feed, {
      depth: 1,
      load: () => Promise.resolve(book(7, applyChanges(EMPTY, bids))),
    });
    expect(await next()).toMatchObject({
      kind: 'snapshot',
      sequence: 7n,
      bids: [{ rateMicros: 2_000_000n }],
      asks: [],
    });
    feed.publish(bookEvent(8, [level('BID', 2, 0), level('ASK', 3, 4)]));
    await vi.advanceTimersByTimeAsync(100);
    expect(await next()).toMatchObject({
      kind: 'delta',
      previousSequence: 7n,
      sequence: 8n,
      changes: [
        { side: 'BID', rateMicros: 1_000_000n, gpuCount: 1 },
        { side: 'BID', rateMicros: 2_000_000n, gpuCount: 0, orderCount: 0 },
        { side: 'ASK', rateMicros: 3_000_000n, gpuCount: 4 },
      ],
    });
  });

  test('sends the first change after a quiet interval at once, the others together at its end', async () => {
    const feed = createLiveFeed();
    const { next } = openBook(feed, { intervalMs: 1000 });
    await next();
    await vi.advanceTimersByTimeAsync(1000);
    feed.publish(bookEvent(1, [level('BID', 1, 1)]));
    expect(await next()).toMatchObject({ previousSequence: 0n, sequence: 1n });
    feed.publish(bookEvent(2, [level('BID', 1, 2)]));
    feed.publish(bookEvent(3, [level('BID', 1, 3)]));
    const waiting = next();
    let isSent = false;
    void waiting.then(() => (isSent = true));
    await vi.advanceTimersByTimeAsync(999);
    expect(isSent).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await waiting).toMatchObject({
      previousSequence: 1n,
      sequence: 3n,
      changes: [{ gpuCount: 3 }],
    });
  });

  test('lets the sequence follow changes below its depth', async () => {
    const feed = createLiveFeed();
    const asks = applyChanges(EMPTY, [level('ASK', 1, 1)]);
    const { next } = openBook(feed, { depth: 1, load: () => Promise.resolve(book(0, asks)) });
    await next();
    feed.publish(bookEvent(1, [level('ASK', 9, 1)]));
    await vi.advanceTimersByTimeAsync(100);
    expect(await next()).toMatchObject({ previousSequence: 0n, sequence: 1n, changes: [] });
  });

  test('hears nothing of updates without a change of levels, of repetitions and of other books', async () => {
    const feed = createLiveFeed();
    const { next } = openBook(feed, { load: () => Promise.resolve(book(5)) });
    await next();
    feed.publish(bookEvent(5, []));
    feed.publish(bookEvent(5, [level('BID', 1, 1)]));
    feed.publish(bookEvent(6, [level('BID', 1, 1)], { gpuType: 'a100' }));
    feed.publish(bookEvent(6, [level('BID', 2, 1)]));
    await vi.advanceTimersByTimeAsync(100);
    expect(await next()).toMatchObject({
      previousSequence: 5n,
      sequence: 6n,
      changes: [{ rateMicros: 2_000_000n }],
    });
  });

  test('applies what came while the book was loading, as far as the book does not hold it', async () => {
    const feed = createLiveFeed();
    const loading = Promise.withResolvers<OrderBook>();
    const { next } = openBook(feed, { load: () => loading.promise });
    const first = next();
    feed.publish(bookEvent(3, [level('BID', 3, 1)]));
    feed.publish(bookEvent(4, [level('BID', 4, 1)]));
    loading.resolve(book(3, applyChanges(EMPTY, [level('BID', 3, 1)])));
    expect(await first).toMatchObject({ kind: 'snapshot', sequence: 4n, bids: [{}, {}] });
  });

  test('loads the book again where an update is missing, and sends it whole', async () => {
    const feed = createLiveFeed();
    const books = [book(1), book(4)];
    const { next } = openBook(feed, { load: () => Promise.resolve(books.shift() ?? book(9)) });
    await next();
    await vi.advanceTimersByTimeAsync(100);
    feed.publish(bookEvent(3, [level('BID', 1, 1)]));
    await vi.advanceTimersByTimeAsync(100);
    expect(await next()).toMatchObject({ kind: 'snapshot', sequence: 4n });
    feed.publish(bookEvent(5, [level('BID', 1, 5)]));
    await vi.advanceTimersByTimeAsync(100);
    expect(await next()).toMatchObject({ kind: 'delta', previousSequence: 4n, sequence: 5n });
  });

  test('sends the book whole after the node has lost events of its region', async () => {
    const feed = createLiveFeed();
    const books = [book(1), book(2)];
    const { next } = openBook(feed, { load: () => Promise.resolve(books.shift() ?? book(9)) });
    await next();
    const item = next();
    feed.lose((partitionOf('eu') + 1) % 16, { base: BASE, sequence: BASE + 9n });
    feed.lose(partitionOf('eu'), { base: BASE, sequence: BASE + 9n });
    expect(await item).toMatchObject({ kind: 'snapshot', sequence: 2n });
  });

  test('beats every 5 s when quiet, with the sequence and checksum of what the client holds', async () => {
    const feed = createLiveFeed();
    const { next } = openBook(feed);
    await next();
    feed.publish(bookEvent(1, [level('ASK', 2, 8), level('BID', 1.95, 3)]));
    await vi.advanceTimersByTimeAsync(100);
    const { checksum } = await next();
    expect(checksum).toBe(
      bookChecksum(applyChanges(EMPTY, [level('ASK', 2, 8), level('BID', 1.95, 3)])),
    );
    const beat = next();
    await vi.advanceTimersByTimeAsync(5000);
    expect(await beat).toMatchObject({ kind: 'heartbeat', sequence: 1n, checksum });
  });
});

describe('a client that reads slowly', () => {
  test('is sent every step, so that another can begin at any of them, or is ended', async () => {
    const feed = createLiveFeed({ queueLimit: 50 });
    const { next } = openBook(feed);
    await next();
    for (let sequence = 1; sequence <= 60; sequence += 1) {
      feed.publish(bookEvent(sequence, [level('BID', sequence, 1)]));
      await vi.advanceTimersByTimeAsync(100);
    }
    // The first view went out with the snapshot, to which the tail owes nothing.
    for (let sequence = 1; sequence <= 49; sequence += 1)
      expect(await next()).toMatchObject({ kind: 'delta', previousSequence: BigInt(sequence - 1) });
    await expect(next()).rejects.toThrow(/subscribe again/);
  });
});

describe('equal streams', () => {
  test('share one load, and each begins with a snapshot of the newest view', async () => {
    const feed = createLiveFeed();
    const load = vi.fn<BookStreamOptions['load']>(() => Promise.resolve(book(0)));
    const first = openBook(feed, { load });
    await first.next();
    feed.publish(bookEvent(1, [level('BID', 1, 1)]));
    await vi.advanceTimersByTimeAsync(100);
    const second = openBook(feed, { load });
    expect(await second.next()).toMatchObject({ kind: 'snapshot', sequence: 1n });
    feed.publish(bookEvent(2, [level('BID', 1, 2)]));
    await vi.advanceTimersByTimeAsync(100);
    expect(await first.next()).toMatchObject({ previousSequence: 0n, sequence: 1n });
    expect(await first.next()).toMatchObject({ previousSequence: 1n, sequence: 2n });
    expect(await second.next()).toMatchObject({ previousSequence: 1n, sequence: 2n });
    expect(load).toHaveBeenCalledTimes(1);
  });

  test('are let go of one by one, and the last one takes the timers along', async () => {
    const feed = createLiveFeed();
    const streams = [openBook(feed), openBook(feed)];
    for (const { next } of streams) await next();
    expect(feed.size()).toBe(2);
    const waiting = streams[0]?.next();
    for (const { stream } of streams) await stream.return?.();
    expect(await waiting).toBeUndefined();
    expect(feed.size()).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('end with the feed, and new ones end at once', async () => {
    const feed = createLiveFeed();
    const { stream, next } = openBook(feed);
    await next();
    feed.stop();
    expect(await stream.next()).toMatchObject({ done: true });
    expect(await openBook(feed).stream.next()).toMatchObject({ done: true });
    expect(vi.getTimerCount()).toBe(0);
  });

  test('all end with the error of a load that fails', async () => {
    const feed = createLiveFeed();
    const load = noDatabase;
    const waiting = [openBook(feed, { load }), openBook(feed, { load })].map(({ next }) => next());
    for (const item of waiting) await expect(item).rejects.toThrow('no database');
    expect(feed.size()).toBe(0);
  });
});
