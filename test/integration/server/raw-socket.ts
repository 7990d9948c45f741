import { on, once } from 'node:events';
import { WebSocket } from 'ws';

export interface RawMessage {
  readonly id?: string;
  readonly type: string;
  readonly payload?: unknown;
}

/** A client that says exactly what the test says. Messages are kept until they are asked for. */
export interface RawSocket {
  readonly socket: WebSocket;
  say(message: object | string): void;
  subscribe(id: string, query: string, variables?: object): void;
  next(): Promise<RawMessage>;
  /** Resolves with the code that it was closed with. */
  readonly closed: Promise<number>;
}

export async function openRaw(origin: string, protocol?: string): Promise<RawSocket> {
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/graphql`, protocol ?? []);
  const messages = on(socket, 'message');
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  await once(socket, 'open');
  const say = (message: object | string): void =>
    socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  return {
    socket,
    say,
    subscribe: (id, query, variables = {}) =>
      say({ id, type: 'subscribe', payload: { query, variables } }),
    next: async () => {
      const { value } = (await messages.next()) as IteratorResult<[Buffer]>;
      return JSON.parse(String(value[0])) as RawMessage;
    },
    closed,
  };
}

/** A socket that has been acknowledged. */
export async function openReady(origin: string, token: string | null = null): Promise<RawSocket> {
  const raw = await openRaw(origin, 'graphql-transport-ws');
  const payload = token === null ? {} : { authorization: `Bearer ${token}` };
  raw.say({ type: 'connection_init', payload });
  const { type } = await raw.next();
  if (type !== 'connection_ack') throw new Error(`not acknowledged: ${type}`);
  return raw;
}
