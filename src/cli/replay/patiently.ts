import { setTimeout as sleep } from 'node:timers/promises';
import { GraphqlRequestError } from '../../client/graphql-client.ts';

const MAX_ATTEMPTS = 30;
const DEFAULT_WAIT_MS = 500;
const WORTH_ANOTHER_TRY = new Set(['THROTTLED', 'STORE_UNAVAILABLE', 'NETWORK']);
/** Every other call would end the same way, so that the replay ends instead. */
const HOPELESS = new Set([
  'NETWORK',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
]);

/**
 * Makes a call as a well-behaved client does: told to wait, it waits as long as it was told and asks
 * again, unchanged; so it does when the server is away for a moment. Every call here may be repeated:
 * reads, writes of one value and bookings, which carry an idempotency key.
 */
export async function patiently<T>(call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      if (!isWorthAnotherTry(error) || attempt === MAX_ATTEMPTS) throw error;
      await sleep(error.retryAfterMs ?? DEFAULT_WAIT_MS);
    }
  }
}

/** Whether the same call may succeed a little later. */
export function isWorthAnotherTry(error: unknown): error is GraphqlRequestError {
  return error instanceof GraphqlRequestError && WORTH_ANOTHER_TRY.has(error.code);
}

/** The top-level code of a call that failed; what would fail for every other call too is thrown on. */
export function refusalCode(error: unknown): string {
  if (error instanceof GraphqlRequestError && !HOPELESS.has(error.code)) return error.code;
  throw error;
}
