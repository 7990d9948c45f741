import type { LiveFeed, OnItem, Stream } from './types.ts';

type Streams = Omit<LiveFeed, 'part' | 'join' | 'opening' | 'tail'>;

/** Makes one part of any whole stream. */
type Part = <T>(whole: Stream<T>) => Stream<T>;

/**
 * The feed that can be asked for its parts. An opening is the start of the stream where it has one; a
 * tail is all the rest, whatever number its reader has joined at.
 */
export function withParts<F extends Streams>(streams: F, join: () => number): F & LiveFeed {
  return {
    ...streams,
    part: 'whole',
    join,
    opening: (_at, onItem) => ({
      ...withParts(partOf(streams, startOnly(onItem)), join),
      part: 'opening',
    }),
    tail: (onItem) => ({
      ...withParts(partOf(streams, withoutStart(onItem)), join),
      part: 'tail',
    }),
  };
}

function partOf(streams: Streams, part: Part): Streams {
  return {
    ...streams,
    availability: (filter) => part(streams.availability(filter)),
    prices: (filter) => part(streams.prices(filter)),
    invalidations: (filter) => part(streams.invalidations(filter)),
    providers: (slugs) => part(streams.providers(slugs)),
    bookings: (filter) => part(streams.bookings(filter)),
    events: (filter) => part(streams.events(filter)),
  };
}

function kindOf(item: unknown): unknown {
  return typeof item === 'object' && item !== null && 'kind' in item ? item.kind : null;
}

function tell(onItem: OnItem, item: unknown): void {
  const known = item as { readonly cursor?: string };
  onItem({ order: Number.POSITIVE_INFINITY, cursor: known.cursor ?? null, key: null });
}

/** Whole streams that begin with a start have it waiting from the very beginning. */
function startOnly(onItem: OnItem): Part {
  return (whole) => {
    const first = Promise.race([whole.next(), Promise.resolve(null)]);
    return streamOf(whole, async (nth) => {
      const item = nth === 0 ? await first : null;
      await whole.return?.();
      if (!item || item.done || kindOf(item.value) !== 'start')
        return { done: true, value: undefined };
      tell(onItem, item.value);
      return item;
    });
  };
}

function withoutStart(onItem: OnItem): Part {
  return (whole) =>
    streamOf(whole, async () => {
      let item = await whole.next();
      if (!item.done && kindOf(item.value) === 'start') item = await whole.next();
      if (!item.done) tell(onItem, item.value);
      return item;
    });
}

function streamOf<T>(
  whole: Stream<T>,
  next: (nth: number) => Promise<IteratorResult<T>>,
): Stream<T> {
  let asked = 0;
  return {
    next: () => next(asked++),
    return: async () => (await whole.return?.()) ?? { done: true, value: undefined },
    throw: async (error: unknown) => {
      await whole.return?.();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
