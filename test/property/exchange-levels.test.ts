import fc from 'fast-check';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  applyChanges,
  betterFirst,
  bookChecksum,
  differences,
  topLevels,
} from '../../src/domain/order-book.ts';
import type { BookLevels, OrderSide, PriceLevel } from '../../src/domain/order-book.ts';

const level = fc.record<PriceLevel>({
  rateMicros: fc.bigInt({ min: 1n, max: 30n }),
  gpuCount: fc.integer({ min: 1, max: 3 }),
  orderCount: fc.integer({ min: 1, max: 2 }),
});

function sideOf(side: OrderSide): fc.Arbitrary<PriceLevel[]> {
  return fc
    .uniqueArray(level, { selector: ({ rateMicros }) => rateMicros, maxLength: 20 })
    .map((levels) => levels.toSorted(betterFirst(side)));
}

const books = fc.record<BookLevels>({ bids: sideOf('BID'), asks: sideOf('ASK') });

describe('the levels of any two books', () => {
  it('differ by changes that turn the one into the other', () => {
    fc.assert(
      fc.property(books, books, (before, after) => {
        expect(applyChanges(before, differences(before, after))).toEqual(after);
      }),
    );
  });

  it('differ by nothing when they are equal, and by one change per level otherwise', () => {
    fc.assert(
      fc.property(books, books, (before, after) => {
        expect(differences(before, before)).toEqual([]);
        const changes = differences(before, after);
        const names = changes.map(({ side, rateMicros }) => `${side} ${rateMicros}`);
        expect(new Set(names).size).toBe(changes.length);
      }),
    );
  });

  it('do not care how often or in which order changes of different levels are applied', () => {
    fc.assert(
      fc.property(books, books, (before, after) => {
        const changes = differences(before, after);
        const backwards = applyChanges(before, changes.toReversed());
        expect(applyChanges(backwards, changes)).toEqual(after);
      }),
    );
  });
});

describe('the checksum of any book', () => {
  it('is the CRC-32 of its ten best levels a side, asks first, as text', () => {
    fc.assert(
      fc.property(books, (book) => {
        const text = [...book.asks.slice(0, 10), ...book.bids.slice(0, 10)]
          .map((each) => `${each.rateMicros}:${each.gpuCount}`)
          .join('|');
        const expected = crc32(text).toString(16).padStart(8, '0');
        expect(bookChecksum(book)).toBe(expected);
        expect(bookChecksum(topLevels(book, 10))).toBe(expected);
      }),
    );
  });
});
