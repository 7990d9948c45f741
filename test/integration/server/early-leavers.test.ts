import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startStandIn, TOKEN_RULES, type StandIn } from './stand-in.ts';

/** The keys that tokens are checked with; they come when the test lets them. */
let issuer: Server;
let asked: PromiseWithResolvers<void>;
let released: PromiseWithResolvers<void>;
let token: string;
let world: StandIn;

beforeEach(async () => {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), alg: 'RS256' }] });
  token = await new SignJWT({ sub: 'ada', role: 'RENTER', iss: 'edgebook', aud: 'edgebook' })
    .setProtectedHeader({ alg: 'RS256' })
    .setExpirationTime('1m')
    .sign(privateKey);
  [asked, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  issuer = createServer((_request, response) => {
    asked.resolve();
    void released.promise.then(() => response.end(keys));
  });
  issuer.listen(0, '127.0.0.1');
  await once(issuer, 'listening');
  const jwksUrl = new URL(`http://127.0.0.1:${(issuer.address() as AddressInfo).port}/keys`);
  world = await startStandIn({
    tokens: { ...TOKEN_RULES, secret: null, jwksUrl },
    liveLimits: { perAddress: 1, perAccount: 1, subscriptions: 1 },
  });
});

afterEach(async () => {
  released.resolve();
  await world.server.stop();
  issuer.closeAllConnections();
  issuer.close();
});

async function ask(): Promise<Socket> {
  const socket = connect(Number(new URL(world.server.url).port), '127.0.0.1');
  const query = encodeURIComponent('subscription { mine }');
  socket.write(
    `GET /graphql?query=${query} HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\n` +
      `authorization: Bearer ${token}\r\n\r\n`,
  );
  await once(socket, 'connect');
  return socket;
}

test('a client that goes while its token is looked at takes no place', async () => {
  const early = await ask();
  await asked.promise;
  early.resetAndDestroy();
  // Whatever comes later is seen later.
  await fetch(`${world.server.url}/healthz`);
  released.resolve();
  const stays = await ask();
  const [answer] = (await once(stays, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1.1 200 /);
  await expect.poll(() => world.subscriptions('sse')).toBe(1);
  stays.destroy();
  await expect.poll(() => world.subscriptions('sse')).toBe(0);
  expect(await world.metric('live_groups')).toBe(0);
});
