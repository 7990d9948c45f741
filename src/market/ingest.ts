import type { Pair } from '../domain/catalog.ts';
import type { CacheEvent } from '../domain/cache-event.ts';
import { currentStatus, unitId } from '../domain/gpu.ts';
import type { Micros } from '../domain/money.ts';
import { lowerMedian } from '../domain/price.ts';
import type { EpochMs } from '../domain/time.ts';
import type { Db, Tx } from '../store/database.ts';
import { readProviderStatuses } from '../store/ingest-reference-store.ts';
import * as store from '../store/ingest-store.ts';
import { databaseNow, lockBooks } from '../store/locks.ts';
import { appendEvents } from '../store/outbox-store.ts';
import { readPairPrice, writePairPrice } from '../store/price-store.ts';
import { inTransaction } from '../store/transaction.ts';
import { lockUnitRows } from '../store/unit-write-store.ts';
import { BookChange } from './book/book-change.ts';
import { marketStatsUpdated } from './event-drafts.ts';
import type { IngestCounts, PairDraft, ReferenceDraft, UnitDraft } from './ingest-draft.ts';
import { eventOf, priceChanged, unitsChanged, type EventOrigin } from './ingest-events.ts';
import { ingestHistory, tellHistory, type HistoryDraft } from './ingest-history.ts';
import * as plans from './ingest-plan.ts';
import { batches, ingestReferences, type IngestOptions } from './ingest-references.ts';

/** Units per transaction: bounds how long a book is locked and how many keys one event carries. */
const BATCH_UNITS = 200;

/**
 * Writes a catalogue into the store. Idempotent: what the database says already is not written, not
 * versioned and not published. Nodes hear of the rest through the outbox.
 */
export interface Ingest {
  /** Whether the database has no unit yet. */
  isEmpty(): Promise<boolean>;
  /** Adds what is missing of types, regions, providers and pairs; units may then refer to it. */
  references(draft: ReferenceDraft): Promise<void>;
  /** Adds and changes units and their offers, pauses surplus ones, then sets the pair's price. */
  pair(draft: PairDraft): Promise<IngestCounts>;
  /** Adds prices of the past to a pair's candles; returns how many. The pair is there. */
  history(draft: HistoryDraft): Promise<number>;
  /** After all history: nodes forget what they have cached of it. */
  tellHistory(pairs: readonly Pair[]): Promise<void>;
}

export function createIngest(options: IngestOptions): Ingest {
  let lastCreatedAt: EpochMs = 0;
  /** Strictly growing, so that units keep their source's order under CREATED_AT. */
  const createdAt = (now: EpochMs): EpochMs => {
    lastCreatedAt = Math.max(now, lastCreatedAt + 1);
    return lastCreatedAt;
  };
  return {
    isEmpty: async () => !(await store.hasUnits(options.db)),
    references: (draft) => ingestReferences(options, draft),
    history: (draft) => ingestHistory(options, draft),
    tellHistory: (pairs) => tellHistory(options, pairs),
    pair: async (draft) => {
      const counts = { added: 0, changed: 0, paused: 0, unchanged: 0 };
      for (const items of batches(await itemsOf(options.db, draft), BATCH_UNITS)) {
        const plan = await ingestBatch(options, draft.pair, items, createdAt);
        counts.added += plan?.added.length ?? 0;
        counts.paused += plan?.paused.length ?? 0;
        counts.changed += plan ? plans.changedIds(plan).length - plan.paused.length : 0;
      }
      const { added, changed } = counts;
      return { ...counts, unchanged: draft.units.length - added - changed };
    },
  };
}

/** The draft's units, then the active ones of its series that it does not name any more. */
async function itemsOf(db: Db, draft: PairDraft): Promise<plans.IngestItem[]> {
  const wanted = draft.units.map((unit) => ({
    provider: unit.provider,
    sourceKey: unit.sourceKey,
    draft: unit,
  }));
  if (draft.series.length === 0) return wanted;
  const names = new Set(wanted.map(plans.sourceName));
  const series = new Set(
    draft.series.map(({ provider, key }) => plans.sourceName({ provider, sourceKey: key })),
  );
  const surplus = (await store.activeSources(db, draft.pair)).filter(
    ({ provider, sourceKey }) =>
      !names.has(plans.sourceName({ provider, sourceKey })) &&
      series.has(
        plans.sourceName({ provider, sourceKey: sourceKey.slice(0, sourceKey.lastIndexOf('/')) }),
      ),
  );
  return [
    ...wanted,
    ...surplus.map(({ provider, sourceKey }) => ({ provider, sourceKey, draft: null })),
  ];
}

