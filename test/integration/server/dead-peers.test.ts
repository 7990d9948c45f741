import { readFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { EventStream } from '../../../src/server/event-stream.ts';
import { startHeartbeat } from '../../../src/server/heartbeat.ts';

const closing: (() => void)[] = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A client that has asked, and the answer at the server's side. */
async function asked(): Promise<{ client: Socket; response: ServerResponse }> {
  const server: Server = createServer({ highWaterMark: 65_536 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  closing.push(() => {
    client.destroy();
    server.close();
  });
  client.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n');
  const [, response] = (await once(server, 'request')) as [unknown, ServerResponse];
  return { client, response };
}

const TCP_CONNECTIONS = '/proc/net/tcp';

/** When the system will probe a connection that is silent: in hundredths of a second, null for never. */
function nextProbe(localPort: number): number | null {
  const port = localPort.toString(16).toUpperCase().padStart(4, '0');
  const rows = readFileSync(TCP_CONNECTIONS, 'utf8').split('\n');
  const established = rows.find((row) => new RegExp(`^ *\\d+: \\w+:${port} \\S+ 01 `).test(row));
  const [, due] = / 02:(\w{8}) /.exec(established ?? '') ?? [];
  return due === undefined ? null : Number.parseInt(due, 16);
}

describe('a WebSocket', () => {
  test('whose peer does not answer pings is dropped, and one that answers stays', async () => {
    const server = new WebSocketServer({ port: 0 });
    closing.push(() => server.close());
    await once(server, 'listening');
    const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const [dead, alive] = [new WebSocket(url, { autoPong: false }), new WebSocket(url)];
    closing.push(() => alive.terminate());
    await Promise.all([once(dead, 'open'), once(alive, 'open')]);
    const heartbeat = startHeartbeat(140);
    closing.push(() => heartbeat.stop());
    for (const socket of server.clients) heartbeat.watch(socket);
    const [code] = (await once(dead, 'close')) as [number];
    expect(code).toBe(1006);
    for (let round = 0; round < 2; round += 1) await once(alive, 'ping');
    expect([...server.clients].map(({ readyState }) => readyState)).toEqual([WebSocket.OPEN]);
  });
});

describe('an event stream', () => {
  test('is kept alive with comments', async () => {
    const { client, response } = await asked();
    const stream = new EventStream(response, 20);
    let text = '';
    client.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    await expect.poll(() => text.match(/^:$/gm)?.length).toBeGreaterThan(3);
    stream.end();
  });

  test.runIf(process.platform === 'linux')(
    'whose peer may have vanished is probed by the system before the next comment',
    async () => {
      const { response } = await asked();
      const port = response.socket?.localPort ?? 0;
      expect(nextProbe(port)).toBeNull();
      const stream = new EventStream(response);
      await expect.poll(() => nextProbe(port)).toBeGreaterThan(0);
      expect(nextProbe(port)).toBeLessThanOrEqual(400);
      stream.end();
    },
  );

  test('that nobody reads is given up, open or ended', async () => {
    for (const end of [false, true]) {
      const { client, response } = await asked();
      client.pause();
      const closed = once(response, 'close');
      const stream = new EventStream(response, 50);
      while (!stream.pressure.clogged || response.writableLength < 10_000_000)
        stream.write('x'.repeat(1_000_000));
      if (end) stream.end();
      await closed;
      expect(response.writableFinished).toBe(false);
    }
  });
});
