import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Logger } from '../domain/logger.ts';
import type { ClientAddresses } from './client-address.ts';
import { GRAPHQL_PATH, pathOf } from './front.ts';
import { startHeartbeat } from './heartbeat.ts';
import { LeakyBuckets } from './leaky-bucket.ts';
import type { OriginCheck } from './origins.ts';
import { Pressure } from './pressure.ts';
import { MAX_BODY_BYTES } from './read-body.ts';
import type { Readiness } from './readiness.ts';
import { CLOSE_CODES } from './websocket-close-codes.ts';
import { SUBPROTOCOL } from './websocket-messages.ts';
import { WebSocketSession, type SessionOptions } from './websocket-session.ts';

/** Messages of one socket: room for a page that subscribes to everything at once, not for a flood. */
const MESSAGES = { capacity: 2_000, restorePerSecond: 200, maxBuckets: 1 };

export interface WebSocketOptions extends SessionOptions {
  readonly addresses: ClientAddresses;
  readonly isAllowedOrigin: OriginCheck;
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

/** WebSockets on `/graphql`: who may open one, and how its messages reach its session. */
export function createWebSocketDoor(options: WebSocketOptions): WebSocketDoor {
  const { addresses, limits, metrics, log } = options;
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_BODY_BYTES,
    perMessageDeflate: false,
    handleProtocols: (offered) => offered.has(SUBPROTOCOL) && SUBPROTOCOL,
  });
  const heartbeat = startHeartbeat();

  function serve(socket: WebSocket, raw: Duplex, address: string, leave: () => void): void {
    socket.on('error', (error) => log.info({ err: error }, 'a WebSocket failed'));
    socket.once('close', leave);
    heartbeat.watch(socket);
    if (socket.protocol !== SUBPROTOCOL) {
      socket.close(CLOSE_CODES.SUBPROTOCOL_NOT_ACCEPTABLE, 'Subprotocol not acceptable');
      return;
    }
    const pressure = new Pressure(raw);
    const session = new WebSocketSession(options, {
      address,
      pressure,
      send: (message) => socket.send(message),
      // Nothing that the library sends is ever put off, so no frame of its own is torn apart.
      sendShared: (head, frames) => {
        if (socket.readyState === socket.OPEN) frames.write(raw, head);
      },
      close: (code, reason) => socket.close(code, reason),
    });
    socket.once('close', () => session.end());
    const receive = guarded(socket, pressure, (text) => session.receive(text));
    socket.on('message', (data: Buffer) => receive(data.toString('utf8')));
  }

  /** Who floods is closed; who does not read its answers is not read from. */
  function guarded(
    socket: WebSocket,
    pressure: Pressure,
    receive: (text: string) => void,
  ): (text: string) => void {
    const messages = new LeakyBuckets(MESSAGES);
    return (text) => {
      // What was under way when the socket was closed is nobody's any more.
      if (socket.readyState !== socket.OPEN) return undefined;
      if (options.limited && !messages.take('', 1).allowed) {
        metrics.refused('websocket', 'messages');
        return socket.close(CLOSE_CODES.TOO_MANY_REQUESTS, 'Too many messages');
      }
      try {
        receive(text);
      } catch (error) {
        log.error({ err: error }, 'a WebSocket message failed');
        return socket.close(CLOSE_CODES.INTERNAL_ERROR, 'Internal server error');
      }
      if (!pressure.clogged || socket.isPaused) return undefined;
      socket.pause();
      return pressure.onDrained(() => socket.resume());
    };
  }

  return {
    upgrade: (request, socket, head) => {
      const address = addresses.addressOf(request);
      const status = refusalOf(request, address, options);
      if (status !== null) return refuse(socket, status);
      const leave = limits.openSocket(address);
      if (!leave) return refuse(socket, 429);
      socket.once('close', leave);
      return server.handleUpgrade(request, socket, head, (webSocket) =>
        serve(webSocket, socket, address, leave),
      );
    },
    close: () => {
      heartbeat.stop();
      for (const client of server.clients)
        client.close(CLOSE_CODES.SERVICE_RESTART, 'Service restart');
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
