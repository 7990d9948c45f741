import { crc32 } from 'node:zlib';
import type { Micros } from './money.ts';
import type { EpochMs } from './time.ts';

export const ORDER_SIDES = ['BID', 'ASK'] as const;
export type OrderSide = (typeof ORDER_SIDES)[number];

/** All that is asked or bid at one price. */
export interface PriceLevel {
  readonly rateMicros: Micros;
  readonly gpuCount: number;
  /** Offers or orders at this price. */
  readonly orderCount: number;
}

/** A level as it is now; `gpuCount` 0 removes it. */
export interface LevelChange extends PriceLevel {
  readonly side: OrderSide;
}

/** The levels of one book, best first: highest bid, lowest ask. */
export interface BookLevels {
  readonly bids: readonly PriceLevel[];
  readonly asks: readonly PriceLevel[];
}

/** The aggregated book of one pair at one of its sequences. */
export interface OrderBook extends BookLevels {
  readonly gpuType: string;
  readonly region: string;
  /** The book's own: +1 per change of its levels, without gaps. */
  readonly sequence: bigint;
  /** When its levels last changed or, before that, when the pair was made. */
  readonly at: EpochMs;
}

/** What a unit or an order adds to a level or, with negative counts, takes from it. */
export type LevelDelta = LevelChange;

/** Levels of each side that a checksum covers. */
export const CHECKSUM_DEPTH = 10;

/** The best `depth` levels of each side. */
export function topLevels({ bids, asks }: BookLevels, depth: number): BookLevels {
  return { bids: bids.slice(0, depth), asks: asks.slice(0, depth) };
}

/** The levels after changes; neither argument is touched. */
export function applyChanges(levels: BookLevels, changes: readonly LevelChange[]): BookLevels {
  return {
    bids: changedSide(levels.bids, changes, 'BID'),
    asks: changedSide(levels.asks, changes, 'ASK'),
  };
}

function changedSide(
  levels: readonly PriceLevel[],
  changes: readonly LevelChange[],
  side: OrderSide,
): readonly PriceLevel[] {
  const own = changes.filter((change) => change.side === side);
  if (own.length === 0) return levels;
  const byRate = new Map(levels.map((level) => [level.rateMicros, level]));
  for (const { rateMicros, gpuCount, orderCount } of own) {
    if (gpuCount === 0) byRate.delete(rateMicros);
    else byRate.set(rateMicros, { rateMicros, gpuCount, orderCount });
  }
  return [...byRate.values()].toSorted(betterFirst(side));
}

/** Sorts highest bids or lowest asks first. */
export function betterFirst(side: OrderSide): (a: PriceLevel, b: PriceLevel) => number {
  const sign = side === 'BID' ? -1 : 1;
  return (a, b) => (a.rateMicros < b.rateMicros ? -sign : sign);
}

/** What turns the levels `before` into `after`: levels that left have `gpuCount` and `orderCount` 0. */
export function differences(before: BookLevels, after: BookLevels): LevelChange[] {
  return [
    ...sideDifferences(before.bids, after.bids, 'BID'),
    ...sideDifferences(before.asks, after.asks, 'ASK'),
  ];
}

function sideDifferences(
  before: readonly PriceLevel[],
  after: readonly PriceLevel[],
  side: OrderSide,
): LevelChange[] {
  const left = new Map(before.map((level) => [level.rateMicros, level]));
  const changes: LevelChange[] = [];
  for (const level of after) {
    const old = left.get(level.rateMicros);
    left.delete(level.rateMicros);
    if (old?.gpuCount === level.gpuCount && old.orderCount === level.orderCount) continue;
    changes.push({ side, ...level });
  }
  const gone = [...left.keys()].map((rateMicros) => ({
    side,
    rateMicros,
    gpuCount: 0,
    orderCount: 0,
  }));
  return [...changes, ...gone];
}

/**
 * CRC-32 (IEEE) of the top 10 levels as 8 lower-case hex digits: asks from low to high, then bids from
 * high to low, each `price in micro-USD:gpuCount`, joined with `|`. An empty book is `00000000`.
 * Source: design "The live feed", Order book protocol.
 */
export function bookChecksum({ asks, bids }: BookLevels): string {
  const levels = [...asks.slice(0, CHECKSUM_DEPTH), ...bids.slice(0, CHECKSUM_DEPTH)];
  const text = levels.map(({ rateMicros, gpuCount }) => `${rateMicros}:${gpuCount}`).join('|');
  return crc32(text).toString(16).padStart(8, '0');
}
