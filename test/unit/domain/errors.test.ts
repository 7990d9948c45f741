import { expect, test } from 'vitest';
import { ERROR_CODES, IdempotencyError, NotFoundError } from '../../../src/domain/errors.ts';
import { InvalidInputError, UserError } from '../../../src/domain/errors.ts';
import { isAccountId } from '../../../src/domain/viewer.ts';

test('only a request that is still under way may succeed when it is made again', () => {
  const errors = [
    new IdempotencyError('IDEMPOTENCY_IN_PROGRESS', 0),
    new IdempotencyError('IDEMPOTENCY_KEY_REUSED', 0),
    new InvalidInputError('message', ['input'], 'rule'),
    new NotFoundError('The GPU'),
  ];
  expect(errors.map((error) => error.retryable)).toEqual([true, false, false, false]);
  expect(errors.every((error) => error instanceof UserError)).toBe(true);
  expect(errors.every((error) => ERROR_CODES.includes(error.code))).toBe(true);
});

test.each(['renter-1', 'a', '0xabc@x', 'José da Silva', 'auth0|5f7c', 'x'.repeat(255)])(
  '%j may name an account',
  (text) => {
    expect(isAccountId(text)).toBe(true);
  },
);

test.each(['', ' a', 'a\n', '\ud800', '\u0000', 'x'.repeat(256)])('%j may not', (text) => {
  expect(isAccountId(text)).toBe(false);
});
