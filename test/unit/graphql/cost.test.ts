import { readdirSync, readFileSync } from 'node:fs';
import { getIntrospectionQuery, Kind, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { MAX_OPERATION_COST, operationCost } from '../../../src/graphql/cost.ts';
import { documentErrors } from '../../../src/graphql/document-limits.ts';
import { schema } from '../../../src/graphql/schema.ts';

function cost(source: string, variables: Record<string, unknown> = {}): number {
  return operationCost(parse(source), undefined, variables, schema);
}

describe('the cost of an operation', () => {
  test.each([
    ['nothing but names', '{ __typename }', 1],
    ['one object', '{ viewer { id role name } }', 1],
    ['the size of a page', '{ gpus(first: 50) { nodes { id name status } } }', 51],
    ['the default size of a page', '{ gpus { nodes { id } } }', 21],
    ['a page backward', '{ gpus(first: null, last: 7) { nodes { id } } }', 8],
    ['edges like nodes', '{ gpus(first: 50) { edges { cursor node { id } } } }', 51],
    [
      'objects of each item',
      '{ gpus(first: 10) { nodes { offer { mode } region { code } } } }',
      31,
    ],
    [
      'no page for what is no item',
      '{ gpus(first: 100) { pageInfo { endCursor } totalCount } }',
      1,
    ],
    [
      'nested pages multiplied',
      '{ providers(first: 10) { nodes { gpus(first: 20) { nodes { id } } } } }',
      221,
    ],
    ['the number of ids', '{ nodes(ids: ["a", "b", "c"]) { id } }', 3],
    ['20 for a plain list', '{ prices { usdPerGpuHour } }', 20],
    ['a quote 20 more', '{ quote(gpuId: "a", period: {}) { __typename } }', 21],
    [
      'a point per ten candles',
      '{ candles(gpuType: "a", region: "b", interval: M1, from: "2026-06-01T00:00:00Z", to: "2026-06-01T10:00:00Z") { open } }',
      60,
    ],
    [
      'candles of each price',
      '{ prices { history(from: "2026-06-01T00:00:00Z", to: "2026-06-02T00:00:00Z") { close } } }',
      20 * (1 + 3),
    ],
    [
      'a range that cannot be read as the longest',
      '{ candles(gpuType: "a", region: "b", interval: H1, from: 5, to: "x") { open } }',
      200,
    ],
    [
      'levels with their book',
      '{ orderBook(gpuType: "a", region: "b", depth: 100) { bids { gpuCount } } }',
      1,
    ],
    ['fills by their number', '{ recentFills(gpuType: "a", region: "b", first: 7) { id } }', 7],
    ['a mutation 5 more', 'mutation { holdGpu(input: {}) { __typename } }', 6],
  ])('counts %s', (_what, source, expected) => {
    expect(cost(source)).toBe(expected);
  });

  test('reads sizes from variables and their defaults', () => {
    const source = 'query ($n: Int = 30) { gpus(first: $n) { nodes { id } } }';
    expect(cost(source, { n: 70 })).toBe(71);
    expect(cost(source)).toBe(31);
    expect(cost('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: ['a', 'b'] })).toBe(2);
  });

  test('reads the range of candles from variables and their defaults', () => {
    const source = `query ($from: DateTime!, $interval: CandleInterval! = D1) {
      candles(gpuType: "a", region: "b", interval: $interval, from: $from, to: "2026-06-30T00:00:00Z") { open } }`;
    expect(cost(source, { from: '2026-06-10T00:00:00Z' })).toBe(2);
    expect(cost(source, { from: '2026-06-29T00:00:00Z', interval: 'M1' })).toBe(144);
  });

  test('takes a size out of range for the largest, since it is refused anyway', () => {
    expect(cost('{ gpus(first: 1000000) { nodes { id } } }')).toBe(101);
  });

  test('counts a spread fragment every time, yet measures it once', () => {
    const fragments = Array.from({ length: 30 }, (_none, index) => {
      return `fragment F${index} on Query { ...F${index + 1} ...F${index + 1} }`;
    });
    const source = `{ ...F0 } ${fragments.join(' ')} fragment F30 on Query { viewer { id } }`;
    expect(cost(source)).toBe(2 ** 30);
  });

  test('does not hang on a fragment that spreads itself', () => {
    expect(
      cost('{ ...A } fragment A on Query { viewer { id } ...B } fragment B on Query { ...A }'),
    ).toBe(1);
  });

  test('refuses the query that lists all units of all providers', () => {
    const source = '{ providers(first: 100) { nodes { gpus(first: 100) { nodes { id } } } } }';
    expect(cost(source)).toBeGreaterThan(MAX_OPERATION_COST);
  });

  test('is at least 1, for documents that do not even fit the schema', () => {
    expect(cost('{ nonsense(first: 9) { nodes { id } } }')).toBe(1);
    expect(
      operationCost(parse('query A { viewer { id } } query B { viewer { id } }'), 'C', {}, schema),
    ).toBe(1);
  });

  test('leaves introspection free', () => {
    expect(cost(getIntrospectionQuery())).toBe(1);
  });
});

describe('every operation in schema/operations', () => {
  const folder = new URL('../../../schema/operations/', import.meta.url);
  const files = readdirSync(folder).map((file) => readFileSync(new URL(file, folder), 'utf8'));
  const documents = files.map((text) => parse(text));
  const names = documents.flatMap((document) =>
    document.definitions.flatMap((node) =>
      node.kind === Kind.OPERATION_DEFINITION && node.name
        ? [[node.name.value, document] as const]
        : [],
    ),
  );

  test.each(names)('%s stays below a quarter of a full bucket', (name, document) => {
    expect(operationCost(document, name, {}, schema)).toBeLessThan(MAX_OPERATION_COST / 4);
  });

  test.each(names)('%s keeps the document limits', (_name, document) => {
    expect(documentErrors(document)).toEqual([]);
  });
});
