import {
  readServerSentEvents,
  type ServerSentEvent,
} from '../../../src/client/server-sent-events.ts';
import type { StandIn } from './stand-in.ts';

/** A subscription over server-sent events whose results are asked for one by one. */
export interface RawStream {
  /** The next result; null at the end of the operation. */
  next(): Promise<unknown>;
  /** Vanishes. */
  leave(): void;
}

/** The events of an answer. */
export function eventsOf({ body }: Response): AsyncIterator<ServerSentEvent> {
  if (!body) throw new Error('there is no stream');
  // Nobody has to hold on to the response: fetch cancels a body that nobody reads when that is gone.
  const read = body.pipeThrough(new TransformStream<Uint8Array, Uint8Array>());
  return readServerSentEvents(read)[Symbol.asyncIterator]();
}

export async function openStream(
  { post }: StandIn,
  operation: { readonly query: string; readonly variables?: object },
  headers: Record<string, string> = {},
): Promise<RawStream> {
  const leaving = new AbortController();
  const accept = { accept: 'text/event-stream', ...headers };
  const events = eventsOf(await post(operation, accept, leaving.signal));
  return {
    next: async () => {
      const { done, value } = await events.next();
      return done === true || value.event !== 'next' ? null : (JSON.parse(value.data) as unknown);
    },
    leave: () => leaving.abort(),
  };
}
