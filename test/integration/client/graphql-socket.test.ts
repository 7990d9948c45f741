import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ReplayTickerDocument } from '../../../src/client/generated/graphql.ts';
import {
  createGraphqlClient,
  GraphqlRequestError,
  type GraphqlClient,
} from '../../../src/client/graphql-client.ts';
import { createSocketClient } from '../../../src/client/graphql-socket.ts';
import { startEdgebook, type TestEdgebook } from '../../support/edgebook.ts';
import { freePort } from '../../support/free-port.ts';

const CLIENTS = { sse: createGraphqlClient, ws: createSocketClient };

type Client = Pick<GraphqlClient, 'subscribe'>;

let server: TestEdgebook;

beforeAll(async () => {
  server = await startEdgebook();
});
afterAll(() => server?.stop());

/** The code that the first event fails with. */
async function failureOf(client: Client, document: string): Promise<string> {
  const events = client.subscribe(document, {}, new AbortController().signal);
  const error: unknown = await events.next().catch((reason: unknown) => reason);
  if (error instanceof GraphqlRequestError) return error.code;
  throw new Error('the subscription did not fail', { cause: error });
}

describe.each(['sse', 'ws'] as const)('a subscription over %s', (transport) => {
  function clientOf(token: string | null = null, url = `${server.origin}/graphql`): Client {
    return CLIENTS[transport]({ url, token });
  }

  test('gives what is pushed and, told to, ends although the stream is quiet', async () => {
    const stopping = new AbortController();
    const events = clientOf(server.devToken('RENTER')).subscribe(
      ReplayTickerDocument,
      {},
      stopping.signal,
    );
    const { value: first } = await events.next();
    expect(first).toEqual({ priceTicker: { __typename: 'StreamStart' } });
    const waiting = events.next();
    stopping.abort();
    await expect(waiting).rejects.toThrow();
  });

  test('fails with the code of the server', async () => {
    const unknown = 'subscription { nothing }';
    expect(await failureOf(clientOf(), unknown)).toBe('GRAPHQL_VALIDATION_FAILED');
    const operators = 'subscription { cacheEvents { eventId } }';
    expect(await failureOf(clientOf(), operators)).toBe('UNAUTHENTICATED');
    expect(await failureOf(clientOf('no token'), operators)).toBe('UNAUTHENTICATED');
  });

  test('fails with NETWORK where nobody answers', async () => {
    const nowhere = `http://127.0.0.1:${await freePort()}/graphql`;
    expect(await failureOf(clientOf(null, nowhere), 'subscription { x }')).toBe('NETWORK');
  });
});
