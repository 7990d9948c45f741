import { describe, expect, test } from 'vitest';
import { LeakyBuckets } from '../../../src/server/leaky-bucket.ts';

function world(maxBuckets = 10): { now: number; buckets: LeakyBuckets } {
  const state = { now: 0 };
  const buckets = new LeakyBuckets({
    capacity: 1000,
    restorePerSecond: 100,
    clock: () => state.now,
    maxBuckets,
  });
  return Object.assign(state, { buckets });
}

describe('a leaky bucket', () => {
  test('gives what it holds and refuses the rest, taking nothing', () => {
    const { buckets } = world();
    expect(buckets.take('ada', 900)).toEqual({
      allowed: true,
      remaining: 100,
      resetAt: 9_000,
      retryAfterMs: 0,
    });
    expect(buckets.take('ada', 101)).toEqual({
      allowed: false,
      remaining: 100,
      resetAt: 9_000,
      retryAfterMs: 10,
    });
    expect(buckets.take('ada', 100)).toMatchObject({ allowed: true, remaining: 0 });
  });

  test('gets its points back steadily, up to its size', () => {
    const state = world();
    state.buckets.take('ada', 1000);
    state.now = 500;
    expect(state.buckets.take('ada', 0).remaining).toBe(50);
    state.now = 100_000;
    expect(state.buckets.take('ada', 0).remaining).toBe(1000);
  });

  test('belongs to one key', () => {
    const { buckets } = world();
    buckets.take('ada', 1000);
    expect(buckets.take('bob', 1000).allowed).toBe(true);
  });

  test('of whoever has not come for longest is forgotten first', () => {
    const { buckets } = world(2);
    buckets.take('ada', 1000);
    buckets.take('bob', 1000);
    buckets.take('ada', 0);
    buckets.take('cleo', 0);
    expect(buckets.take('ada', 1).allowed).toBe(false);
  });
});
