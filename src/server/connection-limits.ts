import type { GraphQLError } from 'graphql';
import { apiError } from '../graphql/errors.ts';

/** Operations at once on one WebSocket or one single connection of server-sent events. */
export const MAX_OPERATIONS_PER_CONNECTION = 149;

/** Longest id of an operation: it is kept, and sent with every result. */
export const MAX_ID_LENGTH = 256;

export function tooManyOperations(): GraphQLError {
  const message = `A connection carries at most ${MAX_OPERATIONS_PER_CONNECTION} operations at once.`;
  return apiError(
    'THROTTLED',
    { limit: MAX_OPERATIONS_PER_CONNECTION, http: { status: 429 } },
    message,
  );
}

/** The refusal of a stream too many; it opens nothing. */
export function tooManyStreams(): GraphQLError {
  const message = 'Too many streams are open from this address.';
  return apiError('THROTTLED', { http: { status: 429 } }, message);
}
