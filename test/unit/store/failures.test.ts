import { describe, expect, test } from 'vitest';
import { StoreUnavailableError } from '../../../src/domain/errors.ts';
import { isRetryable, isUnavailable, orUnavailable } from '../../../src/store/failures.ts';

function failure(code: string): Error {
  return Object.assign(new Error('failed'), { code });
}

describe('a failed statement', () => {
  test.each(['40P01', '40001', '23P01'])('with state %s may be run again', (state) => {
    expect([isRetryable(failure(state)), isUnavailable(failure(state))]).toEqual([true, false]);
  });

  test.each(['57P01', '57P03', '53300', '57014', '08006', 'ECONNREFUSED', 'EPIPE'])(
    'with %s found the database away',
    (code) => {
      expect([isRetryable(failure(code)), isUnavailable(failure(code))]).toEqual([false, true]);
    },
  );

  test.each(['22021', '23505', '42601', ''])('with %j is a bug', (code) => {
    expect([isRetryable(failure(code)), isUnavailable(failure(code))]).toEqual([false, false]);
  });

  test('without a code is known by the driver’s words', () => {
    const words = ['Connection terminated unexpectedly', 'timeout exceeded when trying to connect'];
    expect(words.map((text) => isUnavailable(new Error(text)))).toEqual([true, true]);
    expect(isUnavailable('Connection terminated')).toBe(false);
  });

  test('on every address of a host found the database away', () => {
    expect(isUnavailable(new AggregateError([failure('ECONNREFUSED')]))).toBe(true);
    expect(isUnavailable(new AggregateError([failure('22021')]))).toBe(false);
  });
});

test('only an absent database becomes STORE_UNAVAILABLE, with its cause', async () => {
  const away = failure('ECONNREFUSED');
  const read = orUnavailable(() => Promise.reject(away));
  await expect(read).rejects.toMatchObject({ name: StoreUnavailableError.name, cause: away });
  const bug = failure('42601');
  await expect(orUnavailable(() => Promise.reject(bug))).rejects.toBe(bug);
});
