import type { Db } from '../store/database.ts';
import * as store from '../store/ingest-reference-store.ts';
import { databaseNow } from '../store/locks.ts';
import { appendEvents } from '../store/outbox-store.ts';
import { inTransaction } from '../store/transaction.ts';
import type { ReferenceDraft } from './ingest-draft.ts';
import { catalogChanged } from './ingest-events.ts';

/** Rows per statement, and so also new providers per event. */
const BATCH_REFERENCES = 200;

export interface IngestOptions {
  readonly db: Db;
  /** Named in the events as their source. */
  readonly sourceNode: string;
}

/** Cuts a list into runs of at most `size`, in order. */
export function batches<T>(items: readonly T[], size: number): T[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
}

/** Regions, types and providers before the pairs that refer to them; each batch is one transaction. */
export async function ingestReferences(
  options: IngestOptions,
  draft: ReferenceDraft,
): Promise<void> {
  const none: ReferenceDraft = { regions: [], gpuTypes: [], providers: [], pairs: [] };
  for (const part of ['regions', 'gpuTypes', 'providers', 'pairs'] as const) {
    for (const batch of batches<unknown>(draft[part], BATCH_REFERENCES)) {
      await writeReferences(options, { ...none, [part]: batch });
    }
  }
}

async function writeReferences(
  { db, sourceNode }: IngestOptions,
  part: ReferenceDraft,
): Promise<void> {
  await inTransaction(db, async (tx) => {
    const regions = await store.addRegions(tx, part.regions);
    const types = await store.mergeGpuTypes(tx, part.gpuTypes);
    const providers = await store.addProviders(tx, part.providers);
    const pairs = await store.addPairs(tx, part.pairs);
    if (regions.length + types.length + providers.length + pairs === 0) return;
    const now = await databaseNow(tx);
    await appendEvents(tx, [catalogChanged(providers, { sourceNode, now })], now);
  });
}
