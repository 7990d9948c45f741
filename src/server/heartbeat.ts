import type { WebSocket } from 'ws';

/** A peer that did not answer the last ping when the next is due is dead. */
const PING_INTERVAL_MS = 10_000;

/** Pings every socket and drops the dead ones: at most two intervals late. */
export function startHeartbeat(
  sockets: ReadonlySet<WebSocket>,
  intervalMs = PING_INTERVAL_MS,
): () => void {
  const answered = new WeakSet<WebSocket>();
  const watched = new WeakSet<WebSocket>();
  const timer = setInterval(() => {
    for (const socket of sockets) {
      if (watched.has(socket) && !answered.delete(socket)) {
        socket.terminate();
        continue;
      }
      if (!watched.has(socket)) {
        watched.add(socket);
        socket.on('pong', () => answered.add(socket));
      }
      socket.ping();
    }
  }, intervalMs).unref();
  return () => clearInterval(timer);
}
