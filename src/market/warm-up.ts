import type { Pair } from '../domain/catalog.ts';
import type { Logger } from '../domain/logger.ts';
import type { MarketReads } from './types.ts';

/** A start is not held up longer than this; what is not loaded by then is loaded when asked for. */
const TIME_LIMIT_MS = 3_000;

/** A pair takes three entries: its summary, its price and its list of units. */
const ENTRIES_PER_PAIR = 3;

/** Pairs read at a time. */
const BATCH = 50;

/**
 * Loads what a node will be asked for first, before it takes traffic: reference data, then summary, price
 * and units of the largest pairs, as many as L1 holds. It only ever saves time: a failure is logged.
 */
export async function warmUp(
  reads: MarketReads,
  options: { readonly maxEntries: number; readonly logger: Logger },
): Promise<void> {
  const { maxEntries, logger } = options;
  const deadline = performance.now() + TIME_LIMIT_MS;
  try {
    const [{ value: catalog }] = await Promise.all([reads.catalog(), reads.providerSlugs()]);
    const pairs = await largestFirst(reads, catalog.pairs);
    const fitting = pairs.slice(0, Math.floor(maxEntries / ENTRIES_PER_PAIR));
    let loaded = 0;
    while (loaded < fitting.length && performance.now() < deadline) {
      const batch = fitting.slice(loaded, loaded + BATCH);
      await Promise.all([reads.prices(batch), reads.unitLists(batch), reads.summaries(batch)]);
      loaded += batch.length;
    }
    logger.info({ pairs: loaded, of: pairs.length }, 'the cache is warm');
  } catch (error) {
    logger.warn({ err: error }, 'the cache could not be warmed up');
  }
}

/** More units draw more readers; equal ones stay in the catalogue's order. */
async function largestFirst(reads: MarketReads, pairs: readonly Pair[]): Promise<Pair[]> {
  const summaries = await reads.summaries(pairs);
  return summaries
    .map(({ value }) => value)
    .toSorted((a, b) => b.total - a.total)
    .map(({ gpuType, region }) => ({ gpuType, region }));
}
