import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startMemoryGuard } from '../../../src/cache/memory-guard.ts';
import type { Logger } from '../../../src/domain/logger.ts';

const warnings: unknown[] = [];
const logger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: (fields) => warnings.push(fields),
  error: () => undefined,
};

beforeEach(() => {
  vi.useFakeTimers();
  warnings.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the memory guard', () => {
  it('lets the cache shrink as long as the heap is nearly full, and stops when it is told to', async () => {
    const shed: number[] = [];
    let use = 0.84;
    const cache = { shed: (share: number) => shed.push(share) };
    const guard = startMemoryGuard({ cache, logger, heapUse: () => use });
    vi.advanceTimersByTime(5000);
    expect(shed).toEqual([]);
    use = 0.86;
    vi.advanceTimersByTime(2000);
    expect(shed).toEqual([0.25, 0.25]);
    expect(warnings).toEqual([{ heapUse: 0.86 }, { heapUse: 0.86 }]);
    await guard.stop();
    await guard.stop();
    vi.advanceTimersByTime(5000);
    expect(shed).toHaveLength(2);
  });

  it('reads the heap of this process by itself', async () => {
    const shed: number[] = [];
    const guard = startMemoryGuard({ cache: { shed: (share) => shed.push(share) }, logger });
    vi.advanceTimersByTime(1000);
    await guard.stop();
    expect(shed).toEqual([]);
  });
});
