import { MAX_ID_LENGTH } from './connection-limits.ts';
import { isRecord, toOperationParams, type OperationParams } from './operation-params.ts';

/** The one subprotocol that is spoken. Source: graphql-transport-ws. */
export const SUBPROTOCOL = 'graphql-transport-ws';

type Payload = Readonly<Record<string, unknown>>;

/** What a client may say. */
export type ClientMessage =
  | { readonly type: 'connection_init'; readonly payload: Payload | null }
  | { readonly type: 'ping' | 'pong'; readonly payload: Payload | null }
  | { readonly type: 'subscribe'; readonly id: string; readonly payload: OperationParams }
  | { readonly type: 'complete'; readonly id: string };

/** What we say, results aside: those are put together from shared bytes. */
export type ServerMessage =
  | { readonly type: 'connection_ack' }
  | { readonly type: 'pong'; readonly payload?: Payload }
  | { readonly type: 'error'; readonly id: string; readonly payload: readonly object[] }
  | { readonly type: 'complete'; readonly id: string };

/** Null for anything that the protocol does not let a client say. */
export function parseMessage(text: string): ClientMessage | null {
  const message = parseJson(text);
  if (!isRecord(message)) return null;
  const { type, id, payload = null } = message;
  switch (type) {
    case 'connection_init':
    case 'ping':
    case 'pong':
      return payload === null || isRecord(payload) ? { type, payload } : null;
    case 'subscribe': {
      const params = toOperationParams(payload);
      return isId(id) && params ? { type, id, payload: params } : null;
    }
    case 'complete':
      return isId(id) ? { type, id } : null;
    default:
      return null;
  }
}

export function encodeMessage(message: ServerMessage): string {
  return JSON.stringify(message);
}

/** A result's message up to its payload: the member's own part, before the shared bytes. */
export function resultPrefix(id: string): Buffer {
  return Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":`);
}

function isId(id: unknown): id is string {
  return typeof id === 'string' && id.length > 0 && id.length <= MAX_ID_LENGTH;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
