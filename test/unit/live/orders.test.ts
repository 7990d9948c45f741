import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLiveFeed } from '../../../src/live/live-feed.ts';
import { bookEvent, level, order } from './world.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const HOUR_MS = 3_600_000;

test('orders reach their own renter, also when no level has changed, and the operator', async () => {
  const feed = createLiveFeed();
  const endsAt = Date.now() + HOUR_MS;
  const own = feed.orders({ accountId: 'ada', endsAt });
  const all = feed.orders({ accountId: null, endsAt });
  const one = feed.orders({ accountId: 'ada', orderId: 'a2', endsAt });
  const mine = order('a1', 'ada', { expiresAt: 7, gpusPerUnit: 8, minTrustTier: 'VERIFIED' });
  feed.publish(bookEvent(1, [level('BID', 2, 1)], { orders: [order('b1', 'bob'), mine] }));
  feed.publish(bookEvent(1, [], { orders: [order('a2', 'ada', { status: 'CANCELLED' })] }));
  expect(await own.next()).toMatchObject({ value: { kind: 'change', change: mine } });
  expect(await own.next()).toMatchObject({ value: { change: { id: 'a2', status: 'CANCELLED' } } });
  expect(await one.next()).toMatchObject({ value: { change: { id: 'a2' } } });
  for (const id of ['b1', 'a1', 'a2'])
    expect(await all.next()).toMatchObject({ value: { change: { id } } });
});

test('a stream of orders ends when the token that opened it expires', async () => {
  const feed = createLiveFeed();
  const next = feed.orders({ accountId: 'ada', endsAt: Date.now() + HOUR_MS }).next();
  void vi.advanceTimersByTimeAsync(HOUR_MS);
  await expect(next).rejects.toThrow(/token/);
  expect(feed.size()).toBe(0);
});
