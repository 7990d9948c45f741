import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { PATH, SUBPROTOCOL } from './doors.ts';
import { nextMessage, nextServerSentEvent } from './payload.ts';

/** A server of the bench in its own process. */
export interface Arm {
  readonly port: number;
  /** Tells every subscriber of one change. */
  publish(stamp: string): unknown;
}

/** What a fan-out costs at the least with `ws`: it knows its members and sends them the bytes. */
export async function startRawWebSocket(): Promise<Arm> {
  const http = createServer();
  const members = new Set<WebSocket>();
  const server = new WebSocketServer({
    server: http,
    path: PATH,
    handleProtocols: () => SUBPROTOCOL,
  });
  server.on('connection', (socket) => {
    socket.once('message', () => {
      socket.send('{"type":"connection_ack"}');
      members.add(socket);
    });
    socket.once('close', () => members.delete(socket));
    socket.on('error', () => socket.terminate());
  });
  return {
    port: await listen(http),
    publish: (stamp) => {
      const message = nextMessage(stamp);
      for (const socket of members) socket.send(message, { binary: false });
    },
  };
}

/** The same with Node's own HTTP server and server-sent events. */
export async function startRawSse(): Promise<Arm> {
  const members = new Set<ServerResponse>();
  const follow: RequestListener = (request, response) => {
    request.resume();
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
    });
    response.write(':\n\n');
    members.add(response);
    response.once('close', () => members.delete(response));
  };
  return {
    port: await listen(createServer(follow)),
    publish: (stamp) => {
      const event = nextServerSentEvent(stamp);
      for (const response of members) response.write(event);
    },
  };
}

/** Listens on a free port. */
export async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}
