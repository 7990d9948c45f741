import { getHeapStatistics } from 'node:v8';
import type { Logger, Running } from '../domain/logger.ts';
import { SECOND_MS } from '../domain/time.ts';
import type { TieredCache } from './types.ts';

/** Above this share of the heap that the process may use, the cache gives way. */
const FULL = 0.85;

/** How much of L1 goes each time: what is still needed comes back from L2. */
const SHED_SHARE = 0.25;

export interface MemoryGuardOptions {
  readonly cache: Pick<TieredCache, 'shed'>;
  readonly logger: Logger;
  /** The share of the heap limit in use, 0–1. */
  readonly heapUse?: () => number;
  readonly everyMs?: number;
}

/** Looks at the heap every second and lets the cache shrink before the process runs out of memory. */
export function startMemoryGuard(options: MemoryGuardOptions): Running {
  const { cache, logger, heapUse = shareInUse, everyMs = SECOND_MS } = options;
  const timer = setInterval(() => {
    const use = heapUse();
    if (use < FULL) return;
    cache.shed(SHED_SHARE);
    logger.warn({ heapUse: use }, 'Memory is short: a part of the cache was dropped.');
  }, everyMs);
  timer.unref();
  return {
    stop: async () => {
      clearInterval(timer);
    },
  };
}

function shareInUse(): number {
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
  return used / limit;
}
