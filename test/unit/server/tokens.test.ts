import { SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { createTokenVerifier, signToken, TokenRefusedError } from '../../../src/server/tokens.ts';

const RULES = {
  secret: 'a-secret-of-more-than-32-characters',
  jwksUrl: null,
  issuer: 'edgebook',
  audience: 'edgebook',
};
const KEY = new TextEncoder().encode(RULES.secret);
const verify = createTokenVerifier(RULES);

interface Forgery {
  readonly header?: object;
  readonly claims?: Record<string, unknown>;
  readonly without?: string;
  readonly key?: Uint8Array;
}

/** A token that is right but for one thing. */
function token({
  header = {},
  claims = {},
  without = '',
  key = KEY,
}: Forgery = {}): Promise<string> {
  const seconds = Math.floor(Date.now() / 1000);
  const right = { sub: 'ada', role: 'RENTER', iss: 'edgebook', aud: 'edgebook', exp: seconds + 60 };
  const payload = Object.fromEntries(
    Object.entries({ ...right, ...claims }).filter(([name]) => name !== without),
  );
  return new SignJWT(payload)
    .setProtectedHeader({ alg: 'HS256', ...header })
    .sign(key, { crit: { extra: true } });
}

describe('a token', () => {
  test('that we signed names its viewer', async () => {
    const signed = await signToken(RULES, {
      account: 'ada',
      role: 'PROVIDER',
      expiresInMs: 60_000,
    });
    const viewer = await verify(signed);
    expect(viewer).toMatchObject({ accountId: 'ada', role: 'PROVIDER' });
    expect(viewer.expiresAt).toBeGreaterThan(Date.now());
  });

  const past = Math.floor(Date.now() / 1000) - 60;
  test.each<[string, Forgery]>([
    ['another key', { key: new TextEncoder().encode('another-secret-that-is-long-enough') }],
    ['another algorithm', { header: { alg: 'HS512' } }],
    ['an unknown critical header', { header: { crit: ['extra'], extra: 1 } }],
    ['another issuer', { claims: { iss: 'somebody' } }],
    ['another audience', { claims: { aud: 'somebody' } }],
    ['an expiry in the past', { claims: { exp: past } }],
    ['a start in the future', { claims: { nbf: past + 3600 } }],
    ['no expiry', { without: 'exp' }],
    ['no subject', { without: 'sub' }],
    ['no issuer', { without: 'iss' }],
    ['no audience', { without: 'aud' }],
    ['no role', { without: 'role' }],
    ['an unknown role', { claims: { role: 'ADMIN' } }],
    ['the role of strangers', { claims: { role: 'PUBLIC' } }],
    ['a subject with a line break', { claims: { sub: 'ada\nlovelace' } }],
    ['an endless subject', { claims: { sub: 'x'.repeat(9000) } }],
  ])('with %s is refused', async (_what, forgery) => {
    await expect(verify(await token(forgery))).rejects.toThrow(TokenRefusedError);
  });

  test('without a signature is refused', async () => {
    const unsigned = new UnsecuredJWT({ sub: 'ada', role: 'OPERATOR' })
      .setIssuer('edgebook')
      .setAudience('edgebook')
      .setExpirationTime('1h')
      .encode();
    await expect(verify(unsigned)).rejects.toThrow(TokenRefusedError);
  });
});
