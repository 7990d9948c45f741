import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createTokenVerifier,
  TokenRefusedError,
  type VerifyToken,
} from '../../../src/server/tokens.ts';

const CLAIMS = { sub: 'ada', role: 'RENTER', iss: 'edgebook', aud: 'edgebook' };

let issuer: Server;
let privateKey: CryptoKey;
let published: string;
let verify: VerifyToken;

beforeAll(async () => {
  const pair = await generateKeyPair('RS256', { extractable: true });
  privateKey = pair.privateKey;
  published = JSON.stringify({ ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'RS256' });
  issuer = createServer((_request, response) => response.end(`{"keys":[${published}]}`));
  issuer.listen(0, '127.0.0.1');
  await once(issuer, 'listening');
  const jwksUrl = new URL(`http://127.0.0.1:${(issuer.address() as AddressInfo).port}/keys`);
  verify = createTokenVerifier({ secret: null, jwksUrl, issuer: 'edgebook', audience: 'edgebook' });
});

afterAll(() => {
  issuer.closeAllConnections();
  issuer.close();
});

function sign(alg: string, key: CryptoKey | Uint8Array, kid = 'one'): Promise<string> {
  return new SignJWT(CLAIMS).setProtectedHeader({ alg, kid }).setExpirationTime('1m').sign(key);
}

describe('with published keys', () => {
  test('their RS256 signatures count', async () => {
    expect(await verify(await sign('RS256', privateKey))).toMatchObject({ accountId: 'ada' });
  });

  test('a shared secret does not, not even one made of the public key', async () => {
    const secret = new TextEncoder().encode('a-secret-of-more-than-32-characters');
    await expect(verify(await sign('HS256', secret))).rejects.toThrow(TokenRefusedError);
    const confused = new TextEncoder().encode(published);
    await expect(verify(await sign('HS256', confused))).rejects.toThrow(TokenRefusedError);
  });

  test('a key that was not published does not', async () => {
    const other = await generateKeyPair('RS256');
    await expect(verify(await sign('RS256', other.privateKey))).rejects.toThrow(TokenRefusedError);
    await expect(verify(await sign('RS256', privateKey, 'two'))).rejects.toThrow(TokenRefusedError);
  });
});
