import { crc32 } from './crc32.ts';

/** All that is asked or bid at one price. */
export interface Level {
  readonly usdPerGpuHour: string;
  readonly gpuCount: number;
  readonly orderCount: number;
}

/** A book as a stream has told it, best levels first. */
export interface Book {
  readonly sequence: string;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

interface Item {
  readonly sequence: string;
  readonly checksum: string;
}

interface Snapshot extends Item, Book {
  readonly __typename: 'OrderBookSnapshot';
}

interface Delta extends Item {
  readonly __typename: 'OrderBookDelta';
  readonly previousSequence: string;
  /** Levels as they are now; `gpuCount` 0 removes one. */
  readonly changes: readonly (Level & { readonly side: 'ASK' | 'BID' })[];
}

interface Heartbeat extends Item {
  readonly __typename: 'OrderBookHeartbeat';
}

/** What a stream of a book sends. */
export type BookItem = Snapshot | Delta | Heartbeat;

/** Levels of each side that a checksum covers. */
const CHECKSUM_DEPTH = 10;

/** The book after an item; throws where that does not follow or has another checksum. */
export function bookAfter(book: Book | null, item: BookItem): Book {
  const after = changed(book, item);
  if (checksumOf(after) !== item.checksum)
    throw new Error(`the book at ${item.sequence} is not the server's`);
  return after;
}

function changed(book: Book | null, item: BookItem): Book {
  const { sequence } = item;
  if (item.__typename === 'OrderBookSnapshot')
    return { sequence, bids: item.bids, asks: item.asks };
  const expected = item.__typename === 'OrderBookDelta' ? item.previousSequence : sequence;
  if (book?.sequence !== expected)
    throw new Error(`${expected} does not follow ${book?.sequence ?? 'nothing'}`);
  if (item.__typename === 'OrderBookHeartbeat') return book;
  const ofSide = (side: 'ASK' | 'BID'): readonly Level[] =>
    item.changes.filter((change) => change.side === side);
  return {
    sequence,
    bids: merged(book.bids, ofSide('BID')).toSorted((a, b) => compare(b, a)),
    asks: merged(book.asks, ofSide('ASK')).toSorted(compare),
  };
}

function merged(levels: readonly Level[], changes: readonly Level[]): Level[] {
  const byPrice = new Map(levels.map((level) => [microsOf(level), level]));
  for (const change of changes) byPrice.set(microsOf(change), change);
  return [...byPrice.values()].filter(({ gpuCount }) => gpuCount > 0);
}

function compare(a: Level, b: Level): number {
  return Number(microsOf(a) - microsOf(b));
}

/** Money never passes through a float: `1.95` is 1950000 micro-dollars. */
function microsOf({ usdPerGpuHour }: Level): bigint {
  const [dollars = '', fraction = ''] = usdPerGpuHour.split('.');
  return BigInt(dollars + fraction.padEnd(6, '0'));
}

/** As the server makes it: asks from low to high, then bids from high to low. */
export function checksumOf({ asks, bids }: Omit<Book, 'sequence'>): string {
  const top = [...asks.slice(0, CHECKSUM_DEPTH), ...bids.slice(0, CHECKSUM_DEPTH)];
  return crc32(top.map((level) => `${microsOf(level)}:${level.gpuCount}`).join('|'));
}
