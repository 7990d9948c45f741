import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { candleStart, type Candle } from '../../../src/domain/candle.ts';
import { HOUR_MS, MINUTE_MS } from '../../../src/domain/time.ts';
import { createLiveFeed } from '../../../src/live/live-feed.ts';
import type { LiveFeed } from '../../../src/live/types.ts';
import { bookEvent } from './world.ts';

const NOON = Date.parse('2026-06-01T12:00:00Z');

beforeEach(() => {
  vi.useFakeTimers({ now: NOON + 30_000 });
});

afterEach(() => {
  vi.useRealTimers();
});

function candle(closeUsd: number, over: Partial<Candle> = {}): Candle {
  const micros = BigInt(closeUsd * 1e6);
  return {
    interval: 'M1',
    openTime: NOON,
    openMicros: 1_000_000n,
    highMicros: micros,
    lowMicros: 1_000_000n,
    closeMicros: micros,
    gpuMs: 3_600_000n,
    trades: 1,
    ...over,
  };
}

function noDatabase(): Promise<never> {
  return Promise.reject(new Error('no database'));
}

function openCandles(feed: LiveFeed, running: Candle | null = candle(1)) {
  const load = (): Promise<Candle | null> => Promise.resolve(running);
  const pair = { gpuType: 'h100', region: 'eu' };
  const stream = feed.candles({ pair, interval: 'M1', load });
  return { stream, next: async () => (await stream.next()).value as unknown };
}

test('begins with the running candle, then sends it as it grows, of its market and interval only', async () => {
  const feed = createLiveFeed();
  const { next } = openCandles(feed);
  expect(await next()).toEqual({ ...candle(1), closed: false });
  feed.publish(bookEvent(1, [], { gpuType: 'a100', candles: [candle(7)] }));
  feed.publish(bookEvent(1, [], { candles: [candle(2), candle(8, { interval: 'H1' })] }));
  expect(await next()).toEqual({ ...candle(2), closed: false });
});

test('closes a candle when its time is over, and begins the next one without volume', async () => {
  const feed = createLiveFeed();
  const { next } = openCandles(feed);
  await next();
  feed.publish(bookEvent(1, [], { candles: [candle(3)] }));
  await next();
  await vi.advanceTimersByTimeAsync(MINUTE_MS);
  expect(await next()).toEqual({ ...candle(3), closed: true });
  const empty = { openMicros: 3_000_000n, lowMicros: 3_000_000n, gpuMs: 0n, trades: 0 };
  const quiet = candle(3, { openTime: NOON + MINUTE_MS, ...empty });
  expect(await next()).toEqual({ ...quiet, closed: false });
  await vi.advanceTimersByTimeAsync(MINUTE_MS);
  expect(await next()).toEqual({ ...quiet, closed: true });
});

test('closes a candle before the next one that an event brings', async () => {
  const feed = createLiveFeed();
  const { next } = openCandles(feed);
  await next();
  const following = candle(4, { openTime: NOON + MINUTE_MS });
  feed.publish(bookEvent(1, [], { candles: [following] }));
  expect(await next()).toEqual({ ...candle(1), closed: true });
  expect(await next()).toEqual({ ...following, closed: false });
});

test('corrects a closed candle by a fill that comes late', async () => {
  const feed = createLiveFeed();
  const { next } = openCandles(feed);
  await next();
  await vi.advanceTimersByTimeAsync(MINUTE_MS);
  await next();
  await next();
  feed.publish(bookEvent(1, [], { candles: [candle(5)] }));
  expect(await next()).toEqual({ ...candle(5), closed: true });
});

test('stays silent and open without a price, until there is one', async () => {
  const feed = createLiveFeed();
  const { next } = openCandles(feed, null);
  const first = next();
  await vi.advanceTimersByTimeAsync(HOUR_MS);
  const openTime = candleStart('M1', Date.now());
  feed.publish(bookEvent(1, [], { candles: [candle(2, { openTime })] }));
  expect(await first).toMatchObject({ openTime, closed: false });
});

test('replaces what a slow client has not read by the newest of the same time', async () => {
  const feed = createLiveFeed();
  const { next } = openCandles(feed);
  await next();
  for (const usd of [2, 3, 4]) feed.publish(bookEvent(1, [], { candles: [candle(usd)] }));
  await vi.advanceTimersByTimeAsync(MINUTE_MS);
  expect(await next()).toEqual({ ...candle(4), closed: true });
});

test('ends with the error of a load that fails, and leaves no timer behind', async () => {
  const feed = createLiveFeed();
  const { stream, next } = openCandles(feed);
  await next();
  await stream.return?.();
  const pair = { gpuType: 'h100', region: 'eu' };
  await expect(feed.candles({ pair, interval: 'M1', load: noDatabase }).next()).rejects.toThrow(
    'no database',
  );
  expect(feed.size()).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
});
