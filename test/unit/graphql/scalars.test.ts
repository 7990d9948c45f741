import { type GraphQLScalarType, parseConstValue } from 'graphql';
import { describe, expect, test } from 'vitest';
import { encodeCursor } from '../../../src/live/cursor.ts';
import { schema } from '../../../src/graphql/schema.ts';

const scalar = (name: string): GraphQLScalarType => schema.getType(name) as GraphQLScalarType;
const readLiteral = (name: string, text: string): unknown =>
  scalar(name).parseLiteral(parseConstValue(text));

describe('Decimal', () => {
  test('is a string of dollars outside and micro-dollars inside', () => {
    expect(scalar('Decimal').parseValue('1.25')).toBe(1_250_000n);
    expect(scalar('Decimal').serialize(1_250_000n)).toBe('1.25');
  });

  test.each(['1.25', '1', '"-1"', '"1.2345678"', '"1e3"', '""', 'true', '"0x10"'])(
    'refuses the literal %s and says what it takes',
    (text) => {
      expect(() => readLiteral('Decimal', text)).toThrow(/^Expected a non-negative decimal/);
    },
  );

  test.each([1.25, 1, null, {}, ['1.25']])('refuses the variable %j', (value) => {
    expect(() => scalar('Decimal').parseValue(value)).toThrow(/as a string/);
  });
});

describe('DateTime', () => {
  test('converts its offset to UTC', () => {
    const at = scalar('DateTime').parseValue('2026-06-01T12:00:00+02:00') as number;
    expect(scalar('DateTime').serialize(at)).toBe('2026-06-01T10:00:00.000Z');
  });

  test.each(['"2026-06-01T12:00:00"', '"2026-02-30T00:00:00Z"', '"tomorrow"', '1780000000', '""'])(
    'refuses %s without echoing it',
    (text) => {
      expect(() => readLiteral('DateTime', text)).toThrow(
        'Expected an ISO-8601 instant with its offset, as a string like "2026-11-23T06:00:00Z".',
      );
    },
  );
});

describe('counters and cursors', () => {
  test.each(['Sequence', 'BigInt'])('%s keeps all digits of a 64-bit number', (name) => {
    const counter = scalar(name).parseValue('9223372036854775807');
    expect(scalar(name).serialize(counter)).toBe('9223372036854775807');
  });

  test.each([
    ['Sequence', '"-1"'],
    ['Sequence', '1'],
    ['BigInt', '"1.5"'],
  ])('%s refuses %s', (name, text) => {
    expect(() => readLiteral(name, text)).toThrow(/^Expected/);
  });

  test('EventCursor takes what the feed has issued and nothing else', () => {
    const cursor = encodeCursor(new Map([[3, { base: 5n, sequence: 9n }]]));
    expect(scalar('EventCursor').parseValue(cursor)).toBe(cursor);
    expect(() => scalar('EventCursor').parseValue('garbage')).toThrow(/cursor that this API/);
  });
});
