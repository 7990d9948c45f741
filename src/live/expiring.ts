import { TokenExpiredError } from '../domain/errors.ts';
import type { EpochMs } from '../domain/time.ts';
import type { BoundedQueue } from './bounded-queue.ts';
import type { FeedEvent, Hub } from './hub.ts';

/** The longest delay that a timer can hold (2^31 - 1 ms, about 25 days). */
const MAX_TIMER_MS = 2_147_483_647;

/** A private stream: it ends with {@link TokenExpiredError} when the token that opened it expires. */
export function expiringStream<T>(
  hub: Hub,
  endsAt: EpochMs,
  listen: (queue: BoundedQueue<T>) => (event: FeedEvent) => void,
): BoundedQueue<T> {
  let timer: NodeJS.Timeout | null = null;
  const queue = hub.open<T>(listen, { onClose: () => clearTimeout(timer ?? undefined) });

  function watch(): void {
    const leftMs = endsAt - hub.clock();
    if (leftMs <= 0) queue.end(new TokenExpiredError());
    else timer = setTimeout(watch, Math.min(leftMs, MAX_TIMER_MS)).unref();
  }
  if (!queue.closed) watch();
  return queue;
}
