import type { ObjectRef } from '@pothos/core';
import { builder } from './builder.ts';
import type { Page, PageInfo } from './paging.ts';

export interface Edge<T> {
  readonly cursor: string;
  readonly node: T;
}

/** One page as Relay has it, of a list that nobody counts. */
export interface Slice<T> extends PageInfo {
  readonly edges: readonly Edge<T>[];
}

/** One page as Relay has it. */
export interface Connection<T> extends Slice<T> {
  readonly totalCount: number;
}

type BuilderTypes = typeof builder.$inferSchemaTypes;
type NodeRef<T> = ObjectRef<BuilderTypes, T>;

/** The page as a connection; `cursorOf` tells where an item stands in the order that was asked. */
export function connectionOf<I, T>(
  { items, ...page }: Page<I>,
  cursorOf: (item: I) => string,
  nodeOf: (item: I) => T,
): Connection<T> {
  return { ...page, edges: items.map((item) => ({ cursor: cursorOf(item), node: nodeOf(item) })) };
}

const PageInfoRef = builder.objectRef<Slice<unknown>>('PageInfo').implement({
  description: 'Where a page stands in its list.',
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage', { description: 'Whether items follow this page.' }),
    hasPreviousPage: t.exposeBoolean('hasPreviousPage', {
      description: 'Whether items precede this page.',
    }),
    startCursor: t.string({
      nullable: true,
      description: 'Cursor of the first item, for `before`; null on an empty page.',
      resolve: (connection) => connection.edges[0]?.cursor ?? null,
    }),
    endCursor: t.string({
      nullable: true,
      description: 'Cursor of the last item, for `after`; null on an empty page.',
      resolve: (connection) => connection.edges.at(-1)?.cursor ?? null,
    }),
  }),
});

/** Like {@link connectionType}, for a list that nobody counts. */
export function sliceType<S extends Slice<T>, T>(name: string, things: string, node: NodeRef<T>) {
  const EdgeRef = builder.objectRef<Edge<T>>(`${name}Edge`).implement({
    description: `One item of a page of ${things}.`,
    fields: (t) => ({
      cursor: t.exposeString('cursor', { description: 'Its place, for `after` or `before`.' }),
      node: t.field({
        type: node,
        description: 'The item itself.',
        resolve: (edge) => edge.node as never,
      }),
    }),
  });
  return builder.objectRef<S>(`${name}Connection`).implement({
    description: `A page of ${things}.`,
    fields: (t) => ({
      edges: t.field({
        type: [EdgeRef],
        description: 'The items with their cursors.',
        resolve: (connection) => connection.edges,
      }),
      nodes: t.field({
        type: [node],
        description: 'The items alone.',
        resolve: (connection) => connection.edges.map((edge) => edge.node) as never,
      }),
      pageInfo: t.field({
        type: PageInfoRef,
        description: 'Whether there is more, and from where.',
        resolve: (connection) => connection,
      }),
    }),
  });
}

/** Makes the `XConnection` and `XEdge` types of a node type; `things` names its items in texts. */
export function connectionType<T>(name: string, things: string, node: NodeRef<T>) {
  const ref = sliceType<Connection<T>, T>(name, things, node);
  builder.objectField(ref, 'totalCount', (t) =>
    t.int({
      description: 'How many items the whole list has, not only this page.',
      resolve: ({ totalCount }) => totalCount,
    }),
  );
  return ref;
}
