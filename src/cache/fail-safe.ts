import { StoreUnavailableError } from '../domain/errors.ts';
import type { NodeMemory } from './node-memory.ts';
import type { CacheKey } from '../domain/cache-key.ts';
import type { Cached } from './types.ts';

/** A load that takes longer than this goes on for later readers. */
const SOFT_TIMEOUT_MS = 500;

/**
 * The answer of a load, or, where the system of record is away or slow, what memory still holds that
 * has died of nothing but its age, marked as degraded. Without such a value: the load's own end.
 */
export async function orLastResort<V>(
  memory: NodeMemory,
  key: CacheKey,
  load: Promise<Cached<V>>,
): Promise<Cached<V>> {
  if (!memory.mayHaveLastResort(key)) return load;
  let timer: NodeJS.Timeout | undefined;
  const slow = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, SOFT_TIMEOUT_MS, null);
  });
  const lastResort = (): Cached<V> | null => memory.lastResort(key) as Cached<V> | null;
  try {
    return (await Promise.race([load, slow])) ?? lastResort() ?? (await load);
  } catch (error) {
    const last = error instanceof StoreUnavailableError ? lastResort() : null;
    if (last) return last;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
