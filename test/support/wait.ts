import { setTimeout as sleep } from 'node:timers/promises';

export interface UntilOptions {
  /** What is awaited, for the message of the failure. */
  readonly what?: string;
  readonly timeoutMs?: number;
  readonly everyMs?: number;
}

/**
 * Resolves with the first truthy value of `condition`; tests wait for conditions, never for time. A
 * throw counts as "not yet". Rejects after `timeoutMs` (10 s), naming what was awaited, with the last
 * throw as its cause.
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  { what = 'the condition', timeoutMs = 10_000, everyMs = 10 }: UntilOptions = {},
): Promise<NonNullable<T>> {
  const deadline = performance.now() + timeoutMs;
  let cause: unknown;
  do {
    try {
      const value = await condition();
      if (value) return value;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    await sleep(everyMs);
  } while (performance.now() < deadline);
  throw new Error(`${what} did not come true within ${timeoutMs} ms`, { cause });
}
