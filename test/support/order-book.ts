import { expect } from 'vitest';
import { bookFromJson, type BookData } from '../../src/domain/book-data.ts';
import { pairKey, type Pair } from '../../src/domain/catalog.ts';
import { applyChanges, bookChecksum } from '../../src/domain/order-book.ts';
import type { BookLevels, OrderBook } from '../../src/domain/order-book.ts';
import { loadBooks, rebuildLevels } from '../../src/store/book-store.ts';
import type { Db } from '../../src/store/database.ts';
import { eventsSince } from './outbox.ts';

/** The stored book of a pair that exists. */
export async function storedBook(db: Db, pair: Pair): Promise<OrderBook> {
  const [book] = await loadBooks(db, [pair]);
  if (!book?.value) throw new Error(`there is no pair ${pairKey(pair)}`);
  return book.value;
}

/** Units, offers, bookings and orders, looked at afresh, say what the stored levels say. */
export async function expectTrueBook(db: Db, pair: Pair): Promise<void> {
  const { asks, bids } = await storedBook(db, pair);
  expect({ asks, bids }).toEqual(await rebuildLevels(db, pair));
}

/** What was told of a book after the mark, in order. */
export async function bookDataSince(db: Db, mark: bigint, pair: Pair): Promise<BookData[]> {
  const events = await eventsSince(db, mark);
  return events
    .filter(({ type, resourceId }) => type === 'ORDER_BOOK_UPDATED' && resourceId === pairKey(pair))
    .flatMap(({ data }) => bookFromJson(data) ?? []);
}

/**
 * Follows what was told of a book from where it stood, as a client would: each event continues the one
 * before, counts 1 exactly when it changes levels, and its checksum is that of the levels after it.
 */
export function replayBook(
  { sequence, bids, asks }: BookLevels & { readonly sequence: bigint },
  told: readonly BookData[],
): BookLevels & { readonly sequence: bigint } {
  let levels: BookLevels = { bids, asks };
  let at = sequence;
  for (const data of told) {
    expect(data.previousSequence).toBe(at);
    expect(data.sequence - data.previousSequence).toBe(data.changes.length > 0 ? 1n : 0n);
    levels = applyChanges(levels, data.changes);
    at = data.sequence;
    expect(data.checksum).toBe(bookChecksum(levels));
  }
  return { ...levels, sequence: at };
}
