import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CoalescingWindow } from '../../../../src/server/live-groups/coalescing-window.ts';
import { SharedResult } from '../../../../src/server/live-groups/shared-result.ts';
import { WAITING_LIMIT } from '../../../../src/server/live-groups/waiting-results.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function result(n: number, key: string | null = null): SharedResult {
  return new SharedResult({ data: { n } }, { order: n, cursor: null, key });
}

/** A window, and the batches that it delivered. */
function world(windowMs: number) {
  const batches: number[][] = [];
  const counts = { conflated: 0 };
  const window = new CoalescingWindow({
    windowMs,
    deliver: (results) => void batches.push(results.map(({ told }) => told.order)),
    onConflated: () => {
      counts.conflated += 1;
    },
  });
  return { window, batches, counts };
}

describe('a coalescing window', () => {
  test('of 0 ms delivers every result at once and by itself', () => {
    const { window, batches } = world(0);
    for (const n of [1, 2, 3]) window.add(result(n, 'same key'));
    expect(batches).toEqual([[1], [2], [3]]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('delivers the first at once and what follows together at its end', () => {
    const { window, batches } = world(20);
    for (const n of [1, 2, 3]) window.add(result(n));
    expect(batches).toEqual([[1]]);
    vi.advanceTimersByTime(20);
    expect(batches).toEqual([[1], [2, 3]]);
    window.add(result(4));
    vi.advanceTimersByTime(20);
    expect(batches).toEqual([[1], [2, 3], [4]]);
    vi.advanceTimersByTime(20);
    expect(vi.getTimerCount()).toBe(0);
    window.add(result(5));
    expect(batches.at(-1)).toEqual([5]);
  });

  test('keeps the newest of each key, in the order of their positions', () => {
    const { window, batches, counts } = world(20);
    window.add(result(1, 'a'));
    for (const [n, key] of [
      [2, 'a'],
      [3, 'b'],
      [4, null],
      [5, 'a'],
    ] as const)
      window.add(result(n, key));
    vi.advanceTimersByTime(20);
    expect(batches).toEqual([[1], [3, 4, 5]]);
    expect(counts.conflated).toBe(1);
  });

  test('that is full delivers early and loses nothing', () => {
    const { window, batches } = world(20);
    for (let n = 0; n <= WAITING_LIMIT + 1; n += 1) window.add(result(n));
    expect(batches.map(({ length }) => length)).toEqual([1, WAITING_LIMIT]);
    vi.advanceTimersByTime(20);
    expect(batches.flat()).toEqual(Array.from({ length: WAITING_LIMIT + 2 }, (_, n) => n));
  });

  test('delivers what waits when its stream ends, and nothing when it is stopped', () => {
    const ended = world(20);
    for (const n of [1, 2]) ended.window.add(result(n));
    ended.window.flush();
    expect(ended.batches).toEqual([[1], [2]]);
    const stopped = world(20);
    for (const n of [1, 2]) stopped.window.add(result(n));
    stopped.window.stop();
    vi.advanceTimersByTime(100);
    expect(stopped.batches).toEqual([[1]]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
