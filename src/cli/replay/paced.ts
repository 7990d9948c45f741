import { setTimeout as sleep } from 'node:timers/promises';

export interface PaceOptions<T> {
  /** When the item is due, in milliseconds of the trace after its beginning. */
  readonly dueMs: (item: T) => number;
  /** Times real time; 0 = at once. */
  readonly speed: number;
  /** How many may be under way at the same time. */
  readonly concurrency: number;
  readonly onDone?: (done: number) => void;
}

/** Sends every item in order, none before it is due; a failure ends it and is thrown. */
export async function runPaced<T>(
  items: readonly T[],
  { dueMs, speed, concurrency, onDone }: PaceOptions<T>,
  send: (item: T, index: number) => Promise<void>,
): Promise<void> {
  const startedAt = performance.now();
  const queue = items.entries();
  let done = 0;
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) {
      const waitMs = speed === 0 ? 0 : dueMs(item) / speed - (performance.now() - startedAt);
      if (waitMs > 0) await sleepLong(waitMs);
      await send(item, index);
      done += 1;
      onDone?.(done);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

/** A timer holds 24.8 days at most. */
const MAX_TIMER_MS = 2 ** 31 - 1;

async function sleepLong(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= MAX_TIMER_MS) await sleep(Math.min(left, MAX_TIMER_MS));
}
