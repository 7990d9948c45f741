import { keyText, type CacheKey } from '../domain/cache-key.ts';

/** One load under way, shared by every reader of its key that joined before it was detached. */
export class Flight<T> {
  readonly #result = Promise.withResolvers<T>();
  #detached = false;

  /** Settles once. A reader must be awaiting it before it can fail. */
  get result(): Promise<T> {
    return this.#result.promise;
  }

  /** Something changed since it began: it serves those who joined before, and nobody else. */
  get detached(): boolean {
    return this.#detached;
  }

  detach(): void {
    this.#detached = true;
  }

  land(value: T): void {
    this.#result.resolve(value);
  }

  fail(error: unknown): void {
    this.#result.reject(error);
  }
}

interface Boarding {
  readonly key: CacheKey;
  readonly flight: Pick<Flight<never>, 'detach'>;
}

/** Single-flight: at most one joinable load per key. Bounded by the reads under way. */
export class Flights {
  readonly #joinable = new Map<string, Boarding>();

  /** The load that a reader of the key may share, if one is under way; a key has one type of value. */
  find<T>(key: CacheKey): Flight<T> | undefined {
    return this.#joinable.get(keyText(key))?.flight as Flight<T> | undefined;
  }

  open<T>(key: CacheKey, flight: Flight<T>): void {
    this.#joinable.set(keyText(key), { key, flight });
  }

  /** The load is over: later readers start their own. */
  close<T>(key: CacheKey, flight: Flight<T>): void {
    const text = keyText(key);
    if (this.#joinable.get(text)?.flight === flight) this.#joinable.delete(text);
  }

  detach(key: CacheKey): void {
    const text = keyText(key);
    this.#joinable.get(text)?.flight.detach();
    this.#joinable.delete(text);
  }

  detachWhere(matches: (key: CacheKey) => boolean): void {
    for (const { key } of this.#joinable.values()) if (matches(key)) this.detach(key);
  }
}
