import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { handleProtocols } from 'graphql-ws';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Logger } from '../domain/logger.ts';
import type { ClientAddresses } from './client-address.ts';
import type { ConnectionCounter } from './connections.ts';
import { GRAPHQL_PATH, pathOf } from './front.ts';
import { startHeartbeat } from './heartbeat.ts';
import { LeakyBuckets } from './leaky-bucket.ts';
import type { OriginCheck } from './origins.ts';
import { MAX_BODY_BYTES } from './read-body.ts';
import type { Readiness } from './readiness.ts';
import { CloseSocket, createProtocol, type ProtocolOptions } from './websocket-protocol.ts';

/** Messages of one socket: room for a page that subscribes to everything at once, not for a flood. */
const MESSAGES = { capacity: 2_000, restorePerSecond: 200, maxBuckets: 1 };
const GOING_AWAY = 1012;
const INTERNAL_ERROR = 4500;
const TOO_MANY_MESSAGES = 4429;

export interface WebSocketOptions extends ProtocolOptions {
  readonly addresses: ClientAddresses;
  readonly isAllowedOrigin: OriginCheck;
  readonly connections: ConnectionCounter;
  readonly readiness: Readiness;
  /** Whether floods are closed. */
  readonly limited: boolean;
  readonly log: Logger;
}

export interface WebSocketDoor {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Tells every client to come back elsewhere. */
  close(): void;
  /** Drops whoever did not leave. */
  terminate(): void;
}

/** WebSockets on `/graphql`: who may open one, and how its messages reach the protocol. */
export function createWebSocketDoor(options: WebSocketOptions): WebSocketDoor {
  const { addresses, connections, log } = options;
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_BODY_BYTES,
    perMessageDeflate: false,
    handleProtocols,
  });
  const protocol = createProtocol(options);
  const stopHeartbeat = startHeartbeat(server.clients);

  function serve(socket: WebSocket, address: string, leave: () => void): void {
    const gone = new AbortController();
    const messages = new LeakyBuckets(MESSAGES);
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: (data) => new Promise((resolve) => socket.send(data, () => resolve())),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (receive) => {
          socket.on('message', (data: Buffer) => {
            if (options.limited && !messages.take('', 1).allowed)
              socket.close(TOO_MANY_MESSAGES, 'Too many messages');
            else receive(data.toString('utf8')).catch((error: unknown) => closeFor(socket, error));
          });
        },
      },
      { address, signal: gone.signal, viewer: null },
    );
    socket.on('error', (error) => log.info({ err: error }, 'a WebSocket failed'));
    socket.once('close', (code, reason) => {
      leave();
      gone.abort();
      closed(code, reason.toString()).catch((error: unknown) =>
        log.error({ err: error }, 'a WebSocket did not close'),
      );
    });
  }

  function closeFor(socket: WebSocket, error: unknown): void {
    if (error instanceof CloseSocket) return socket.close(error.code, error.message);
    log.error({ err: error }, 'a WebSocket message failed');
    return socket.close(INTERNAL_ERROR, 'Internal server error');
  }

  return {
    upgrade: (request, socket, head) => {
      const address = addresses.addressOf(request);
      const status = refusalOf(request, address, options);
      if (status !== null) return refuse(socket, status);
      const leave = connections.enter('websocket', address);
      if (!leave) return refuse(socket, 429);
      socket.once('close', leave);
      return server.handleUpgrade(request, socket, head, (webSocket) =>
        serve(webSocket, address, leave),
      );
    },
    close: () => {
      stopHeartbeat();
      for (const client of server.clients) client.close(GOING_AWAY, 'Service restart');
    },
    terminate: () => {
      for (const client of server.clients) client.terminate();
    },
  };
}

function refusalOf(
  request: IncomingMessage,
  address: string,
  options: WebSocketOptions,
): number | null {
  if (pathOf(request) !== GRAPHQL_PATH) return 404;
  if (!options.addresses.isAllowed(address) || !options.isAllowedOrigin(request)) return 403;
  return options.readiness.reason() === 'draining' ? 503 : null;
}

function refuse(socket: Duplex, status: number): void {
  socket.once('error', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`,
  );
}
