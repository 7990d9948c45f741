import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PARTITIONS } from '../../../src/domain/partition.ts';
import { decodeCursor, encodeCursor } from '../../../src/live/cursor.ts';

function bytesOf(...bytes: number[]): string {
  return Buffer.from(bytes).toString('base64url');
}

describe('a cursor', () => {
  test('carries the position of every partition', () => {
    const vector = new Map([
      [3, { base: 1_795_416_941_695_000n, sequence: 1_795_416_941_695_062n }],
      [0, { base: 7n, sequence: 7n }],
    ]);
    expect(decodeCursor(encodeCursor(vector))).toEqual(vector);
  });

  test('may be empty', () => {
    expect(decodeCursor(encodeCursor(new Map()))).toEqual(new Map());
  });

  test('is short, though every partition has a position of its own', () => {
    const start = 1_795_416_941_695_000n;
    const vector = new Map(
      Array.from({ length: PARTITIONS }, (_, partition) => {
        const base = start + BigInt(partition * 1_500);
        return [partition, { base, sequence: base + BigInt(partition * 10_000) }];
      }),
    );
    expect(decodeCursor(encodeCursor(vector))).toEqual(vector);
    expect(encodeCursor(vector).length).toBeLessThan(160);
  });

  test('comes through whatever the positions are', () => {
    const sequence = fc.bigInt({ min: 0n, max: 2n ** 52n - 1n });
    const position = fc
      .tuple(sequence, sequence)
      .map(([base, distance]) => ({ base, sequence: base + distance }));
    const partition = fc.integer({ min: 0, max: PARTITIONS - 1 });
    const vectors = fc.array(fc.tuple(partition, position)).map((entries) => new Map(entries));
    fc.assert(
      fc.property(vectors, (vector) => {
        expect(decodeCursor(encodeCursor(vector))).toEqual(vector);
      }),
    );
  });

  test('is nothing but what this API has sent', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const text = Buffer.from(bytes).toString('base64url');
        const vector = decodeCursor(text);
        if (vector) expect(encodeCursor(vector)).toBe(text);
      }),
    );
  });

  test.each([
    ['nothing', ''],
    ['a letter', 'x'],
    ['no letters', '!!!'],
    ['too long', 'A'.repeat(2000)],
    ['of another version', bytesOf(2)],
    ['half a position', bytesOf(1, 7, 0, 0)],
    ['a partition that does not exist', bytesOf(1, 7, 99, 0, 1)],
    ['a number that has no end', bytesOf(1, 7, 0, 0, 200)],
    ['a number written longer than it is', bytesOf(1, 7, 0, 0, 129, 0)],
    ['a partition twice', bytesOf(1, 7, 3, 0, 1, 3, 0, 1)],
  ])('is not %s', (_, text) => {
    expect(decodeCursor(text)).toBeNull();
  });
});
