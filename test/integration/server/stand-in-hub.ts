import type { GraphqlContext } from '../../../src/graphql/context.ts';
import { BoundedQueue } from '../../../src/live/bounded-queue.ts';
import type { LiveFeed, OnItem, StreamPart, StreamTold } from '../../../src/live/types.ts';

/** What one emission carries to each stream. */
export interface Emission {
  readonly value: number;
  readonly told: StreamTold;
}

/** What is in the context of the small world's streams: a feed without any stream of its own. */
interface StandInFeed extends Pick<LiveFeed, 'part' | 'join' | 'opening' | 'tail'> {
  readonly onItem: OnItem;
  /** What an opening holds everything up to. */
  readonly at: number;
}

const NOWHERE: OnItem = () => {};

/** Where the small world's streams come from: numbers that the test says. */
export class StandInHub {
  /** Open tails. */
  readonly tails = new Set<BoundedQueue<Emission>>();
  /** Results that resolvers made of emissions. */
  executed = 0;
  latest = 0;
  readonly feed = this.#part('whole', NOWHERE);
  #counter = 0;
  readonly #log: Emission[] = [];

  emit(value: number, told: Partial<StreamTold> = {}): void {
    this.latest = value;
    const order = this.#next();
    const emission = { value, told: { order, cursor: null, key: null, ...told } };
    this.#log.push(emission);
    for (const tail of this.tails) tail.push(emission);
  }

  /** What an opening of `numbers` gives: all that was said behind `after` and before its client joined. */
  missedSince(after: number, { live }: GraphqlContext): number[] {
    const { at } = live as unknown as StandInFeed;
    return this.#log
      .filter(({ value, told }) => value > after && told.order <= at)
      .map(({ value }) => value);
  }

  /** A stream of numbers; `first` are what its opening gives. */
  stream({ live }: GraphqlContext, first: readonly number[]): AsyncIterableIterator<Emission> {
    const { part, onItem } = live as unknown as StandInFeed;
    const queue: BoundedQueue<Emission> = new BoundedQueue<Emission>({
      limit: 100_000,
      onClose: () => this.tails.delete(queue),
    });
    if (part !== 'opening') this.tails.add(queue);
    else {
      for (const value of first)
        queue.push({ value, told: { order: 0, cursor: `opening-${value}`, key: null } });
      queue.end();
    }
    return telling(queue, onItem);
  }

  stop(): void {
    for (const tail of this.tails) tail.end();
  }

  #part(part: StreamPart, onItem: OnItem, at = Number.POSITIVE_INFINITY): StandInFeed {
    return {
      part,
      onItem,
      at,
      join: () => this.#next(),
      opening: (upTo, told) => this.#part('opening', told, upTo) as unknown as LiveFeed,
      tail: (told) => this.#part('tail', told) as unknown as LiveFeed,
    };
  }

  #next(): number {
    this.#counter += 1;
    return this.#counter;
  }
}

function telling(queue: BoundedQueue<Emission>, onItem: OnItem): AsyncIterableIterator<Emission> {
  return {
    next: async () => {
      const item = await queue.next();
      if (!item.done) onItem(item.value.told);
      return item;
    },
    return: () => queue.return(),
    throw: (error) => queue.throw(error),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