/** One batch in one transaction under the locks of a booking; null when there was nothing to write. */
async function ingestBatch(
  { db, sourceNode }: IngestOptions,
  pair: Pair,
  items: readonly plans.IngestItem[],
  createdAt: (now: EpochMs) => EpochMs,
): Promise<plans.IngestPlan | null> {
  const candidates = ownUnits(pair, await store.findUnitsBySource(db, items));
  if (plans.isSettled(plans.planIngest(items, candidates))) return null;
  return await inTransaction(db, async (tx) => {
    await lockBooks(tx, [pair]);
    await lockUnitRows(
      tx,
      (await store.findUnitsBySource(tx, items)).map((unit) => unit.id),
    );
    const plan = plans.planIngest(items, ownUnits(pair, await store.findUnitsBySource(tx, items)));
    if (plans.isSettled(plan)) return null;
    const now = await databaseNow(tx);
    const origin = { sourceNode, now };
    const price = await readPairPrice(tx, pair);
    const added = await addUnits(tx, pair, plan.added, () => createdAt(now));
    await store.updateUnits(tx, plan.rescaled);
    await store.putOffers(
      tx,
      [...added, ...plan.reoffered].map(({ id, draft }) =>
        plans.offerRow(id, draft, price?.multiplierMillionths ?? 1_000_000n),
      ),
    );
    await store.pauseOffers(tx, plan.paused);
    const unitIds = [...added.map((unit) => unit.id), ...plans.changedIds(plan)];
    const providers = [...new Set(plan.added.map((draft) => draft.provider))];
    const book = new BookChange(pair);
    book.touchUnits(unitIds, true);
    const repriced = await updatePairPrice(tx, pair, price, { book, origin });
    const units = unitsChanged(pair, unitIds, providers, origin);
    const { draft } = await book.write(tx, now);
    const followUps = [draft, marketStatsUpdated(pair)].map((one) => eventOf(one, origin));
    await appendEvents(tx, [units, ...repriced, ...followUps], now);
    return plan;
  });
}

/** A unit's id carries its pair, so a source key that means a unit of another pair is a caller's mistake. */
function ownUnits(pair: Pair, units: readonly store.StoredUnit[]): readonly store.StoredUnit[] {
  const stranger = units.find(
    (unit) => unit.gpu_type !== pair.gpuType || unit.region !== pair.region,
  );
  if (stranger)
    throw new Error(`the source key ${stranger.source_key} already names ${stranger.id}`);
  return units;
}

async function addUnits(
  tx: Tx,
  pair: Pair,
  drafts: readonly UnitDraft[],
  createdAt: () => EpochMs,
): Promise<{ id: string; draft: UnitDraft }[]> {
  if (drafts.length === 0) return [];
  const statuses = await readProviderStatuses(tx, [
    ...new Set(drafts.map((draft) => draft.provider)),
  ]);
  const first = await store.takeUnitNumbers(tx, pair, drafts.length);
  const added = drafts.map((draft, index) => ({ id: unitId(pair, first + index), draft }));
  const rows = added.map(({ id, draft }) => {
    const current_status = currentStatus(
      'AVAILABLE',
      statuses.get(draft.provider) ?? 'ONLINE',
      null,
    );
    return plans.unitRow(draft, { id, current_status, created_at: createdAt() });
  });
  await store.insertUnits(tx, pair, rows);
  return added;
}

/** The lower median of what the pair's active offers ask; without one the last price stands. */
async function updatePairPrice(
  tx: Tx,
  pair: Pair,
  price: { readonly rateMicros: Micros | null; readonly multiplierMillionths: bigint } | null,
  { book, origin }: { readonly book: BookChange; readonly origin: EventOrigin },
): Promise<CacheEvent[]> {
  const rateMicros = lowerMedian(await store.activeRates(tx, pair));
  const previousMicros = price?.rateMicros ?? null;
  if (rateMicros === null || price === null || rateMicros === previousMicros) return [];
  const { multiplierMillionths } = price;
  await writePairPrice(
    tx,
    pair,
    { rateMicros, multiplierMillionths },
    { now: origin.now, heldUntil: null },
  );
  book.addPrice(rateMicros, origin.now);
  return [priceChanged({ ...pair, rateMicros, previousMicros }, origin)];
}
