import type { CacheEvent, CacheEventType } from '../../src/domain/cache-event.ts';
import type { Db } from '../../src/store/database.ts';

/** What the outbox holds, read as a test needs it. */
export interface OutboxEntry {
  readonly event: CacheEvent;
  readonly publishedAt: number | null;
}

/** A mark from which {@link eventsSince} counts; what waits till then counts as published. */
export async function markOutbox(db: Db): Promise<bigint> {
  const published_at = new Date().toISOString();
  await db.updateTable('outbox').set({ published_at }).where('published_at', 'is', null).execute();
  const row = await db
    .selectFrom('outbox')
    .select(({ fn }) => fn.max('id').as('last'))
    .executeTakeFirstOrThrow();
  return row.last ?? 0n;
}

/** Every row after the mark, oldest first; an event with keys in two partitions has two. */
export async function entriesSince(db: Db, mark: bigint): Promise<OutboxEntry[]> {
  const rows = await db
    .selectFrom('outbox')
    .select(['event', 'published_at'])
    .where('id', '>', mark)
    .orderBy('id')
    .execute();
  return rows.map((row) => ({ event: row.event as CacheEvent, publishedAt: row.published_at }));
}

/** The events after the mark, each once. */
export async function eventsSince(db: Db, mark: bigint): Promise<CacheEvent[]> {
  const entries = await entriesSince(db, mark);
  return [...new Map(entries.map(({ event }) => [event.eventId, event])).values()];
}

/** The types of the events after the mark, sorted, each once. */
export async function typesSince(db: Db, mark: bigint): Promise<CacheEventType[]> {
  const events = await eventsSince(db, mark);
  return [...new Set(events.map((event) => event.type))].toSorted();
}

/** How many rows wait to be published. */
export async function unpublished(db: Db): Promise<number> {
  const rows = await db
    .selectFrom('outbox')
    .select('id')
    .where('published_at', 'is', null)
    .execute();
  return rows.length;
}
