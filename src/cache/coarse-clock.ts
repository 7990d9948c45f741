const TICK_MS = 10;

/**
 * Monotonic time that costs nothing to read: asking the system on every hit costs more than the hit.
 * It lags by a tick, and by as long as the process was frozen until somebody touches it.
 */
export interface CoarseClock {
  /** Milliseconds since some instant; never goes back. */
  now(): number;
  /** Reads the system's clock now. */
  touch(): void;
  stop(): void;
}

export function startCoarseClock(): CoarseClock {
  let current = performance.now();
  const touch = (): void => {
    current = performance.now();
  };
  const timer = setInterval(touch, TICK_MS);
  timer.unref();
  return { now: () => current, touch, stop: () => clearInterval(timer) };
}
