import { randomUUID } from 'node:crypto';
import { GraphQLError } from 'graphql';
import type { Logger } from '../domain/logger.ts';
import { API_ERRORS, apiError, clientError, type ApiErrorCode } from '../graphql/errors.ts';
import { isVariableError, withoutSuggestion, withoutValues } from './error-text.ts';

/** Turns whatever went wrong into what a client may be told, at every door alike. */
export type MaskError = (error: unknown) => GraphQLError;

export interface MaskingOptions {
  /** Keeps the schema's names out of messages. */
  readonly hideSuggestions: boolean;
  readonly log: Logger;
}

/**
 * Expected errors keep their text and get a code; a bug becomes INTERNAL_SERVER_ERROR with an id and
 * nothing else, in every mode, and its details go to the log under that id.
 */
export function createErrorMask({ hideSuggestions, log }: MaskingOptions): MaskError {
  return (error) => {
    const told = clientError(error);
    if (told && isExpected(told)) return withCode(told, hideSuggestions);
    const errorId = randomUUID();
    log.error({ err: error, errorId }, 'an operation failed unexpectedly');
    const { nodes, path } =
      error instanceof GraphQLError ? error : { nodes: undefined, path: undefined };
    const { message, extensions } = apiError('INTERNAL_SERVER_ERROR', { errorId });
    return new GraphQLError(message, { nodes: nodes ?? null, path: path ?? null, extensions });
  };
}

/** It has a code, or it is graphql-js's complaint about the request; anything else at a field is a bug. */
function isExpected(error: GraphQLError): boolean {
  if (typeof error.extensions['code'] === 'string' || !error.path) return true;
  return /^(Argument|Variable) "/.test(error.message);
}

/** An error of graphql-js itself (syntax, validation, a variable's value), or one that wraps ours. */
function withCode(error: GraphQLError, hideSuggestions: boolean): GraphQLError {
  const code = codeOf(error);
  if (error.extensions['code'] === code && 'retryable' in error.extensions && !error.originalError)
    return error;
  const safe = withoutValues(error);
  const message = hideSuggestions ? withoutSuggestion(safe) : safe;
  const known = API_ERRORS[code as ApiErrorCode] as
    | { status: number; retryable: boolean }
    | undefined;
  return new GraphQLError(message, {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    path: error.path ?? null,
    extensions: {
      retryable: known?.retryable ?? false,
      ...(error.path ? {} : { http: { status: known?.status ?? 400, spec: true } }),
      ...error.extensions,
      code,
    },
  });
}

function codeOf(error: GraphQLError): string {
  if (error.message.endsWith('Parsing aborted.')) return 'QUERY_TOO_COMPLEX';
  const given = error.extensions['code'];
  // Yoga's name for it, over HTTP alone: one mistake has one code at every door.
  if (given === 'OPERATION_RESOLUTION_FAILURE') return 'GRAPHQL_VALIDATION_FAILED';
  if (typeof given === 'string') return given;
  if (isVariableError(error) || error.path) return 'BAD_USER_INPUT';
  return error.message.startsWith('Syntax Error')
    ? 'GRAPHQL_PARSE_FAILED'
    : 'GRAPHQL_VALIDATION_FAILED';
}
