import { createGraphqlClient } from '../../src/client/graphql-client.ts';
import type { TestEdgebook } from '../support/edgebook.ts';
import { socketClient, type Asked } from './doors.ts';

export type StreamDoor = 'SSE' | 'WebSocket';

/** All that a stream has sent so far, in order; how it ended, if it did, comes last. */
export interface Followed {
  readonly heard: readonly unknown[];
}

/** Follows a subscription until the signal aborts. */
export function followStream(
  node: TestEdgebook,
  door: StreamDoor,
  asked: Asked,
  signal: AbortSignal,
): Followed {
  const heard: unknown[] = [];
  const events = door === 'SSE' ? overSse(node, asked, signal) : overSocket(node, asked, signal);
  const read = async (): Promise<void> => {
    for await (const data of events) heard.push(data);
  };
  read().then(
    () => heard.push('ended'),
    (error: unknown) => heard.push(error),
  );
  return { heard };
}

function overSse(node: TestEdgebook, asked: Asked, signal: AbortSignal): AsyncIterable<unknown> {
  const { query, variables = {}, token = null } = asked;
  const client = createGraphqlClient({ url: `${node.origin}/graphql`, token });
  return client.subscribe(query, variables, signal);
}

async function* overSocket(
  node: TestEdgebook,
  { query, variables = {}, token = null }: Asked,
  signal: AbortSignal,
): AsyncGenerator {
  const client = socketClient(node, token);
  signal.addEventListener('abort', () => void client.dispose(), { once: true });
  for await (const { data } of client.iterate({ query, variables })) yield data;
}
