import { buildSchema, getOperationAST, parse, print, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { streamOf, tailDocument } from '../../../../src/server/live-groups/tail-document.ts';

const schema = buildSchema(`
  type Query { a: Int }
  type Item { later(after: String): Int }
  type Subscription { items(after: String, name: String): Item }`);

function tailOf(query: string): string {
  const tail = tailDocument(parse(query), schema);
  expect(validate(schema, tail)).toEqual([]);
  return print(tail).replaceAll(/\s+/g, ' ');
}

function streamIn(query: string): string | null {
  const document = parse(query);
  const operation = getOperationAST(document);
  return operation ? streamOf(operation, document) : null;
}

describe('the tail of a document', () => {
  test.each([
    [
      'subscription ($after: String!) { items(after: $after, name: "a") { later } }',
      'subscription { items(name: "a") { later } }',
    ],
    ['subscription { items(after: "x") { later } }', 'subscription { items { later } }'],
    [
      'subscription ($x: String) { ...A } fragment A on Subscription { items(after: $x) { later } }',
      'subscription { ...A } fragment A on Subscription { items { later } }',
    ],
  ])('of %s has no position', (query, tail) => {
    expect(tailOf(query)).toBe(tail);
  });

  test('keeps a variable that means something else, too', () => {
    const both = 'subscription ($x: String) { items(after: $x, name: $x) { later } }';
    expect(tailOf(both)).toBe('subscription ($x: String) { items(name: $x) { later } }');
    const inner = 'subscription ($after: String) { items { later(after: $after) } }';
    expect(tailOf(inner)).toBe(inner);
  });
});

test('a stream has the name of its field, whatever its alias and wherever it stands', () => {
  expect(streamIn('subscription { other: items { later } }')).toBe('items');
  expect(streamIn('subscription { ... { ... on Subscription { items { later } } } }')).toBe(
    'items',
  );
  expect(streamIn('subscription { ...B } fragment B on Subscription { items { later } }')).toBe(
    'items',
  );
  expect(streamIn('subscription { ...Missing }')).toBeNull();
});
