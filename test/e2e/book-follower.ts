import {
  applyChanges,
  bookChecksum,
  type BookLevels,
  type LevelChange,
} from '../../src/domain/order-book.ts';
import { parseDecimal } from '../../src/domain/money.ts';
import type { Followed } from './follow.ts';

/** What a client selects to keep a book of its own. */
export const BOOK_ITEM = `{
  __typename
  ... on OrderBookSnapshot { sequence checksum
    bids { usdPerGpuHour gpuCount orderCount } asks { usdPerGpuHour gpuCount orderCount } }
  ... on OrderBookDelta { previousSequence sequence checksum
    changes { side usdPerGpuHour gpuCount orderCount } }
  ... on OrderBookHeartbeat { sequence checksum }
}`;

interface Level extends Pick<LevelChange, 'gpuCount' | 'orderCount'> {
  readonly usdPerGpuHour: string;
}

type Item = { readonly sequence: string; readonly checksum: string } & (
  | {
      readonly __typename: 'OrderBookSnapshot';
      readonly bids: readonly Level[];
      readonly asks: readonly Level[];
    }
  | {
      readonly __typename: 'OrderBookDelta';
      readonly previousSequence: string;
      readonly changes: readonly (Level & Pick<LevelChange, 'side'>)[];
    }
  | { readonly __typename: 'OrderBookHeartbeat' }
);

/** A client's book after all that its stream has sent. */
export interface FollowedBook {
  readonly levels: BookLevels;
  readonly sequence: string;
  readonly checksum: string;
  readonly snapshots: number;
  readonly deltas: number;
  readonly heartbeats: number;
}

/** Follows the protocol as its documentation has it; throws where the chain or a checksum is wrong. */
export function bookAfter({ heard }: Followed): FollowedBook {
  let book: FollowedBook | null = null;
  for (const data of heard) book = after(book, itemOf(data));
  if (!book) throw new Error('the stream has not begun');
  return book;
}

function itemOf(data: unknown): Item {
  const item = (data as { orderBookUpdated?: Item }).orderBookUpdated;
  if (!item) throw new Error(`no item of a book: ${JSON.stringify(data)}`);
  return item;
}

const NOTHING = {
  levels: { bids: [], asks: [] },
  sequence: '',
  checksum: '',
  snapshots: 0,
  deltas: 0,
  heartbeats: 0,
} as const satisfies FollowedBook;

function after(before: FollowedBook | null, item: Item): FollowedBook {
  const { sequence, checksum } = item;
  const book = before ?? NOTHING;
  if (!before && item.__typename !== 'OrderBookSnapshot') throw new Error('no snapshot first');
  const next = { ...book, ...changed(book, item), sequence, checksum };
  if (bookChecksum(next.levels) !== checksum)
    throw new Error(`the checksum at ${sequence} is not that of the levels`);
  return next;
}

function changed(book: FollowedBook, item: Item): Partial<FollowedBook> {
  switch (item.__typename) {
    case 'OrderBookSnapshot':
      return {
        levels: { bids: item.bids.map(levelOf), asks: item.asks.map(levelOf) },
        snapshots: book.snapshots + 1,
      };
    case 'OrderBookDelta': {
      if (item.previousSequence !== book.sequence)
        throw new Error(`${item.previousSequence} does not follow ${book.sequence}`);
      const changes = item.changes.map((change) =>
        Object.assign(levelOf(change), { side: change.side }),
      );
      return { levels: applyChanges(book.levels, changes), deltas: book.deltas + 1 };
    }
    case 'OrderBookHeartbeat':
      if (item.sequence !== book.sequence)
        throw new Error(`a heartbeat at ${item.sequence} instead of ${book.sequence}`);
      return { heartbeats: book.heartbeats + 1 };
  }
}

function levelOf({ usdPerGpuHour, gpuCount, orderCount }: Level) {
  return { rateMicros: parseDecimal(usdPerGpuHour) ?? 0n, gpuCount, orderCount };
}
