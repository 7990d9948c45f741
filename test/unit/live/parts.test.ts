import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { applyChanges, bookChecksum, type BookLevels } from '../../../src/domain/order-book.ts';
import { createLiveFeed } from '../../../src/live/live-feed.ts';
import { decodeCursor } from '../../../src/live/cursor.ts';
import type { BookItem, LiveFeed, Stream, StreamTold } from '../../../src/live/types.ts';
import { bookEvent, event, level, priceEvent, unitEvent } from './world.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const PAIR = { gpuType: 'h100', region: 'eu' };

interface Told<T> {
  readonly item: T;
  readonly told: StreamTold;
}

/** What a part of a stream gives, with what was told of it. */
function readPart<T>(
  part: (onItem: (told: StreamTold) => void) => LiveFeed,
  open: (feed: LiveFeed) => Stream<T>,
): Told<T>[] {
  const told: StreamTold[] = [];
  const items: Told<T>[] = [];
  const stream = open(part((item) => told.push(item)));
  void (async () => {
    for await (const item of stream) items.push({ item, told: told.shift() as StreamTold });
  })();
  return items;
}

const settled = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

/** What a client has that joins a running tail: its opening, and what the tail gives beyond that. */
function clientOf<T>(feed: LiveFeed, tail: Told<T>[], open: (feed: LiveFeed) => Stream<T>) {
  const at = feed.join();
  const opening = readPart((onItem) => feed.opening(at, onItem), open);
  return (): T[] => {
    const upTo = Math.max(at, ...opening.map(({ told }) => told.order));
    return [...opening, ...tail.filter(({ told }) => told.order > upTo)].map(({ item }) => item);
  };
}

function openUnits(part: LiveFeed) {
  return part.availability({});
}

function openProviders(part: LiveFeed) {
  return part.providers({ slugs: null, load: () => Promise.resolve(['acme', 'bolt']) });
}

describe('the parts of a stream', () => {
  test('an opening is the start alone; a tail has no start', async () => {
    const feed = createLiveFeed();
    const tail = readPart((onItem) => feed.tail(onItem), openUnits);
    feed.publish(unitEvent('h100', 'eu'));
    const client = clientOf(feed, tail, openUnits);
    feed.publish(unitEvent('a100', 'eu'));
    await settled();
    expect(tail).toMatchObject([{ item: { kind: 'change' } }, { item: { kind: 'change' } }]);
    expect(client()).toMatchObject([{ kind: 'start' }, { change: { unit: { gpuType: 'a100' } } }]);
  });

  test('an opening of current values reads them, and a tail only tells of changes', async () => {
    const feed = createLiveFeed();
    const tail = readPart((onItem) => feed.tail(onItem), openProviders);
    await settled();
    expect(tail).toEqual([]);
    const client = clientOf(feed, tail, openProviders);
    feed.publish(event('PROVIDER_STATUS_CHANGED', '*', {}, { resourceId: 'bolt' }));
    await settled();
    expect(client()).toEqual(['acme', 'bolt', 'bolt']);
    expect(tail).toMatchObject([{ told: { key: 'bolt', cursor: null } }]);
  });

  test('tells the cursor after each item, and for a heartbeat where the stream stands', async () => {
    const feed = createLiveFeed();
    const tail = readPart(
      (onItem) => feed.tail(onItem),
      (part) => part.availability({}),
    );
    feed.publish(unitEvent('h100', 'eu'));
    feed.publish(unitEvent('h100', 'us'));
    await vi.advanceTimersByTimeAsync(5_000);
    const cursors = tail.map(({ told }) => decodeCursor(told.cursor ?? '')?.size);
    expect(cursors).toEqual([1, 2, 2]);
    expect(tail[0]?.item).toMatchObject({ cursor: tail[0]?.told.cursor });
  });
});

describe('a tail of prices', () => {
  test('gives ticks in the order of the log, so that no cursor passes over one held back', async () => {
    const feed = createLiveFeed();
    const tail = readPart(
      (onItem) => feed.tail(onItem),
      (part) => part.prices({ minIntervalMs: 1000 }),
    );
    feed.publish(priceEvent('h100', 'eu', 1));
    feed.publish(priceEvent('h100', 'eu', 2));
    feed.publish(priceEvent('h100', 'us', 3));
    await settled();
    expect(tail).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1_000);
    feed.publish(priceEvent('h100', 'eu', 4));
    feed.publish(priceEvent('h100', 'us', 5));
    feed.publish(priceEvent('h100', 'eu', 6));
    await vi.advanceTimersByTimeAsync(1_000);
    const usd = tail.map(({ item }) => item.kind === 'change' && Number(item.change.rateMicros));
    expect(usd).toEqual([1, 2, 3, 5, 6].map((price) => price * 1e6));
    const orders = tail.map(({ told }) => told.order);
    expect(orders).toEqual(orders.toSorted((a, b) => a - b));
  });

  test('has no cursor for a heartbeat while a tick is held back', async () => {
    const feed = createLiveFeed();
    const tail = readPart(
      (onItem) => feed.tail(onItem),
      (part) => part.prices({ minIntervalMs: 60_000 }),
    );
    feed.publish(priceEvent('h100', 'eu', 1));
    feed.publish(priceEvent('h100', 'eu', 2));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(tail.at(-1)).toMatchObject({ item: { kind: 'heartbeat' }, told: { cursor: null } });
  });
});

describe('a tail of a book', () => {
  test('goes on from the snapshot of whoever joins, whenever that is', async () => {
    const feed = createLiveFeed();
    const none: BookLevels = { bids: [], asks: [] };
    const load = () => Promise.resolve({ ...PAIR, ...none, sequence: 0n, at: 0 });
    const open = (part: LiveFeed) =>
      part.orderBook({ pair: PAIR, depth: 3, intervalMs: 100, load });
    const tail = readPart((onItem) => feed.tail(onItem), open);
    const clients: (() => BookItem[])[] = [];
    for (let sequence = 1; sequence <= 120; sequence += 1) {
      if (sequence % 7 === 0) clients.push(clientOf(feed, tail, open));
      feed.publish(bookEvent(sequence, [level('BID', (sequence * 7) % 11, (sequence * 5) % 4)]));
      if (sequence % 3 === 0) clients.push(clientOf(feed, tail, open));
      await vi.advanceTimersByTimeAsync((sequence * 37) % 150);
      if (sequence % 5 === 0) clients.push(clientOf(feed, tail, open));
    }
    await vi.advanceTimersByTimeAsync(5_200);
    for (const client of clients) expect(follow(client())).toBe(120n);
    feed.stop();
  });
});

/** Applies items as a client does, and gives the sequence that it comes to. */
function follow([first, ...rest]: BookItem[]): bigint {
  if (first?.kind !== 'snapshot') throw new Error('no snapshot first');
  let book: BookLevels = first;
  let { sequence } = first;
  for (const item of rest) {
    if (item.kind === 'snapshot') throw new Error('a second snapshot');
    if (item.kind === 'delta') {
      expect(item.previousSequence).toBe(sequence);
      book = applyChanges(book, item.changes);
    }
    ({ sequence } = item);
    expect(item.checksum).toBe(bookChecksum(book));
  }
  return sequence;
}
