import { crc32 as crc32OfNode } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { crc32 } from '../../../docs/clients/shared/crc32.ts';
import { bookAfter, checksumOf, type BookItem } from '../../../docs/clients/shared/order-book.ts';

const level = (usdPerGpuHour: string, gpuCount: number) => ({
  usdPerGpuHour,
  gpuCount,
  orderCount: 1,
});
const ASKS = [level('2.00', 8)];
const BIDS = [level('1.95', 3)];
const CHECKSUM = crc32('2000000:8|1950000:3');
const SNAPSHOT: BookItem = {
  __typename: 'OrderBookSnapshot',
  sequence: '7',
  checksum: CHECKSUM,
  asks: ASKS,
  bids: BIDS,
};
const BOOK = bookAfter(null, SNAPSHOT);

function delta(over: object): BookItem {
  return {
    __typename: 'OrderBookDelta',
    previousSequence: '7',
    sequence: '9',
    checksum: CHECKSUM,
    changes: [],
    ...over,
  };
}

test('the CRC-32 of a frontend is that of Node', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-ascii' }), (text) => {
      expect(crc32(text)).toBe(crc32OfNode(text).toString(16).padStart(8, '0'));
    }),
  );
});

describe('the book of a recipe', () => {
  test('has the checksum of the documentation, and an empty one none', () => {
    expect(checksumOf({ asks: ASKS, bids: BIDS })).toBe(CHECKSUM);
    expect(checksumOf({ asks: [], bids: [] })).toBe('00000000');
  });

  test('takes levels that are new, changed and gone, best first', () => {
    const changes = [
      { side: 'ASK', ...level('1.999999', 1) },
      { side: 'ASK', ...level('2', 4) },
      { side: 'BID', ...level('1.95', 0) },
      { side: 'BID', ...level('0.000001', 2) },
      { side: 'BID', ...level('1.5', 5) },
    ];
    const checksum = crc32('1999999:1|2000000:4|1500000:5|1:2');
    const { asks, bids, sequence } = bookAfter(BOOK, delta({ changes, checksum }));
    expect(sequence).toBe('9');
    expect(asks.map(({ usdPerGpuHour }) => usdPerGpuHour)).toEqual(['1.999999', '2']);
    expect(bids.map(({ usdPerGpuHour }) => usdPerGpuHour)).toEqual(['1.5', '0.000001']);
  });

  test('goes on over a delta without changes and a heartbeat', () => {
    const after = bookAfter(BOOK, delta({}));
    expect(after).toEqual({ ...BOOK, sequence: '9' });
    const beat = { __typename: 'OrderBookHeartbeat', sequence: '9', checksum: CHECKSUM } as const;
    expect(bookAfter(after, beat)).toEqual(after);
    expect(() => bookAfter(BOOK, beat)).toThrow('9 does not follow 7');
  });

  test('refuses what does not follow, or is not what the server has', () => {
    expect(() => bookAfter(null, delta({}))).toThrow('7 does not follow nothing');
    expect(() => bookAfter(BOOK, delta({ previousSequence: '8' }))).toThrow('8 does not follow 7');
    const changes = [{ side: 'ASK', ...level('2', 9) }];
    expect(() => bookAfter(BOOK, delta({ changes }))).toThrow("not the server's");
  });
});
