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
export function tooManyStreams(owner: 'address' | 'account'): GraphQLError {
  const message = `This ${owner} has too many streams open.`;
  return apiError('THROTTLED', { http: { status: 429 } }, message);
}

/** The refusal of a subscription too many of an account or address; its connection stays. */
export function tooManySubscriptions(): GraphQLError {
  const message = 'Too many subscriptions are open: end some of them first.';
  return apiError('THROTTLED', { http: { status: 429 } }, message);
}

/** The refusal of an operation whose answer would wait behind too much that was not read. */
export function tooMuchUnread(): GraphQLError {
  const message = 'This connection has to be read before it carries more.';
  return apiError('THROTTLED', { http: { status: 429 } }, message);
}
