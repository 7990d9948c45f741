import { createClient, type Client } from 'graphql-sse';

/** `url` is `https://…/graphql`. Every operation has a request of its own. */
export function connect(url: string, token: string | null): Client {
  return createClient({
    url,
    ...(token !== null && { headers: { authorization: `Bearer ${token}` } }),
    // A retry of its own would repeat the old position: streams are subscribed to again instead.
    retryAttempts: 0,
  });
}
