import type { Client } from 'graphql-ws';
import { Environment, Network, Observable, RecordSource, Store } from 'relay-runtime';
import type { GraphQLResponse, RequestParameters, Variables } from 'relay-runtime';

/** Queries go over the socket too: one made because of a push reaches the node that has pushed. */
export function createRelayEnvironment(socket: Client): Environment {
  const execute = (
    { text }: RequestParameters,
    variables: Variables,
  ): Observable<GraphQLResponse> =>
    Observable.create<GraphQLResponse>((sink) =>
      socket.subscribe(
        { query: text ?? '', variables },
        {
          next: (answer) => sink.next(answer as GraphQLResponse),
          error: (reason) => sink.error(toError(reason)),
          complete: () => sink.complete(),
        },
      ),
    );
  return new Environment({
    network: Network.create(execute, execute),
    store: new Store(new RecordSource()),
  });
}

/** A socket tells of errors of the operation, of its own, or of its close. */
function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('the operation failed', { cause: reason });
}
