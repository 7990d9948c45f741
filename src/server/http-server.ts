import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Running } from '../domain/logger.ts';
import { trackSockets, type OpenSockets } from './open-sockets.ts';
import { CLOGGED_BYTES } from './pressure.ts';
import type { WebSocketDoor } from './websocket.ts';

/** A request must have arrived whole by then: a client that dribbles its body holds no connection. */
const REQUEST_TIMEOUT_MS = 15_000;
const TIMEOUT_CHECK_MS = 1_000;
/** Longer than proxies keep idle connections, so that it is never us who closes one they just used. */
const KEEP_ALIVE_MS = 65_000;
const MAX_CONNECTIONS = 16_384;
/** Requests under way may finish for so long. */
const DRAIN_MS = 5_000;

export interface HttpServer extends Running {
  /** `http://127.0.0.1:4000` */
  readonly url: string;
}

export interface HttpServerOptions {
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  readonly front: RequestListener;
  readonly webSockets: WebSocketDoor;
  /** A connection was dropped because the node has as many as it takes. */
  readonly onDropped: () => void;
  /** Ends the live streams, so that their connections can be closed. */
  readonly endStreams: () => void;
}

/** Listens; `stop` lets requests finish, tells live clients to come back, and gives up after 5 s. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const server = createServer(
    {
      requestTimeout: REQUEST_TIMEOUT_MS,
      headersTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
      highWaterMark: CLOGGED_BYTES,
    },
    options.front,
  );
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.maxConnections = MAX_CONNECTIONS;
  server.on('upgrade', (request, socket, head) =>
    options.webSockets.upgrade(request, socket, head),
  );
  server.on('drop', () => options.onDropped());
  const sockets = trackSockets(server);
  await listen(server, options.host, options.port);
  let stopping: Promise<void> | null = null;
  return {
    url: urlOf(server, options.host),
    stop: () => (stopping ??= drain(server, sockets, options)),
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

async function drain(
  server: Server,
  sockets: OpenSockets,
  { webSockets, endStreams }: HttpServerOptions,
): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  webSockets.close();
  endStreams();
  sockets.endWhenIdle();
  const deadline = setTimeout(() => {
    webSockets.terminate();
    server.closeAllConnections();
  }, DRAIN_MS);
  await closed;
  clearTimeout(deadline);
}
