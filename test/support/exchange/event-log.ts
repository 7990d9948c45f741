import { sql } from 'kysely';
import type { BookData } from '../../../src/domain/book-data.ts';
import { bookFromJson } from '../../../src/domain/book-data.ts';
import type { CacheEvent } from '../../../src/domain/cache-event.ts';
import type { Pair } from '../../../src/domain/catalog.ts';
import { applyChanges, bookChecksum, type BookLevels } from '../../../src/domain/order-book.ts';
import type { Db } from '../../../src/store/database.ts';

/** What the outbox told of one book, followed as a client would. */
export interface ReplayedBook {
  readonly levels: BookLevels;
  readonly sequence: bigint;
  /** Events with a change of levels. */
  readonly changes: number;
  readonly fills: number;
  /** Where the chain broke, a checksum was wrong or a level impossible, in words. */
  readonly breaks: readonly string[];
}

/** The last row of the outbox; events of later transactions have higher ids. */
export async function outboxEnd(db: Db): Promise<bigint> {
  const { rows } = await sql<{ last: bigint | null }>`
    SELECT max(id) AS last FROM outbox`.execute(db);
  return rows[0]?.last ?? 0n;
}

/** A pair's ORDER_BOOK_UPDATED events after a row of the outbox, each once, in the order of their making. */
export async function bookEvents(db: Db, pair: Pair, after: bigint): Promise<BookData[]> {
  const { rows } = await sql<{ event_id: string; event: CacheEvent }>`
    SELECT event_id, event FROM outbox
     WHERE id > ${after} AND event->>'type' = 'ORDER_BOOK_UPDATED'
       AND event->'data'->>'gpuType' = ${pair.gpuType}
       AND event->'data'->>'region' = ${pair.region}
     ORDER BY id`.execute(db);
  const events = new Map(rows.map((row) => [row.event_id, bookFromJson(row.event.data)]));
  return [...events.values()].filter((data) => data !== null);
}

/** Applies the events one by one and checks the chain, the levels and the checksum after each. */
export function replayBook(
  start: BookLevels & { readonly sequence: bigint },
  events: readonly BookData[],
): ReplayedBook {
  let levels: BookLevels = { bids: start.bids, asks: start.asks };
  let { sequence } = start;
  const breaks: string[] = [];
  for (const event of events) {
    levels = applyChanges(levels, event.changes);
    breaks.push(...complaints(event, sequence, levels));
    ({ sequence } = event);
  }
  const changes = events.filter((event) => event.changes.length > 0).length;
  const fills = events.reduce((sum, event) => sum + event.fills.length, 0);
  return { levels, sequence, changes, fills, breaks };
}

function complaints(event: BookData, sequence: bigint, levels: BookLevels): string[] {
  const found: string[] = [];
  const expected = sequence + (event.changes.length > 0 ? 1n : 0n);
  if (event.previousSequence !== sequence)
    found.push(`${event.sequence} follows ${event.previousSequence}, not ${sequence}`);
  if (event.sequence !== expected) found.push(`${event.sequence} should be ${expected}`);
  if (event.checksum !== bookChecksum(levels)) found.push(`${event.sequence} has a wrong checksum`);
  const impossible = event.changes.filter(
    ({ gpuCount, orderCount }) => gpuCount < 0 || gpuCount > 0 !== orderCount > 0,
  );
  if (impossible.length > 0) found.push(`${event.sequence} has an impossible level`);
  return found;
}
