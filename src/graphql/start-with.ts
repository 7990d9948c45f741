/**
 * A stream that gives what `first` reads before what `rest` gives; it reads when it is first asked.
 * Not an async generator: its `return()` would wait behind a pending `next()` of a quiet source, and
 * the stream would outlive its client.
 */
export function startWith<T>(
  first: () => Promise<readonly T[]>,
  rest: AsyncIterableIterator<T>,
): AsyncIterableIterator<T> {
  let waiting: T[] | null = null;

  async function close(): Promise<IteratorResult<T>> {
    waiting = [];
    await rest.return?.();
    return { done: true, value: undefined };
  }

  return {
    async next() {
      try {
        waiting ??= [...(await first())];
      } catch (error) {
        await close();
        throw error;
      }
      const value = waiting.shift();
      return value === undefined ? rest.next() : { done: false, value };
    },
    return: close,
    async throw(error) {
      await close();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
