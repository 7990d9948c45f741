import { keyText, priceKey, type CacheKey } from '../domain/cache-key.ts';
import type { CacheNamespace } from '../domain/cache-namespace.ts';
import { CANDLE_INTERVALS, candleParts, oldestKept, type CandlePart } from '../domain/candle.ts';
import type { Pair } from '../domain/catalog.ts';
import type { Micros } from '../domain/money.ts';
import { GLOBAL_REGION } from '../domain/partition.ts';
import type { EpochMs } from '../domain/time.ts';
import { addCandleParts } from '../store/candle-store.ts';
import { databaseNow, lockBooks } from '../store/locks.ts';
import { appendEvents } from '../store/outbox-store.ts';
import { inTransaction } from '../store/transaction.ts';
import type { EventDraft } from './event-drafts.ts';
import { eventOf } from './ingest-events.ts';
import { batches, type IngestOptions } from './ingest-references.ts';

/** Candles per statement. */
const BATCH_CANDLES = 1000;
/** Keys that one event may carry. */
const BATCH_KEYS = 200;

/** What a source knows of a pair's prices, as it tells them: of equal instants the last one closes. */
export interface HistoryDraft {
  readonly pair: Pair;
  readonly prices: readonly { readonly rateMicros: Micros; readonly at: EpochMs }[];
}

/** Adds prices to a pair's candles, those of the future left out. Returns how many candles have them. */
export async function ingestHistory(
  { db }: IngestOptions,
  { pair, prices }: HistoryDraft,
): Promise<number> {
  return await inTransaction(db, async (tx) => {
    await lockBooks(tx, [pair]);
    const parts = partsOf(prices, await databaseNow(tx));
    for (const batch of batches(parts, BATCH_CANDLES)) await addCandleParts(tx, pair, batch);
    return parts.length;
  });
}

/** Only what is kept that long: retention would remove the rest within the minute. */
function partsOf(prices: HistoryDraft['prices'], now: EpochMs): CandlePart[] {
  const ticks = prices
    .filter(({ at }) => at <= now)
    .map(({ rateMicros, at }) => ({ rateMicros, at, gpuMs: 0n, trades: 0 as const }));
  return CANDLE_INTERVALS.flatMap((interval) => {
    const since = oldestKept(interval, now);
    return candleParts(interval, ticks).filter(({ openTime }) => openTime >= since);
  });
}

/**
 * Tells nodes that history and what follows from it is another than they have cached. Once after all of
 * it, and also when an import is repeated: the one before may have ended before it could tell.
 */
export async function tellHistory(options: IngestOptions, pairs: readonly Pair[]): Promise<void> {
  const prices = batches(pairs.map(priceKey), BATCH_KEYS).map((keys) =>
    invalidation('GPU_PRICING', keys),
  );
  await inTransaction(options.db, async (tx) => {
    const now = await databaseNow(tx);
    const origin = { sourceNode: options.sourceNode, now };
    const drafts = [invalidation('HISTORICAL', []), ...prices];
    await appendEvents(
      tx,
      drafts.map((draft) => eventOf(draft, origin)),
      now,
    );
  });
}

/** Without keys: the whole namespace, in every partition. */
function invalidation(namespace: CacheNamespace, keys: readonly CacheKey[]): EventDraft {
  const [first] = keys;
  return {
    type: 'MANUAL_INVALIDATION',
    resourceId: first ? keyText(first) : namespace,
    data: { namespace, reason: 'IMPORTED' },
    affectedNamespaces: [namespace],
    keys,
    region: first?.region ?? GLOBAL_REGION,
    version: null,
  };
}
