import { buildSchema, parse, print } from 'graphql';
import { describe, expect, test } from 'vitest';
import { positionVariable, resumedAfter } from '../../../src/graphql/stream-position.ts';

const schema = buildSchema(`
  type Query { a: Int }
  type Item { name(after: String, like: String): String }
  type Subscription { items(after: String, like: String): Item plain(like: String): Item }`);

describe('the variable of a position', () => {
  test.each([
    ['subscription ($after: String) { items(after: $after) { name } }', 'after'],
    [
      'subscription ($from: String) { ...F } fragment F on Subscription { items(after: $from) { name } }',
      'from',
    ],
    ['subscription { items(after: "x") { name } }', null],
    ['subscription { items { name } }', null],
    // It says something else, too: what happens from now on depends on it.
    ['subscription ($x: String) { items(after: $x, like: $x) { name } }', null],
    ['subscription ($x: String) { items(after: $x) { name(like: $x) } }', null],
    ['subscription ($x: String) { items { name(after: $x) } }', null],
  ])('of %s is %s', (query, variable) => {
    expect(positionVariable(parse(query), schema)).toBe(variable);
  });
});

describe('a stream that is resumed', () => {
  test.each([
    ['{ items { name } }', '{ items(after: "here") { name } }'],
    [
      '{ items(after: "old", like: "b") { name(after: "c") } }',
      '{ items(like: "b", after: "here") { name(after: "c") } }',
    ],
    ['{ plain { name } }', '{ plain { name } }'],
  ])('%s becomes %s', (before, after) => {
    const resumed = resumedAfter(parse(`subscription ${before}`), schema, 'here');
    expect(print(resumed)).toBe(print(parse(`subscription ${after}`)));
  });
});
