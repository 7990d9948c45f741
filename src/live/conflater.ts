export interface ConflaterOptions<T> {
  readonly minIntervalMs: number;
  readonly send: (item: T) => void;
  /** What is left of a held item and the newer one that replaces it. */
  readonly merge: (held: T, newer: T) => T;
}

/**
 * Sends the first item of a key at once and then at most one per interval, the newest: what comes in
 * between is merged. A key costs a timer only while its interval runs.
 *
 * What is sent is never newer than what is held: an item waits behind older ones of other keys, for less
 * than an interval. So whoever has an item has everything before it, and its position says so.
 */
export class Conflater<T> {
  readonly #options: ConflaterOptions<T>;
  /** Keys that may not be sent yet. */
  readonly #resting = new Map<string, NodeJS.Timeout>();
  /** In the order of the newest in each. */
  readonly #held = new Map<string, T>();

  constructor(options: ConflaterOptions<T>) {
    this.#options = options;
  }

  /** Whether something is held back. */
  get isHolding(): boolean {
    return this.#held.size > 0;
  }

  offer(key: string, item: T): void {
    const older = this.#held.get(key);
    this.#held.delete(key);
    this.#held.set(key, older === undefined ? item : this.#options.merge(older, item));
    this.#sendDue();
  }

  /** Forgets what is held. */
  clear(): void {
    this.#held.clear();
  }

  stop(): void {
    for (const timer of this.#resting.values()) clearTimeout(timer);
    this.#resting.clear();
    this.clear();
  }

  #sendDue(): void {
    for (const [key, item] of this.#held) {
      if (this.#resting.has(key)) return;
      this.#held.delete(key);
      this.#rest(key);
      this.#options.send(item);
    }
  }

  #rest(key: string): void {
    const awaken = (): void => {
      this.#resting.delete(key);
      this.#sendDue();
    };
    this.#resting.set(key, setTimeout(awaken, this.#options.minIntervalMs).unref());
  }
}
