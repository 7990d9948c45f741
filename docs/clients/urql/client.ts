import {
  cacheExchange,
  Client,
  createRequest,
  makeOperation,
  makeResult,
  subscriptionExchange,
} from '@urql/core';
import type { AnyVariables, Exchange, ExecutionResult } from '@urql/core';
import type { OperationResult, TypedDocumentNode } from '@urql/core';
import type { Client as SocketClient } from 'graphql-ws';
import { filter, makeSubject, merge, onEnd, pipe, subscribe as listen } from 'wonka';
import type { Sink } from '../shared/stream.ts';

export interface UrqlClient {
  readonly client: Client;
  /** Forgets every answer that has one of these types, and asks again for those in use. */
  readonly forget: (typenames: string[]) => void;
}

/** How long a query waits that the connection has broken under. */
const PAUSE_MS = 500;

/** Never asked over HTTP: everything goes over the socket. */
const url = '/graphql';

/** Queries go over the socket too: one made because of a push reaches the node that has pushed. */
export function createUrqlClient(socket: SocketClient): UrqlClient {
  const forgotten = makeSubject<OperationResult>();
  const forgetting: Exchange =
    ({ forward }) =>
    (operations) =>
      merge([forward(operations), forgotten.source]);
  const exchanges = [cacheExchange, forgetting, askAgain, overSocket(socket)];
  return {
    client: new Client({ url, preferGetMethod: false, exchanges }),
    // The document cache does it for a subscription that names types: this one was never asked for.
    forget: (additionalTypenames) => {
      const request = createRequest('subscription { __typename }', {});
      const context = { url, requestPolicy: 'network-only', additionalTypenames } as const;
      const operation = makeOperation('subscription', request, context);
      forgotten.next(makeResult(operation, { data: null }));
    },
  };
}

/** A query that the connection has broken under has no answer: without one it could not be forgotten. */
const askAgain: Exchange =
  ({ client, forward }) =>
  (operations) =>
    pipe(
      forward(operations),
      filter(({ operation, error }) => {
        if (operation.kind !== 'query' || !error?.networkError) return true;
        setTimeout(() => client.reexecuteOperation(operation), PAUSE_MS);
        return false;
      }),
    );

function overSocket(socket: SocketClient): Exchange {
  return subscriptionExchange({
    enableAllOperations: true,
    forwardSubscription: ({ query = '', variables }) => ({
      subscribe: (sink) => {
        const next = (result: unknown): void => sink.next(result as ExecutionResult);
        const unsubscribe = socket.subscribe({ query, variables }, { ...sink, next });
        return { unsubscribe };
      },
    }),
  });
}

/** Subscribes once; errors of the operation end it like a broken connection. */
export function subscribe<Result, Variables extends AnyVariables>(
  client: Client,
  document: TypedDocumentNode<Result, Variables>,
  variables: Variables,
  { next, end }: Sink<Result>,
): () => void {
  const subscription = pipe(
    client.subscription(document, variables),
    onEnd(end),
    listen(({ data, error }) => (data && !error ? next(data) : end(error))),
  );
  return () => subscription.unsubscribe();
}
