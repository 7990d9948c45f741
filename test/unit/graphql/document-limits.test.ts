import { getIntrospectionQuery, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { documentErrors, MAX_TOKENS } from '../../../src/graphql/document-limits.ts';

function broken(source: string): unknown[] {
  return documentErrors(parse(source)).map(({ extensions }) => [
    extensions['code'],
    extensions['limited'],
    extensions['limit'],
  ]);
}

const nested = (levels: number): string => `${'{ a '.repeat(levels)}${'}'.repeat(levels)}`;
const times = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_none, index) => text(index)).join(' ');

describe('the limits of a document', () => {
  test('let ten levels pass and refuse eleven', () => {
    expect(broken(nested(10))).toEqual([]);
    expect(broken(nested(11))).toEqual([['QUERY_TOO_COMPLEX', 'depth', 10]]);
  });

  test('count depth through fragments', () => {
    expect(broken(`{ b { ...F } } fragment F on T ${nested(9)}`)).toEqual([]);
    expect(broken(`{ b { ...F } } fragment F on T ${nested(10)}`)).toHaveLength(1);
    expect(broken(`{ b { ... on T ${nested(10)} } }`)).toHaveLength(1);
    expect(broken(`{ ...F b { ...F } } fragment F on T ${nested(10)}`)).toHaveLength(1);
  });

  test('let 15 aliases pass and refuse 16', () => {
    expect(broken(`{ ${times(15, (index) => `a${index}: b`)} }`)).toEqual([]);
    expect(broken(`{ ${times(16, (index) => `a${index}: b`)} }`)).toEqual([
      ['QUERY_TOO_COMPLEX', 'aliases', 15],
    ]);
  });

  test('let 10 directives pass and refuse 11', () => {
    expect(broken(`{ a ${times(10, () => '@include(if: true)')} }`)).toEqual([]);
    expect(broken(`{ a ${times(11, () => '@include(if: true)')} }`)).toEqual([
      ['QUERY_TOO_COMPLEX', 'directives', 10],
    ]);
  });

  test('measure fragments that spread each other twice, or themselves, without delay', () => {
    const doubling = times(
      40,
      (index) => `fragment F${index} on T { ...F${index + 1} ...F${index + 1} }`,
    );
    expect(broken(`{ ...F0 } ${doubling} fragment F40 on T { a }`)).toEqual([]);
    expect(broken('{ ...A } fragment A on T { a { ...A } }')).toEqual([]);
  });

  test('let the standard introspection query pass', () => {
    expect(broken(getIntrospectionQuery())).toEqual([]);
    expect(() => parse(getIntrospectionQuery(), { maxTokens: MAX_TOKENS })).not.toThrow();
  });

  test('stop the parser before a deep literal becomes a tree', () => {
    const deep = `{ a(b: ${'['.repeat(5000)}${']'.repeat(5000)}) }`;
    expect(() => parse(deep, { maxTokens: MAX_TOKENS })).toThrow(/1000 tokens/);
  });
});
