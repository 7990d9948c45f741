import type { CollectionOptions, TieredCache } from '../cache/types.ts';
import { candlesKey } from '../domain/cache-key.ts';
import {
  CANDLE_MS,
  MAX_CANDLES,
  candleStart,
  fillGaps,
  oldestKept,
  type Candle,
  type CandleInterval,
} from '../domain/candle.ts';
import { InvalidInputError } from '../domain/errors.ts';
import { MINUTE_MS, type EpochMs, type Interval } from '../domain/time.ts';
import { readCandles, type CandleStretch } from '../store/candle-store.ts';
import type { Snapshot } from '../store/catalog-store.ts';
import type { Db } from '../store/database.ts';
import { orUnavailable } from '../store/failures.ts';
import { databaseNow } from '../store/locks.ts';
import type { MarketReads } from './types.ts';

/** Candles per cached block; a question of {@link MAX_CANDLES} touches a dozen. */
const BLOCK_CANDLES = 200;
/** So long after its end a block is taken to be complete: no transaction that belongs there is under way. */
const SETTLED_AFTER_MS = 2 * MINUTE_MS;

/**
 * Candles by range. What is over for good is read through the cache in aligned blocks, so that equal
 * keys serve any range; the part that may still change is read from the database every time.
 */
export function createCandleReads(cache: TieredCache, db: Db): MarketReads['candles'] {
  const options: CollectionOptions<CandleStretch, readonly Candle[]> = {
    keyOf: ({ pair, interval, range }) => candlesKey(pair, interval, range.start),
    load: (blocks) => orUnavailable(() => loadBlocks(db, blocks)),
  };
  const blocks = cache.collection(options);

  return async (pair, interval, asked) => {
    const range = alignedRange(interval, asked);
    const split = splitRange(interval, range, Date.now() - SETTLED_AFTER_MS);
    const stretches = split.blocks.map((block) => ({ pair, interval, range: block }));
    const [settled, recent] = await Promise.all([
      blocks.getMany(stretches),
      split.recent ? options.load([{ pair, interval, range: split.recent }]) : [],
    ]);
    return [...settled, ...recent]
      .flatMap(({ value }) => value)
      .filter(({ openTime }) => openTime >= range.start && openTime < range.end);
  };
}

/** Outside of these there is no price, and ISO years have other than four digits. */
const [EARLIEST, LATEST] = [0, Date.UTC(9999, 0)];

/** The starts in `[start, end)`, as whole candles. */
function alignedRange(interval: CandleInterval, { start, end }: Interval): Interval {
  if (start > end) {
    throw new InvalidInputError('A range ends after it starts.', ['to'], 'from <= to');
  }
  const step = CANDLE_MS[interval];
  const ceil = (at: EpochMs): EpochMs => Math.ceil(at / step) * step;
  const count = (ceil(end) - ceil(start)) / step;
  if (count > MAX_CANDLES) {
    const message = `This range has ${count} candles of ${interval}; ask for at most ${MAX_CANDLES}.`;
    throw new InvalidInputError(message, ['to'], `at most ${MAX_CANDLES} candles`);
  }
  return { start: ceil(Math.max(start, EARLIEST)), end: ceil(Math.min(end, LATEST)) };
}

/** Whole blocks that are over by `settledBy`, then the rest as one stretch. */
function splitRange(
  interval: CandleInterval,
  range: Interval,
  settledBy: EpochMs,
): { readonly blocks: readonly Interval[]; readonly recent: Interval | null } {
  const size = BLOCK_CANDLES * CANDLE_MS[interval];
  const blocks: Interval[] = [];
  let start = Math.floor(range.start / size) * size;
  for (; start < range.end && start + size <= settledBy; start += size) {
    blocks.push({ start, end: start + size });
  }
  const recent = { start: Math.max(start, range.start), end: range.end };
  return { blocks, recent: recent.start < recent.end ? recent : null };
}

/** A block that is not over yet, by the database's clock, is answered and not kept. */
async function loadBlocks(
  db: Db,
  blocks: readonly CandleStretch[],
): Promise<(Snapshot<readonly Candle[]> & { readonly ttlMs?: number })[]> {
  const asOf = await databaseNow(db);
  const kept = blocks.map((block) => keptPart(block, asOf));
  const rows = await readCandles(db, kept);
  return kept.map(({ interval, range }, index) => {
    const { closeBefore, candles } = rows[index] ?? { closeBefore: null, candles: [] };
    // A tick may have come between the clock and the snapshot: its candle counts as begun.
    const last = Math.max(candleStart(interval, asOf), candles.at(-1)?.openTime ?? 0);
    const end = Math.min(range.end, last + CANDLE_MS[interval]);
    const value = fillGaps(interval, { start: range.start, end }, { closeBefore, candles });
    return range.end + SETTLED_AFTER_MS <= asOf ? { value, asOf } : { value, asOf, ttlMs: 0 };
  });
}

/** Of what retention has removed nothing is said. */
function keptPart({ pair, interval, range }: CandleStretch, now: EpochMs): CandleStretch {
  const start = Math.max(range.start, oldestKept(interval, now));
  return { pair, interval, range: { start: Math.min(start, range.end), end: range.end } };
}
