import { createClient } from 'graphql-ws/client';
import {
  dataOf,
  errorOf,
  GraphqlRequestError,
  type GraphqlAnswer,
  type GraphqlClient,
  type GraphqlClientOptions,
  type GraphqlFailure,
  type TypedDocument,
} from './graphql-client.ts';

/** Close code of a token that is not valid. Source: graphql-transport-ws, docs/errors.md. */
const UNAUTHENTICATED = 4401;

/**
 * Subscribes over a WebSocket with graphql-transport-ws, one socket per subscription, and promises what
 * `subscribe` of the HTTP client promises. `url` is the same `http://` or `https://` address.
 */
export function createSocketClient({
  url,
  token,
}: GraphqlClientOptions): Pick<GraphqlClient, 'subscribe'> {
  return {
    subscribe: async function* <Result, Variables>(
      document: TypedDocument<Result, Variables>,
      variables: Variables,
      signal: AbortSignal,
    ) {
      const client = createClient({
        url: url.replace(/^http/, 'ws'),
        retryAttempts: 0,
        ...(token !== null && { connectionParams: { authorization: `Bearer ${token}` } }),
      });
      // Not `dispose`: it would wait for the answer of a server that may be silent for ever.
      const end = (): void => client.terminate();
      signal.addEventListener('abort', end, { once: true });
      try {
        const query = document.toString();
        const answers = client.iterate({ query, variables: variables as Record<string, unknown> });
        for await (const answer of answers) yield dataOf(answer as GraphqlAnswer) as Result;
      } catch (error) {
        throw readable(url, error);
      } finally {
        signal.removeEventListener('abort', end);
        end();
      }
    },
  };
}

/** What ended the subscription: errors of the operation, the close of the socket, or no socket at all. */
function readable(url: string, error: unknown): Error {
  if (error instanceof GraphqlRequestError) return error;
  if (Array.isArray(error)) return errorOf(error as readonly GraphqlFailure[]);
  if (!isClose(error))
    return new GraphqlRequestError('NETWORK', `${url} does not answer.`, null, error);
  const code = error.code === UNAUTHENTICATED ? 'UNAUTHENTICATED' : 'NETWORK';
  const reason = error.reason === '' ? '' : `: ${error.reason}`;
  return new GraphqlRequestError(code, `The socket closed with ${error.code}${reason}.`);
}

function isClose(error: unknown): error is { readonly code: number; readonly reason: string } {
  return typeof error === 'object' && error !== null && 'code' in error && 'reason' in error;
}
