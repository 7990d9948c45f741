import type { GraphQLError } from 'graphql';
import type { Viewer } from '../domain/viewer.ts';
import { apiError } from '../graphql/errors.ts';
import type { VerifyToken } from './tokens.ts';

const BEARER = /^Bearer ([\w.~+/=-]+)$/i;

/** Whom an `authorization` value names; null for none. Anything else than a valid token throws UNAUTHENTICATED. */
export async function authenticate(
  verify: VerifyToken,
  authorization: unknown,
): Promise<Viewer | null> {
  if (authorization === undefined || authorization === null || authorization === '') return null;
  const token = typeof authorization === 'string' ? BEARER.exec(authorization)?.[1] : undefined;
  if (token === undefined) throw refused();
  try {
    return await verify(token);
  } catch {
    throw refused();
  }
}

function refused(): GraphQLError {
  const http = { status: 401, headers: { 'www-authenticate': 'Bearer' } };
  return apiError('UNAUTHENTICATED', { http }, 'The bearer token is not valid, or no longer.');
}
