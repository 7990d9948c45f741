import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { freePort } from './free-port.ts';

/** A path to a server on this machine that can go dead for some of who took it. */
export interface TcpProxy {
  readonly port: number;
  /**
   * Swallows, from now on, what the server says on open connections whose client has ever said `word`;
   * neither side is told. New connections are well. Gives how many there were.
   */
  deafen(word: string): number;
  /** Breaks every open connection, and every new one until {@link TcpProxy.mend}. */
  cut(): void;
  mend(): void;
  stop(): Promise<void>;
}

interface Connection {
  readonly sockets: readonly [client: Socket, server: Socket];
  said: string;
  isDeaf: boolean;
}

/** Starts a proxy to a port of this machine; the caller stops it. */
export async function startTcpProxy(target: number): Promise<TcpProxy> {
  const open = new Set<Connection>();
  let isCut = false;
  const server = createServer((client) => {
    if (isCut) return void client.destroy();
    const connection = join(client, connect(target, '127.0.0.1'));
    open.add(connection);
    return void client.on('close', () => open.delete(connection));
  });
  const port = await freePort();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const breakAll = (): void => {
    for (const { sockets } of open) for (const socket of sockets) socket.destroy();
  };
  return {
    port,
    deafen: (word) => {
      const chosen = [...open].filter(({ said }) => said.includes(word));
      for (const connection of chosen) connection.isDeaf = true;
      return chosen.length;
    },
    cut: () => {
      isCut = true;
      breakAll();
    },
    mend: () => {
      isCut = false;
    },
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      breakAll();
      await closed;
    },
  };
}

function join(client: Socket, server: Socket): Connection {
  const connection: Connection = { sockets: [client, server], said: '', isDeaf: false };
  client.on('data', (chunk) => {
    connection.said += chunk.toString('latin1').toLowerCase();
    server.write(chunk);
  });
  server.on('data', (chunk) => {
    if (!connection.isDeaf) client.write(chunk);
  });
  for (const [socket, peer] of [
    [client, server],
    [server, client],
  ] as const) {
    socket.on('error', () => undefined);
    socket.on('close', () => peer.destroy());
  }
  return connection;
}
