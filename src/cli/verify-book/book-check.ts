import {
  applyChanges,
  bookChecksum,
  type BookLevels,
  type LevelChange,
  type PriceLevel,
} from '../../domain/order-book.ts';
import type { BookEvent, DeltaEvent, SnapshotEvent } from './book-event.ts';

/** What went against the protocol: the chain of sequences, the checksum, or the levels themselves. */
export const BREAK_KINDS = ['chain', 'checksum', 'levels'] as const;
export type BreakKind = (typeof BREAK_KINDS)[number];

export interface Break {
  readonly kind: BreakKind;
  readonly reason: string;
}

export interface BookCounts {
  readonly snapshots: number;
  readonly deltas: number;
  readonly heartbeats: number;
  readonly levelChanges: number;
  /** Messages after which the best bid was not below the best ask: allowed, orders have conditions. */
  readonly crossed: number;
  /** Changes of the book that deltas told of: what their sequences add up to. */
  readonly bookChanges: bigint;
  /** Messages between a break and the next snapshot: nothing can be said of them. */
  readonly skipped: number;
  readonly breaks: Readonly<Record<BreakKind, number>>;
}

/** `fresh`: a snapshot must come; `lost`: a break was told, and all up to the next snapshot is skipped. */
type State = 'fresh' | 'following' | 'lost';

/**
 * A client's copy of one live book, which believes nothing: a snapshot comes first, each delta starts
 * where the last one ended and removes only what is there, the best levels have the checksum, and a
 * heartbeat says what is already known. Source: design "The live feed", Order book protocol.
 */
export class BookCheck {
  readonly #depth: number;
  #state: State = 'fresh';
  #levels: BookLevels = { bids: [], asks: [] };
  #sequence = 0n;
  #counts = {
    snapshots: 0,
    deltas: 0,
    heartbeats: 0,
    levelChanges: 0,
    crossed: 0,
    bookChanges: 0n,
    skipped: 0,
    breaks: { chain: 0, checksum: 0, levels: 0 },
  };

  /** `depth` is how many levels a side may have; a recording does not say: Infinity. */
  constructor(depth: number) {
    this.#depth = depth;
  }

  get counts(): BookCounts {
    return this.#counts;
  }

  get sequence(): bigint {
    return this.#sequence;
  }

  get brokenTimes(): number {
    const { chain, checksum, levels } = this.#counts.breaks;
    return chain + checksum + levels;
  }

  /** A new subscription: the next message must be a snapshot, and not an older one. */
  restart(): void {
    this.#state = 'fresh';
  }

  /** Takes the next message. After a break, only a snapshot is looked at again. */
  take(event: BookEvent): Break | null {
    if (this.#state === 'lost' && event.kind !== 'snapshot') {
      this.#counts.skipped += 1;
      return null;
    }
    const fault = this.#apply(event) ?? this.#checkBook(event);
    if (fault) {
      this.#counts.breaks[fault.kind] += 1;
      this.#state = 'lost';
    }
    return fault;
  }

  /** A message could not be read: what it said is not known, so that nothing fits any more. */
  refuse(): void {
    this.#counts.breaks.levels += 1;
    this.#state = 'lost';
  }

  #apply(event: BookEvent): Break | null {
    if (event.kind === 'snapshot') return this.#replace(event);
    if (this.#state === 'fresh') return broken('chain', `a ${event.kind} came before a snapshot`);
    if (event.kind === 'delta') return this.#change(event);
    this.#counts.heartbeats += 1;
    return event.sequence === this.#sequence
      ? null
      : broken(
          'chain',
          `a heartbeat says ${event.sequence} where the book is at ${this.#sequence}`,
        );
  }

  #replace({ bids, asks, sequence }: SnapshotEvent): Break | null {
    this.#counts.snapshots += 1;
    const known = this.#sequence;
    this.#state = 'following';
    this.#levels = { bids, asks };
    this.#sequence = sequence;
    if (sequence < known)
      return broken('chain', `a snapshot goes back from ${known} to ${sequence}`);
    return isSorted(bids, -1) && isSorted(asks, 1)
      ? null
      : broken('levels', `the snapshot at ${sequence} has empty levels or is not sorted`);
  }

  #change({ previousSequence, sequence, changes }: DeltaEvent): Break | null {
    this.#counts.deltas += 1;
    this.#counts.levelChanges += changes.length;
    if (previousSequence !== this.#sequence || sequence <= previousSequence) {
      const step = `${previousSequence} to ${sequence}`;
      return broken('chain', `a delta leads from ${step} where the book is at ${this.#sequence}`);
    }
    this.#counts.bookChanges += sequence - previousSequence;
    this.#sequence = sequence;
    const before = this.#levels;
    const missing = changes.find((change) => change.gpuCount === 0 && !holds(before, change));
    this.#levels = applyChanges(before, changes);
    return missing
      ? broken('levels', `the delta to ${sequence} removes a level that was not there`)
      : null;
  }

  #checkBook({ sequence, checksum }: BookEvent): Break | null {
    const { bids, asks } = this.#levels;
    const [bid, ask] = [bids[0], asks[0]];
    if (bid && ask && bid.rateMicros >= ask.rateMicros) this.#counts.crossed += 1;
    if (Math.max(bids.length, asks.length) > this.#depth)
      return broken('levels', `at ${sequence} a side has more than ${this.#depth} levels`);
    const own = bookChecksum(this.#levels);
    if (own === checksum) return null;
    return broken('checksum', `at ${sequence} the checksum is ${checksum}, the levels give ${own}`);
  }
}

function broken(kind: BreakKind, reason: string): Break {
  return { kind, reason };
}

/** Best first, every price once, nothing empty; `sign` 1 = lowest first. */
function isSorted(levels: readonly PriceLevel[], sign: 1 | -1): boolean {
  return levels.every(({ rateMicros, gpuCount }, index) => {
    const next = levels[index + 1];
    const inOrder = !next || (sign === 1) === next.rateMicros > rateMicros;
    return gpuCount > 0 && inOrder && next?.rateMicros !== rateMicros;
  });
}

function holds({ bids, asks }: BookLevels, { side, rateMicros }: LevelChange): boolean {
  return (side === 'BID' ? bids : asks).some((level) => level.rateMicros === rateMicros);
}
