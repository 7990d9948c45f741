export interface ConflaterOptions<T> {
  readonly minIntervalMs: number;
  readonly send: (key: string, item: T) => void;
  /** What is left of a held item and the newer one that replaces it. */
  readonly merge: (held: T, newer: T) => T;
}

interface Pace<T> {
  /** Nothing of this key goes out before. */
  readonly timer: NodeJS.Timeout;
  held: { readonly item: T } | null;
}

/**
 * Sends the first item of a key at once and then at most one per interval, the newest: what comes in
 * between is merged. A key costs a timer only while its interval runs.
 */
export class Conflater<T> {
  readonly #options: ConflaterOptions<T>;
  readonly #paces = new Map<string, Pace<T>>();

  constructor(options: ConflaterOptions<T>) {
    this.#options = options;
  }

  /** True when the item replaced one that was held back. */
  offer(key: string, item: T): boolean {
    const pace = this.#paces.get(key);
    if (!pace) {
      this.#send(key, item);
      return false;
    }
    const { held } = pace;
    pace.held = { item: held ? this.#options.merge(held.item, item) : item };
    return held !== null;
  }

  stop(): void {
    for (const { timer } of this.#paces.values()) clearTimeout(timer);
    this.#paces.clear();
  }

  #send(key: string, item: T): void {
    const timer = setTimeout(() => this.#due(key), this.#options.minIntervalMs).unref();
    this.#paces.set(key, { timer, held: null });
    this.#options.send(key, item);
  }

  #due(key: string): void {
    const held = this.#paces.get(key)?.held;
    this.#paces.delete(key);
    if (held) this.#send(key, held.item);
  }
}
