import type { BoundedQueue } from './bounded-queue.ts';
import type { OnItem, Stream, StreamChange, StreamPosition } from './types.ts';

/** An item on its way through a stream, and what is told of it. */
export interface Emission<T> {
  readonly item: T;
  /** See {@link StreamTold}. */
  readonly order: number;
  /** A newer item of the same key makes this one worthless; null = it must not be left out. */
  readonly key: string | null;
  /** After the item; null where a stream cannot go on from it. */
  readonly position: StreamPosition | null;
}

/** Emissions of one stream, or of a part of it. */
export type Source<T> = BoundedQueue<Emission<T>>;

/** A change at its place in the feed, whose cursor is made when somebody asks for it. */
export function changeAt<T>(position: StreamPosition, change: T): StreamChange<T> {
  const { sequence, at } = position;
  return {
    kind: 'change',
    change,
    sequence,
    at,
    get cursor() {
      return position.cursor;
    },
  };
}

/** The items of a source, each told of before it is given. */
export function telling<T>(source: Source<T>, onItem: OnItem): Stream<T> {
  return streamOf<T>(
    async () => {
      const { done, value } = await source.next();
      if (done) return { done, value: undefined };
      const { item, order, key, position } = value;
      onItem({
        order,
        key,
        get cursor() {
          return position?.cursor ?? null;
        },
      });
      return { done: false, value: item };
    },
    () => source.return(),
  );
}

/** A stream out of two functions. Not an async generator: its `return()` would wait behind a quiet `next()`. */
export function streamOf<T>(
  next: () => Promise<IteratorResult<T>>,
  close: () => Promise<unknown>,
): Stream<T> {
  return {
    next,
    async return() {
      await close();
      return { done: true, value: undefined };
    },
    async throw(error) {
      await close();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
