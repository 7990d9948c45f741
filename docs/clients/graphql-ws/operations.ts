import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import type { Sink } from '../shared/stream.ts';

interface Answer<Result> {
  readonly data?: Result | null | undefined;
  readonly errors?: readonly unknown[] | undefined;
}

interface Observer<Value> {
  next: (value: Value) => void;
  error: (error: unknown) => void;
  complete: () => void;
}

/** What the clients of graphql-ws and of graphql-sse have in common. */
export interface Operations {
  subscribe<Result>(
    request: { query: string; variables: Record<string, unknown> },
    observer: Observer<Answer<Result>>,
  ): () => void;
}

/** Subscribes once; errors of the operation end it like a broken connection. */
export function subscribe<Result, Variables extends Record<string, unknown>>(
  client: Operations,
  document: TypedDocumentNode<Result, Variables>,
  variables: Variables,
  { next, end }: Sink<Result>,
): () => void {
  return client.subscribe<Result>(
    { query: print(document), variables },
    {
      next: ({ data, errors }) => (data && !errors ? next(data) : end(errors)),
      error: end,
      complete: end,
    },
  );
}

/** Asks once. */
export function query<Result, Variables extends Record<string, unknown>>(
  client: Operations,
  document: TypedDocumentNode<Result, Variables>,
  variables: Variables,
): Promise<Result> {
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  subscribe(client, document, variables, { next: resolve, end: reject });
  return promise;
}
