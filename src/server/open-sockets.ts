import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export interface OpenSockets {
  /** Ends what is idle now, and every other connection when its answer is out. */
  endWhenIdle(): void;
}

/**
 * The HTTP connections of a server. Node's own list of idle ones leaves out those that have not sent
 * a request yet, as browsers open them in advance: they would hold up every stop.
 */
export function trackSockets(server: Server): OpenSockets {
  const idle = new Set<Socket>();
  let ending = false;

  function rest(socket: Socket): void {
    if (ending) socket.end();
    else if (!socket.destroyed) idle.add(socket);
  }
  // One function for all: a stream of events holds what listens to it for hours.
  function onSocketClosed(this: Socket): void {
    idle.delete(this);
  }
  function onAnswered(this: ServerResponse): void {
    rest(this.req.socket);
  }
  server.on('connection', (socket) => {
    rest(socket);
    socket.on('close', onSocketClosed);
  });
  server.on('request', ({ socket }, response) => {
    idle.delete(socket);
    response.on('close', onAnswered);
  });
  // From now on it is the WebSocket server's.
  server.on('upgrade', (request) => idle.delete(request.socket));

  return {
    endWhenIdle: () => {
      ending = true;
      for (const socket of idle) socket.end();
    },
  };
}
