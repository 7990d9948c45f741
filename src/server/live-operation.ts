import type { ExecutionResult } from 'graphql';
import type { MaskError } from './masking.ts';

export interface LiveOperationOptions {
  readonly mask: MaskError;
  readonly signal: AbortSignal;
  readonly onDelivered: () => void;
  /** Called once, when the stream is over for whatever reason. */
  readonly onEnd: () => void;
}

/**
 * A subscription's results as every transport needs them: a source that throws becomes a last,
 * masked result (a transport's own reaction is to drop the connection or to crash), and a client
 * that has gone ends the source at once, even while it is silent.
 */
export function liveOperation(
  source: AsyncIterable<ExecutionResult>,
  options: LiveOperationOptions,
): AsyncIterableIterator<ExecutionResult> {
  const iterator = source[Symbol.asyncIterator]();
  const end: IteratorResult<ExecutionResult> = { done: true, value: undefined };
  let over = false;

  function finish(): void {
    if (over) return;
    over = true;
    options.signal.removeEventListener('abort', close);
    options.onEnd();
  }
  function close(): void {
    finish();
    void iterator.return?.().catch(() => end);
  }
  options.signal.addEventListener('abort', close, { once: true });
  if (options.signal.aborted) close();

  return {
    async next() {
      if (over) return end;
      try {
        const result = await iterator.next();
        if (result.done) finish();
        else options.onDelivered();
        return result;
      } catch (error) {
        finish();
        return { done: false, value: { errors: [options.mask(error)] } };
      }
    },
    return() {
      close();
      return Promise.resolve(end);
    },
    throw(error) {
      close();
      return Promise.reject(error as Error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
