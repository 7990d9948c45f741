import { GraphQLError } from 'graphql';
import {
  CursorExpiredError,
  InvalidInputError,
  StoreUnavailableError,
  StreamOverflowError,
  TokenExpiredError,
} from '../domain/errors.ts';

interface ApiErrorKind {
  /** HTTP status when the whole request is refused with it. */
  readonly status: number;
  readonly message: string;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
}

/**
 * Every top-level error of the API, in one table. Expected refusals of a mutation are not here: they
 * are members of its result union. `docs/errors.md` documents each code.
 */
export const API_ERRORS = {
  GRAPHQL_PARSE_FAILED: {
    status: 400,
    message: 'The document is not valid GraphQL syntax.',
    retryable: false,
  },
  GRAPHQL_VALIDATION_FAILED: {
    status: 400,
    message: 'The document does not fit the schema.',
    retryable: false,
  },
  BAD_USER_INPUT: { status: 400, message: 'An argument is not allowed.', retryable: false },
  QUERY_TOO_COMPLEX: {
    status: 400,
    message: 'The document asks for more than one operation may.',
    retryable: false,
  },
  UNAUTHENTICATED: {
    status: 401,
    message: 'This needs a valid bearer token in the authorization header.',
    retryable: false,
  },
  FORBIDDEN: { status: 403, message: 'Your role does not allow this.', retryable: false },
  CURSOR_EXPIRED: {
    status: 410,
    message:
      'This position of the stream is no longer kept: read the current state, then subscribe without `after`.',
    retryable: false,
  },
  THROTTLED: {
    status: 429,
    message: 'Too many points were spent; wait for `retryAfterMs`.',
    retryable: true,
  },
  INTERNAL_SERVER_ERROR: {
    status: 500,
    message: 'Something went wrong on our side.',
    retryable: false,
  },
  STORE_UNAVAILABLE: {
    status: 503,
    message: 'The database does not answer at the moment; try again.',
    retryable: true,
  },
  STREAM_OVERFLOW: {
    status: 503,
    message: 'This stream was read too slowly and was ended; subscribe again.',
    retryable: true,
  },
} as const satisfies Record<string, ApiErrorKind>;

export type ApiErrorCode = keyof typeof API_ERRORS;

/** Makes a top-level error; `extensions` carry what a client needs to react, never its own values. */
export function apiError(
  code: ApiErrorCode,
  extensions: Readonly<Record<string, unknown>> = {},
  message: string = API_ERRORS[code].message,
): GraphQLError {
  const { retryable } = API_ERRORS[code];
  return new GraphQLError(message, { extensions: { code, retryable, ...extensions } });
}

/** An argument is out of its range: the message names what is allowed and never echoes the value. */
export function badInput(argument: string, message: string): GraphQLError {
  return apiError('BAD_USER_INPUT', { argument }, message);
}

/**
 * What a client may be told of an error that ended a field or a stream, at the same place of the
 * answer. Null for a bug, which the server masks and logs.
 */
export function clientError(error: unknown): GraphQLError | null {
  const located = error instanceof GraphQLError ? error : null;
  const cause = located?.originalError ?? error;
  if (located && (cause === located || cause instanceof GraphQLError)) return located;
  const told = expectedError(cause);
  if (!told || !located) return told;
  const { nodes = null, path = null } = located;
  return new GraphQLError(told.message, { nodes, path, extensions: told.extensions });
}

function expectedError(cause: unknown): GraphQLError | null {
  if (cause instanceof StoreUnavailableError) return apiError('STORE_UNAVAILABLE');
  if (cause instanceof StreamOverflowError) return apiError('STREAM_OVERFLOW');
  if (cause instanceof CursorExpiredError) return apiError('CURSOR_EXPIRED');
  if (cause instanceof TokenExpiredError) return apiError('UNAUTHENTICATED', {}, cause.message);
  if (!(cause instanceof InvalidInputError)) return null;
  return badInput(cause.path?.join('.') ?? '', cause.message);
}
