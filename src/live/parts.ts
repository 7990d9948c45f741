import type { BoundedQueue, Conflate } from './bounded-queue.ts';
import { streamOf, telling, type Emission, type Source } from './emission.ts';
import type { Hub } from './hub.ts';
import type { OnItem, Stream, StreamPart } from './types.ts';

/**
 * The two parts of every stream of one kind. An opening gives what its reader must know first, and
 * ends; the order of what it gives says up to which number of the hub it holds everything. A tail gives
 * all that happens from its beginning on, and never what was before. So what comes next after an
 * opening is what the tail gives with a higher order.
 */
export interface Parts<Options, T> {
  readonly opening: (options: Options) => Source<T>;
  readonly tail: (options: Options) => Source<T>;
}

/** The asked part as a stream. The whole is its opening, then what its tail has beyond that. */
export function partOf<Options, T>(
  part: StreamPart,
  parts: Parts<Options, T>,
  options: Options,
  onItem: OnItem,
): Stream<T> {
  if (part === 'opening') return telling(parts.opening(options), onItem);
  if (part === 'tail') return telling(parts.tail(options), onItem);
  // Listens first, so that nothing falls between the two.
  const tail = parts.tail(options);
  try {
    return oneAfterTheOther(parts.opening(options), tail);
  } catch (error) {
    void tail.return();
    throw error;
  }
}

function oneAfterTheOther<T>(opening: Source<T>, tail: Source<T>): Stream<T> {
  let held = 0;

  async function close(): Promise<void> {
    await opening.return();
    await tail.return();
  }

  async function next(): Promise<IteratorResult<T>> {
    const first = await opening.next();
    if (!first.done) {
      held = Math.max(held, first.value.order);
      return { done: false, value: first.value.item };
    }
    for (;;) {
      const { done, value } = await tail.next();
      if (done) return { done, value: undefined };
      if (value.order > held) return { done: false, value: value.item };
    }
  }

  return streamOf(
    () =>
      next().catch(async (error: unknown) => {
        await close();
        throw error;
      }),
    close,
  );
}

/** An opening of what `read` gives, now or later. It may be long: its reader has asked for all of it. */
export function openingOf<T>(
  hub: Hub,
  read: () => readonly Emission<T>[] | Promise<readonly Emission<T>[]>,
  conflate?: Conflate<Emission<T>>,
): Source<T> {
  const queue: BoundedQueue<Emission<T>> = hub.open<Emission<T>>({
    limit: Infinity,
    ...(conflate && { conflate }),
  });
  const give = (emissions: readonly Emission<T>[]): void => {
    for (const emission of emissions) queue.push(emission, emission.key);
    queue.end();
  };
  const emissions = read();
  if (emissions instanceof Promise) emissions.then(give, (error: Error) => queue.end(error));
  else give(emissions);
  return queue;
}
