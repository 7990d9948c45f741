import { createRemoteJWKSet, jwtVerify, SignJWT, type JWTPayload } from 'jose';
import { SECOND_MS } from '../domain/time.ts';
import { isAccountId, TOKEN_ROLES, type TokenRole, type Viewer } from '../domain/viewer.ts';

/** How tokens are checked: with a shared secret (HS256), or with published keys (RS256), never both. */
export interface TokenRules {
  readonly secret: string | null;
  readonly jwksUrl: URL | null;
  readonly issuer: string;
  readonly audience: string;
}

/** A token is refused; the reason stays with us. */
export class TokenRefusedError extends Error {
  override readonly name = 'TokenRefusedError';
}

export type VerifyToken = (token: string) => Promise<Viewer>;

const MAX_TOKEN_LENGTH = 8_192;
const CLOCK_TOLERANCE_S = 5;
const JWKS_TIMEOUT_MS = 3_000;

/** Signs a bearer token for an account; only with a shared secret. `expiresInMs` from now. */
export async function signToken(
  rules: Pick<TokenRules, 'secret' | 'issuer' | 'audience'>,
  claims: { readonly account: string; readonly role: TokenRole; readonly expiresInMs: number },
): Promise<string> {
  if (rules.secret === null) throw new Error('Tokens of AUTH_JWKS_URL are signed by their issuer.');
  const now = Math.floor(Date.now() / SECOND_MS);
  return new SignJWT({ role: claims.role })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(claims.account)
    .setIssuer(rules.issuer)
    .setAudience(rules.audience)
    .setIssuedAt(now)
    .setExpirationTime(now + Math.floor(claims.expiresInMs / SECOND_MS))
    .sign(keyOf(rules.secret));
}

/**
 * Gives a function that turns a token into its viewer or throws {@link TokenRefusedError}. The
 * algorithm is ours, never the token's; issuer, audience, expiry, subject and role are required.
 */
export function createTokenVerifier(rules: TokenRules): VerifyToken {
  const options = {
    issuer: rules.issuer,
    audience: rules.audience,
    requiredClaims: ['exp', 'sub', 'iss', 'aud'],
    clockTolerance: CLOCK_TOLERANCE_S,
  };
  const verify = rules.jwksUrl
    ? publishedKeys(rules.jwksUrl, options)
    : sharedSecret(rules.secret, options);
  return async (token) => {
    if (token.length > MAX_TOKEN_LENGTH) throw new TokenRefusedError('too long');
    try {
      return toViewer(await verify(token));
    } catch (cause) {
      throw new TokenRefusedError('not valid', { cause });
    }
  };
}

type Verify = (token: string) => Promise<JWTPayload>;

function publishedKeys(url: URL, options: object): Verify {
  const keys = createRemoteJWKSet(url, { timeoutDuration: JWKS_TIMEOUT_MS });
  return async (token) =>
    (await jwtVerify(token, keys, { ...options, algorithms: ['RS256'] })).payload;
}

function sharedSecret(secret: string | null, options: object): Verify {
  const key = keyOf(secret ?? '');
  return async (token) =>
    (await jwtVerify(token, key, { ...options, algorithms: ['HS256'] })).payload;
}

function keyOf(secret: string): Uint8Array {
  return new TextEncoder().encode(secret);
}

function toViewer({ sub, role, exp }: JWTPayload): Viewer {
  const known = TOKEN_ROLES.find((name) => name === role);
  if (known === undefined || sub === undefined || exp === undefined || !isAccountId(sub)) {
    throw new TokenRefusedError('claims');
  }
  return { accountId: sub, role: known, expiresAt: exp * SECOND_MS };
}
