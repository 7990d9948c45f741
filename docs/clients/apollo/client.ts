import { ApolloClient, InMemoryCache } from '@apollo/client';
import type { OperationVariables, TypedDocumentNode } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import type { Client } from 'graphql-ws';
import type { Sink } from '../shared/stream.ts';

/** Queries go over the socket too: one made because of a push reaches the node that has pushed. */
export function createApolloClient(socket: Client): ApolloClient {
  return new ApolloClient({
    link: new GraphQLWsLink(socket),
    // Ids are unique over all types: `nodeIds` of an invalidation name entries of the cache.
    cache: new InMemoryCache({
      dataIdFromObject: ({ id }) => (typeof id === 'string' ? id : undefined),
    }),
    // A refetch because of a push must not be given the answer to a query that was sent before it.
    queryDeduplication: false,
  });
}

/** Subscribes once. What a stream tells is no state of its own: it stays out of the cache. */
export function subscribe<Result, Variables extends OperationVariables>(
  client: ApolloClient,
  query: TypedDocumentNode<Result, Variables>,
  variables: Variables,
  { next, end }: Sink<Result>,
): () => void {
  const options = { query, variables, fetchPolicy: 'no-cache' } as const;
  const subscription = client.subscribe<Result>(options).subscribe({
    next: ({ data, error }) => (data && !error ? next(data) : end(error)),
    error: end,
    complete: end,
  });
  return () => subscription.unsubscribe();
}
