import { StreamOverflowError } from '../domain/errors.ts';

export interface QueueOptions<T> {
  /** Items that may wait for the consumer. */
  readonly limit: number;
  /** Called once, when the stream is over for whatever reason: let go of the source here. */
  readonly onClose?: () => void;
  /** What a waiting item becomes when a newer one of the same key comes. Default: the newer. */
  readonly conflate?: (waiting: T, newer: T) => T;
}

interface Waiting<T> {
  readonly key: string | null;
  item: T;
}

interface Consumer<T> {
  readonly resolve: (result: IteratorResult<T>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A stream from one producer that never waits to one consumer that may be slow or gone. Memory is
 * bounded: an item replaces a waiting one of its key, and an item too many ends the stream with
 * {@link StreamOverflowError} after what is waiting. `return()` resolves a pending `next()`, which an
 * `async function*` around a quiet source does not do: such a stream would outlive its client.
 */
export class BoundedQueue<T> implements AsyncIterableIterator<T> {
  readonly #options: QueueOptions<T>;
  readonly #waiting: Waiting<T>[] = [];
  readonly #byKey = new Map<string, Waiting<T>>();
  readonly #consumers: Consumer<T>[] = [];
  #closed = false;
  #error: Error | null = null;

  constructor(options: QueueOptions<T>) {
    this.#options = options;
  }

  /** Whether the stream is over: items pushed from now on go nowhere. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Hands an item over; true when it replaced one that was still waiting. */
  push(item: T, key: string | null = null): boolean {
    if (this.#closed) return false;
    const consumer = this.#consumers.shift();
    if (consumer) {
      consumer.resolve({ done: false, value: item });
      return false;
    }
    const older = key === null ? undefined : this.#byKey.get(key);
    if (older) {
      older.item = this.#options.conflate?.(older.item, item) ?? item;
      return true;
    }
    this.#append({ key, item });
    return false;
  }

  /** No more items; what is waiting is still delivered, then the error if there is one. */
  end(error: Error | null = null): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#error = error;
    for (const consumer of this.#consumers.splice(0)) this.#finish(consumer);
    this.#options.onClose?.();
  }

  next(): Promise<IteratorResult<T>> {
    const first = this.#waiting.shift();
    if (first) {
      if (first.key !== null) this.#byKey.delete(first.key);
      return Promise.resolve({ done: false, value: first.item });
    }
    return new Promise((resolve, reject) => {
      const consumer = { resolve, reject };
      if (this.#closed) this.#finish(consumer);
      else this.#consumers.push(consumer);
    });
  }

  return(): Promise<IteratorResult<T>> {
    this.#waiting.length = 0;
    this.#byKey.clear();
    this.end();
    this.#error = null;
    return Promise.resolve({ done: true, value: undefined });
  }

  async throw(error: unknown): Promise<IteratorResult<T>> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #append(waiting: Waiting<T>): void {
    if (this.#waiting.length >= this.#options.limit) {
      this.end(new StreamOverflowError(this.#options.limit));
      return;
    }
    this.#waiting.push(waiting);
    if (waiting.key !== null) this.#byKey.set(waiting.key, waiting);
  }

  /** The error is told once; whoever asks again hears that the stream is over. */
  #finish(consumer: Consumer<T>): void {
    const error = this.#error;
    this.#error = null;
    if (error) consumer.reject(error);
    else consumer.resolve({ done: true, value: undefined });
  }
}
