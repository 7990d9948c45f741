import { describe, expect, test } from 'vitest';
import { decodeCursor, encodeCursor } from '../../../src/live/cursor.ts';

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

  test.each([
    '',
    'x',
    '!!!',
    'A'.repeat(2000),
    Buffer.from('2').toString('base64url'),
    Buffer.from('1 99:a:b').toString('base64url'),
  ])('is not %j', (text) => {
    expect(decodeCursor(text)).toBeNull();
  });
});
