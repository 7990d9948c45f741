import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { applyChanges, bookChecksum, topLevels } from '../../../src/domain/order-book.ts';
import type { BookLevels } from '../../../src/domain/order-book.ts';
import { createLiveFeed } from '../../../src/live/live-feed.ts';
import type { BookItem } from '../../../src/live/types.ts';
import { bookEvent, level } from './world.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const PAIR = { gpuType: 'h100', region: 'eu' };
const EMPTY: BookLevels = { bids: [], asks: [] };

test('a depth-limited view that follows its deltas always has the checksum of the real book', async () => {
  const feed = createLiveFeed();
  const load = () => Promise.resolve({ ...PAIR, ...EMPTY, sequence: 0n, at: 0 });
  const stream = feed.orderBook({ pair: PAIR, depth: 3, intervalMs: 100, load });
  const next = async () => (await stream.next()).value as BookItem;
  await next();
  let whole = EMPTY;
  let view = EMPTY;
  for (let sequence = 1; sequence <= 300; sequence += 1) {
    const side = sequence % 3 === 0 ? 'ASK' : 'BID';
    const changes = [level(side, (sequence * 7) % 11, (sequence * 5) % 4)];
    whole = applyChanges(whole, changes);
    feed.publish(bookEvent(sequence, changes));
    await vi.advanceTimersByTimeAsync(100);
    const item = await next();
    if (item.kind === 'delta') view = applyChanges(view, item.changes);
    expect(item).toMatchObject({ kind: 'delta', sequence: BigInt(sequence) });
    expect(view).toEqual(topLevels(whole, 3));
    expect(item.checksum).toBe(bookChecksum(view));
  }
});
