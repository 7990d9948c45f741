import { buildSchema, getOperationAST, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import type { Viewer } from '../../../../src/domain/viewer.ts';
import {
  liveOperation,
  type LiveOperation,
} from '../../../../src/server/live-groups/live-operation.ts';
import type { OperationSource } from '../../../../src/server/operation-source.ts';

const schema = buildSchema(`
  type Query { a: Int }
  input Filter { a: Int b: [Int!] }
  type Subscription { items(after: String, filter: Filter): Int orderBookUpdated: Int }`);
const QUERY =
  'subscription ($after: String, $filter: Filter) { items(after: $after, filter: $filter) }';
const ADA: Viewer = { accountId: 'ada', role: 'RENTER', expiresAt: 1_000 };

function operation(
  options: {
    query?: string;
    variables?: Record<string, unknown>;
    viewer?: Viewer | null;
    isPublic?: boolean;
    atLeast?: OperationSource['atLeast'];
  } = {},
): LiveOperation {
  const { query = QUERY, variables = {}, viewer = null, isPublic = true, atLeast = null } = options;
  const document = parse(query);
  const ast = getOperationAST(document);
  if (!ast) throw new Error('no operation');
  const source = { viewer, atLeast } as OperationSource;
  const params = { query, variables };
  return liveOperation({
    schema,
    document,
    operation: ast,
    params,
    source,
    isPublic,
    lastEventId: null,
  });
}

function isEqual(a: Parameters<typeof operation>[0], b: Parameters<typeof operation>[0]): boolean {
  return operation(a).key === operation(b).key;
}

describe('two operations', () => {
  test('are equal whatever the order of their values, their position and what they do not declare', () => {
    const a = { filter: { a: 1, b: [1, 2] }, after: 'x', more: 1 };
    const b = { after: 'y', filter: { b: [1, 2], a: 1 } };
    expect(isEqual({ variables: a }, { variables: b })).toBe(true);
  });

  test.each([
    [{ filter: { a: 1 } }, { filter: { a: 2 } }],
    [{ filter: { b: [1, 2] } }, { filter: { b: [2, 1] } }],
    [{ filter: {} }, { filter: null }],
    [{ filter: null }, {}],
    [{ filter: { a: 1 } }, { filter: [['a', 1]] }],
  ])('are not equal with %j and %j', (a, b) => {
    expect(isEqual({ variables: a }, { variables: b })).toBe(false);
  });

  test('of two viewers are equal when all are shown the same, and only then', () => {
    const viewers = [
      null,
      ADA,
      { ...ADA, accountId: 'ben' },
      { ...ADA, role: 'PROVIDER' as const },
      { ...ADA, expiresAt: 2_000 },
    ];
    const keys = (isPublic: boolean) =>
      new Set(viewers.map((viewer) => operation({ viewer, isPublic }).key)).size;
    expect(keys(true)).toBe(1);
    expect(keys(false)).toBe(viewers.length);
  });

  test('are not equal when one client has seen something newer elsewhere', () => {
    const atLeast = { issuedAt: 1, partitions: new Map([[1, 'unpublished' as const]]) };
    expect(isEqual({ atLeast }, {})).toBe(false);
  });
});

test('only a private operation ends with its token, and only a book begins anew', () => {
  expect(operation({ viewer: ADA, isPublic: false }).endsAt).toBe(1_000);
  expect(operation({ viewer: ADA }).endsAt).toBe(null);
  expect(operation().restarts).toBe(false);
  expect(operation({ query: 'subscription { orderBookUpdated }' }).restarts).toBe(true);
});
