interface Waiting {
  readonly isThere: () => boolean;
  readonly settle: (isThere: boolean) => void;
}

/** Readers that may wait at once; more than that are told at once that they waited in vain. */
const MAX_WAITING = 1000;

/** Readers that wait a moment for this node to apply what they have to see. */
export class Arrivals {
  readonly #waiting = new Set<Waiting>();

  /** Whether `isThere` came true within `timeoutMs`; it is asked whenever something was applied. */
  wait(isThere: () => boolean, timeoutMs: number): Promise<boolean> {
    if (isThere()) return Promise.resolve(true);
    if (this.#waiting.size >= MAX_WAITING) return Promise.resolve(false);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const waiting: Waiting = {
      isThere,
      settle: (result) => {
        clearTimeout(timer);
        this.#waiting.delete(waiting);
        resolve(result);
      },
    };
    const timer = setTimeout(() => waiting.settle(false), timeoutMs);
    this.#waiting.add(waiting);
    return promise;
  }

  /** Something was applied. */
  notify(): void {
    for (const waiting of this.#waiting) if (waiting.isThere()) waiting.settle(true);
  }
}
