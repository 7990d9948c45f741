import {
  bookChecksum,
  differences,
  topLevels,
  type BookLevels,
  type OrderBook,
} from '../domain/order-book.ts';
import type { EpochMs } from '../domain/time.ts';
import type { BookDelta, BookHeartbeat, BookSnapshot, StreamPosition } from './types.ts';

/** A book down to a depth at one of its sequences: what a client holds after it has applied an item. */
export interface BookView {
  readonly levels: BookLevels;
  readonly sequence: bigint;
  readonly checksum: string;
  readonly at: EpochMs;
  /** Of the change that made it. */
  readonly position: Pick<StreamPosition, 'cursor'>;
}

export function viewOf(book: OrderBook, depth: number, position: BookView['position']): BookView {
  const levels = topLevels(book, depth);
  const { sequence, at } = book;
  return { levels, sequence, checksum: bookChecksum(levels), at, position };
}

export function snapshotOf({ levels, sequence, checksum, at }: BookView): BookSnapshot {
  return { kind: 'snapshot', ...levels, sequence, checksum, at };
}

/** Without changes when they all lie below the depth: the client's sequence follows all the same. */
export function deltaOf(from: BookView, to: BookView): BookDelta {
  const { sequence, checksum, at, position } = to;
  const changes = differences(from.levels, to.levels);
  return {
    kind: 'delta',
    previousSequence: from.sequence,
    sequence,
    changes,
    checksum,
    at,
    get cursor() {
      return position.cursor;
    },
  };
}

export function heartbeatOf({ sequence, checksum }: BookView, at: EpochMs): BookHeartbeat {
  return { kind: 'heartbeat', sequence, checksum, at };
}
