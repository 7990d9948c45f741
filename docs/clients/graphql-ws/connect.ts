import { createClient, type Client } from 'graphql-ws';

/** `url` is `wss://…/graphql`. The socket is open while there are operations. */
export function connect(url: string, token: string | null): Client {
  return createClient({
    url,
    ...(token !== null && { connectionParams: { authorization: `Bearer ${token}` } }),
    // A retry of its own would repeat the old position: streams are subscribed to again instead.
    retryAttempts: 0,
  });
}
