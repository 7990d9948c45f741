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

/** Asks the system once a tick, and only while somebody reads: an idle node is not woken for the time. */
export function startCoarseClock(): CoarseClock {
  let current = performance.now();
  let fresh = true;
  const tick = setTimeout(() => {
    fresh = false;
  }, TICK_MS).unref();
  const touch = (): void => {
    current = performance.now();
    if (fresh) return;
    fresh = true;
    tick.refresh();
  };
  return {
    now: () => {
      if (!fresh) touch();
      return current;
    },
    touch,
    stop: () => clearTimeout(tick),
  };
}
