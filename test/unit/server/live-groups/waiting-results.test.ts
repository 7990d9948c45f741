import { describe, expect, test } from 'vitest';
import { SharedResult } from '../../../../src/server/live-groups/shared-result.ts';
import {
  WAITING_CHARACTERS,
  WAITING_LIMIT,
  WaitingResults,
} from '../../../../src/server/live-groups/waiting-results.ts';

function result(order: number, key: string | null = null, characters = 0): SharedResult {
  const data = { text: 'x'.repeat(characters) };
  return new SharedResult({ data }, { order, cursor: null, key });
}

function ordersOf(waiting: WaitingResults): number[] {
  return waiting.takeAll().map(({ told }) => told.order);
}

describe('results that wait', () => {
  test('are taken in their order, a replaced one where the newer came', () => {
    const waiting = new WaitingResults();
    expect(waiting.add(result(1, 'a'))).toBe('added');
    expect(waiting.add(result(2))).toBe('added');
    expect(waiting.add(result(3))).toBe('added');
    expect(waiting.add(result(4, 'a'))).toBe('replaced');
    expect(waiting.take()?.told.order).toBe(2);
    expect(ordersOf(waiting)).toEqual([3, 4]);
    expect(waiting.take()).toBeNull();
  });

  test('are bounded in number', () => {
    const waiting = new WaitingResults();
    for (let n = 0; n < WAITING_LIMIT; n += 1) expect(waiting.add(result(n))).toBe('added');
    expect(waiting.add(result(-1))).toBe('full');
    expect(waiting.size).toBe(WAITING_LIMIT);
    waiting.take();
    expect(waiting.add(result(-2))).toBe('added');
  });

  test('are bounded in size, and one that is larger than that waits alone', () => {
    const waiting = new WaitingResults();
    const half = WAITING_CHARACTERS / 2;
    expect(waiting.add(result(1, null, WAITING_CHARACTERS))).toBe('added');
    expect(waiting.add(result(2))).toBe('full');
    waiting.clear();
    expect(waiting.add(result(3, 'a', half))).toBe('added');
    expect(waiting.add(result(4, 'a', half))).toBe('replaced');
    expect(waiting.add(result(5, null, half))).toBe('full');
    waiting.take();
    expect(waiting.add(result(6, null, half))).toBe('added');
    expect(ordersOf(waiting)).toEqual([6]);
  });
});
