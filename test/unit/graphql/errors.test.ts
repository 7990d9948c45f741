import { GraphQLError } from 'graphql';
import { describe, expect, test } from 'vitest';
import {
  InvalidInputError,
  StoreUnavailableError,
  StreamOverflowError,
  TokenExpiredError,
} from '../../../src/domain/errors.ts';
import { apiError, clientError } from '../../../src/graphql/errors.ts';
import { requireRole, requireViewer } from '../../../src/graphql/roles.ts';
import { viewer } from './world.ts';

const located = (originalError: Error): GraphQLError =>
  new GraphQLError(originalError.message, { path: ['gpus'], originalError });

describe('what a client is told of an error', () => {
  test.each([
    [new StoreUnavailableError(new Error('ECONNREFUSED')), 'STORE_UNAVAILABLE', true],
    [new StreamOverflowError(10), 'STREAM_OVERFLOW', true],
    [new TokenExpiredError(), 'UNAUTHENTICATED', false],
    [new InvalidInputError('Say when.', ['after'], 'a cursor'), 'BAD_USER_INPUT', false],
  ])(
    'that is a %s: its code, where it happened, and whether to try again',
    (error, code, retryable) => {
      const told = clientError(located(error));
      expect(told?.path).toEqual(['gpus']);
      expect(told?.extensions).toMatchObject({ code, retryable });
      expect(clientError(error)?.extensions).toMatchObject({ code, retryable });
    },
  );

  test('is nothing when it is a bug', () => {
    expect(clientError(located(new TypeError('x is undefined')))).toBeNull();
    expect(clientError('thrown text')).toBeNull();
  });

  test('is the error itself when it was made for clients', () => {
    const error = apiError('FORBIDDEN', { requires: 'OPERATOR' });
    expect(clientError(error)).toBe(error);
    expect(clientError(located(error))?.extensions['code']).toBe('FORBIDDEN');
  });
});

describe('a role', () => {
  test('is asked of a stranger as a sign-in', () => {
    expect(() => requireViewer({ viewer: null })).toThrow(/bearer token/);
    expect(() => requireRole({ viewer: null }, 'RENTER')).toThrow(/bearer token/);
  });

  test('is named when it is missing', () => {
    expect(() => requireRole({ viewer: viewer('PROVIDER') }, 'RENTER')).toThrow('the role RENTER');
  });

  test('is enough, and the operator has every role', () => {
    expect(requireRole({ viewer: viewer('RENTER') }, 'RENTER').role).toBe('RENTER');
    expect(requireRole({ viewer: viewer('OPERATOR') }, 'RENTER').role).toBe('OPERATOR');
  });
});
