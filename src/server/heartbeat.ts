import type { WebSocket } from 'ws';

/** Every socket is pinged once in a round; who has not answered by its next ping is dead. */
const ROUND_MS = 14_000;
/** A round has so many turns: pinging all sockets in one would hold up everything else. */
const TURNS = 14;

export interface Heartbeat {
  /** Pings the socket until it closes, and drops it at most two rounds after its peer has gone. */
  watch(socket: WebSocket): void;
  stop(): void;
}

/** Finds out who vanished without a word. */
export function startHeartbeat(roundMs = ROUND_MS): Heartbeat {
  const turns = Array.from({ length: TURNS }, () => new Set<WebSocket>());
  const unanswered = new WeakSet<WebSocket>();
  let turn = 0;
  const timer = setInterval(() => {
    turn = (turn + 1) % TURNS;
    for (const socket of turns[turn] ?? []) beat(socket);
  }, roundMs / TURNS).unref();

  function beat(socket: WebSocket): void {
    if (unanswered.has(socket)) return socket.terminate();
    unanswered.add(socket);
    return socket.ping();
  }
  // One function for all sockets: there are many.
  function onPong(this: WebSocket): void {
    unanswered.delete(this);
  }
  function onClosed(this: WebSocket): void {
    for (const sockets of turns) sockets.delete(this);
  }

  return {
    watch: (socket) => {
      turns[turn]?.add(socket);
      socket.on('pong', onPong);
      socket.on('close', onClosed);
    },
    stop: () => clearInterval(timer),
  };
}
