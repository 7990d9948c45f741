import { StreamOverflowError } from '../domain/errors.ts';

/** What a waiting item becomes when a newer one of the same key comes. */
export type Conflate<T> = (waiting: T, newer: T) => T;

export interface QueueOptions<T> {
  /** Items that may wait for the consumer. */
  readonly limit: number;
  /** Called once, when the stream is over for whatever reason: let go of the source here. */
  readonly onClose?: (queue: BoundedQueue<T>) => void;
  /** Default: the newer takes the place of the waiting one. */
  readonly conflate?: Conflate<T>;
}

interface Consumer<T> {
  readonly resolve: (result: IteratorResult<T>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A stream from one producer that never waits to one consumer that may be slow or gone. Memory is
 * bounded: an item takes the place of a waiting one of its key, at the end of the queue, so that
 * positions never go back; an item too many ends the stream with {@link StreamOverflowError} after what
 * is waiting. `return()` resolves a pending `next()`, which an `async function*` around a quiet source
 * does not do: such a stream would outlive its client.
 */
export class BoundedQueue<T> implements AsyncIterableIterator<T> {
  readonly #options: QueueOptions<T>;
  readonly #waiting = new Map<string | symbol, T>();
  /** Goes on where it stood: a new one would walk over all that was taken before. */
  #oldest = this.#waiting.entries();
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

  /** Hands an item over. */
  push(item: T, key: string | null = null): void {
    if (this.#closed) return;
    const consumer = this.#consumers.shift();
    if (consumer) consumer.resolve({ done: false, value: item });
    else this.#append(key ?? Symbol('nothing replaces it'), item);
  }

  /** Forgets what is waiting. */
  clear(): void {
    this.#waiting.clear();
  }

  /** No more items; what is waiting is still delivered, then the error if there is one. */
  end(error: Error | null = null): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#error = error;
    for (const consumer of this.#consumers.splice(0)) this.#finish(consumer);
    this.#options.onClose?.(this);
  }

  next(): Promise<IteratorResult<T>> {
    const first = this.#take();
    if (first) return Promise.resolve({ done: false, value: first.item });
    return new Promise((resolve, reject) => {
      const consumer = { resolve, reject };
      if (this.#closed) this.#finish(consumer);
      else this.#consumers.push(consumer);
    });
  }

  return(): Promise<IteratorResult<T>> {
    this.clear();
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

  #append(key: string | symbol, item: T): void {
    const older = this.#waiting.get(key);
    if (older === undefined) {
      if (this.#waiting.size < this.#options.limit) this.#waiting.set(key, item);
      else this.end(new StreamOverflowError(this.#options.limit));
      return;
    }
    this.#waiting.delete(key);
    this.#waiting.set(key, this.#options.conflate?.(older, item) ?? item);
  }

  #take(): { readonly item: T } | null {
    let oldest = this.#oldest.next();
    if (oldest.done) {
      this.#oldest = this.#waiting.entries();
      oldest = this.#oldest.next();
    }
    if (oldest.done) return null;
    const [key, item] = oldest.value;
    this.#waiting.delete(key);
    return { item };
  }

  /** The error is told once; whoever asks again hears that the stream is over. */
  #finish(consumer: Consumer<T>): void {
    const error = this.#error;
    this.#error = null;
    if (error) consumer.reject(error);
    else consumer.resolve({ done: true, value: undefined });
  }
}
