import { describe, expect, test } from 'vitest';
import {
  applyChanges,
  bookChecksum,
  differences,
  topLevels,
  type BookLevels,
  type PriceLevel,
} from '../../../src/domain/order-book.ts';

function level(rateMicros: bigint, gpuCount: number, orderCount = 1): PriceLevel {
  return { rateMicros, gpuCount, orderCount };
}

const BOOK: BookLevels = {
  bids: [level(1_950_000n, 3), level(1_900_000n, 5, 2)],
  asks: [level(2_000_000n, 8), level(2_100_000n, 4)],
};

describe('applying changes to a book', () => {
  test('adds, replaces and removes levels, and keeps both sides best first', () => {
    const after = applyChanges(BOOK, [
      { side: 'ASK', ...level(1_990_000n, 1) },
      { side: 'ASK', ...level(2_000_000n, 2) },
      { side: 'ASK', ...level(2_100_000n, 0, 0) },
      { side: 'BID', ...level(1_970_000n, 7) },
    ]);
    expect(after.asks).toEqual([level(1_990_000n, 1), level(2_000_000n, 2)]);
    expect(after.bids).toEqual([level(1_970_000n, 7), ...BOOK.bids]);
  });

  test('leaves the book that it was given alone', () => {
    const before = structuredClone(BOOK);
    applyChanges(BOOK, [{ side: 'BID', ...level(1_950_000n, 0, 0) }]);
    expect(BOOK).toEqual(before);
  });

  test('keeps an ask and a bid of one price apart', () => {
    const after = applyChanges(BOOK, [{ side: 'BID', ...level(2_000_000n, 1) }]);
    expect(after.bids[0]).toEqual(level(2_000_000n, 1));
    expect(after.asks).toEqual(BOOK.asks);
  });
});

describe('the differences of two books', () => {
  test('are what turns the one into the other, with levels that left at 0', () => {
    const after = { bids: [level(1_900_000n, 5, 1)], asks: [...BOOK.asks, level(3_000_000n, 1)] };
    const changes = differences(BOOK, after);
    expect(changes).toEqual([
      { side: 'BID', ...level(1_900_000n, 5, 1) },
      { side: 'BID', ...level(1_950_000n, 0, 0) },
      { side: 'ASK', ...level(3_000_000n, 1) },
    ]);
    expect(applyChanges(BOOK, changes)).toEqual(after);
  });

  test('of a book and itself are none', () => {
    expect(differences(BOOK, structuredClone(BOOK))).toEqual([]);
  });
});

describe('the top of a book', () => {
  test('is the best levels of each side', () => {
    expect(topLevels(BOOK, 1)).toEqual({
      bids: [level(1_950_000n, 3)],
      asks: [level(2_000_000n, 8)],
    });
  });
});

describe('the checksum of a book', () => {
  test('is the CRC-32 of its asks from low to high, then its bids from high to low', () => {
    const small = { asks: [level(2_000_000n, 8)], bids: [level(1_950_000n, 3)] };
    // Python: zlib.crc32(b'2000000:8|1950000:3')
    expect(bookChecksum(small)).toBe('724e9aeb');
  });

  test('of an empty book is eight zeros', () => {
    expect(bookChecksum({ asks: [], bids: [] })).toBe('00000000');
  });

  test('covers the best ten levels of each side and no order counts', () => {
    const levels = Array.from({ length: 11 }, (_, index) => level(BigInt(index + 1), 1));
    const bids = levels.toReversed();
    const checksum = bookChecksum({ asks: levels, bids });
    expect(bookChecksum({ asks: levels.slice(0, 10), bids: bids.slice(0, 10) })).toBe(checksum);
    expect(bookChecksum({ asks: levels.slice(0, 9), bids })).not.toBe(checksum);
    const recounted = levels.map(({ rateMicros }) => level(rateMicros, 1, 9));
    expect(bookChecksum({ asks: recounted, bids })).toBe(checksum);
  });
});
