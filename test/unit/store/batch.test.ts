import { expect, test } from 'vitest';
import { encode } from '../../../src/store/batch.ts';

test('a parameter is written as the server reads it', () => {
  expect([null, undefined, 'text', 1.5, 10n, true].map(encode)).toEqual([
    null,
    null,
    'text',
    '1.5',
    '10',
    'true',
  ]);
});

test('a list quotes what has a meaning of its own', () => {
  expect(encode(['a', 'b"c', String.raw`d\e`, null, 'NULL', ''])).toBe(
    String.raw`{"a","b\"c","d\\e",NULL,"NULL",""}`,
  );
  expect(encode([1, 2n])).toBe('{"1","2"}');
  expect(encode([])).toBe('{}');
});

test('anything else is refused', () => {
  expect(() => encode({ a: 1 })).toThrow('a parameter is');
});
