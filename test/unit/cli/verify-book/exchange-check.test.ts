import { crc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { ExchangeCheck, krakenChecksum } from '../../../../src/cli/verify-book/exchange-check.ts';
import { ExchangeSide, toUnits } from '../../../../src/cli/verify-book/exchange-side.ts';

const SNAPSHOT = {
  book: 'GPU/USD',
  kind: 'snapshot',
  bids: [
    ['0.0500', '2.5000'],
    ['0.0490', '1.0000'],
  ],
  asks: [
    ['0.0510', '0.0100'],
    ['0.0520', '7.0000'],
  ],
};

/** Over a best ask of 0.0510 × 0.0300 and the snapshot's other levels. */
const CHANGED = crc32(['510300', '52070000', '50025000', '49010000'].join(''));

function kraken(change: object = {}): object {
  const asks = [['0.0510', '0.0300']];
  return { book: 'GPU/USD', kind: 'delta', bids: [], asks, crc32: CHANGED, ...change };
}

function coinbase(...changes: string[][]): object {
  return { book: 'GPU/USD', kind: 'delta', changes };
}

function faultsOf(...messages: object[]): string[] {
  const check = new ExchangeCheck();
  return messages.flatMap((message) => check.take({ ...message }));
}

describe('a recorded book of Kraken', () => {
  test('has the checksum of its digits without points and leading zeros', () => {
    expect(krakenChecksum([{ price: '0.0510', quantity: '10.00' }], [])).toBe(crc32('5101000'));
  });

  test('is sound when every checksum is ours', () => {
    expect(faultsOf(SNAPSHOT, kraken())).toEqual([]);
  });

  test('is not when one digit differs', () => {
    const [fault] = faultsOf(SNAPSHOT, kraken({ asks: [['0.0510', '0.0301']] }));
    expect(fault).toContain(`GPU/USD: the checksum is ${CHANGED}, the levels give`);
  });

  test('covers ten levels of a side and no more', () => {
    const asks = Array.from({ length: 11 }, (_, index) => [`0.0${610 + index}`, '1.0']);
    const digits = Array.from({ length: 10 }, (_, index) => `${610 + index}10`);
    const change = kraken({ asks: [], bids: [['0.0500', '0.0']], crc32: crc32(digits.join('')) });
    expect(faultsOf({ ...SNAPSHOT, bids: [['0.0500', '2.5']], asks }, change)).toEqual([]);
  });
});

describe('a recorded book of Coinbase', () => {
  test('is sound while every change applies', () => {
    const changes = coinbase(
      ['sell', '0.0505', '1'],
      ['buy', '0.049', '0.0'],
      ['buy', '0.0499', '3'],
    );
    expect(faultsOf(SNAPSHOT, changes)).toEqual([]);
  });

  test('is not when a level is removed that was not there', () => {
    expect(faultsOf(SNAPSHOT, coinbase(['sell', '9', '0']))).toEqual(['GPU/USD: 9 was not there']);
  });

  test('is not when bids meet asks', () => {
    const crossed = 'GPU/USD: the book is crossed';
    expect(faultsOf(SNAPSHOT, coinbase(['buy', '0.0510', '1']))).toEqual([crossed]);
    expect(faultsOf({ ...SNAPSHOT, bids: [['0.06', '1']] })).toEqual([crossed]);
  });
});

describe('a recorded message', () => {
  test.each([
    [{ kind: 'snapshot', bids: [], asks: [] }, 'book is missing'],
    [{ ...SNAPSHOT, kind: 'trade' }, 'kind is neither snapshot nor delta'],
    [{ ...SNAPSHOT, asks: {} }, 'asks is no list'],
    [{ ...SNAPSHOT, asks: [['1', '-2']] }, 'a quantity is no decimal of 0 or more'],
    [{ ...SNAPSHOT, asks: [['1e3', '2']] }, 'a price is no decimal of 0 or more'],
    [{ ...SNAPSHOT, asks: [[1, 2]] }, 'a price is no decimal of 0 or more'],
    [kraken({ crc32: 'x' }), 'crc32 is missing or no checksum'],
    [kraken({ book: 'OTHER/USD' }), 'OTHER/USD has had no snapshot'],
    [coinbase(['hold', '1', '2']), 'a side is neither buy nor sell'],
    [coinbase(['buy', '1', '2', '3']), 'a change has more than 3 items'],
  ])('%j is refused', (message, reason) => {
    expect(() => faultsOf(SNAPSHOT, message)).toThrow(reason);
  });
});

describe('a side of a book', () => {
  test('knows a price by its value and keeps its digits', () => {
    const bids = new ExchangeSide('bids');
    bids.set({ price: '0.10', quantity: '1' });
    bids.set({ price: '0.1', quantity: '2.50' });
    bids.set({ price: '0.2', quantity: '3' });
    expect(bids.best(5)).toEqual([
      { price: '0.2', quantity: '3' },
      { price: '0.1', quantity: '2.50' },
    ]);
    expect(bids.set({ price: '0.20', quantity: '0.000' })).toBe(true);
    expect(bids.bestUnits).toBe(toUnits('0.100'));
  });
});
