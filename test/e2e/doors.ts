import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import { readServerSentEvents } from '../../src/client/server-sent-events.ts';
import type { TestEdgebook } from '../support/edgebook.ts';

/** One operation, as a client that knows only the protocol sends it. */
export interface Asked {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly token?: string | null;
}

export interface Complaint {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly locations?: readonly object[];
  readonly extensions?: { readonly code?: string };
}

/** The first result of an operation. */
export interface Answer {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly Complaint[];
}

/** One field of an answer that has to have data. */
export function fieldOf({ data, errors }: Answer, name: string): unknown {
  if (!data) throw new Error(`no data: ${JSON.stringify(errors)}`);
  return data[name];
}

type Door = (node: TestEdgebook, asked: Asked) => Promise<Answer>;

const TIMEOUT_MS = 10_000;

function headersOf({ token = null }: Asked, accept: string): Record<string, string> {
  return { accept, ...(token === null ? {} : { authorization: `Bearer ${token}` }) };
}

function send(node: TestEdgebook, asked: Asked, accept: string): Promise<Response> {
  const { query, variables = {} } = asked;
  return fetch(`${node.origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headersOf(asked, accept) },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
}

async function post(node: TestEdgebook, asked: Asked): Promise<Answer> {
  return (await (await send(node, asked, 'application/json')).json()) as Answer;
}

async function get(node: TestEdgebook, asked: Asked): Promise<Answer> {
  const { query, variables = {} } = asked;
  const parameters = new URLSearchParams({ query, variables: JSON.stringify(variables) });
  const response = await fetch(`${node.origin}/graphql?${parameters}`, {
    headers: headersOf(asked, 'application/json'),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return (await response.json()) as Answer;
}

async function sse(node: TestEdgebook, asked: Asked): Promise<Answer> {
  const response = await send(node, asked, 'text/event-stream');
  if (!response.headers.get('content-type')?.startsWith('text/event-stream') || !response.body)
    return (await response.json()) as Answer;
  for await (const { event, data } of readServerSentEvents(response.body)) {
    if (event === 'next') return JSON.parse(data) as Answer;
  }
  return {};
}

/** graphql-ws's own client; the caller disposes of it. */
export function socketClient(node: TestEdgebook, token: string | null): Client {
  return createClient({
    url: `${node.origin.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    ...(token === null ? {} : { connectionParams: { authorization: `Bearer ${token}` } }),
  });
}

async function webSocket(node: TestEdgebook, asked: Asked): Promise<Answer> {
  const { query, variables = {}, token = null } = asked;
  const client = socketClient(node, token);
  try {
    const results = client.iterate({ query, variables });
    const first = await results.next();
    return (first.value ?? {}) as Answer;
  } catch (errors) {
    if (Array.isArray(errors)) return { errors: errors as Complaint[] };
    throw errors;
  } finally {
    await client.dispose();
  }
}

/** Every way in. */
export const DOORS = {
  POST: post,
  GET: get,
  SSE: sse,
  WebSocket: webSocket,
} as const satisfies Record<string, Door>;

export type DoorName = keyof typeof DOORS;
