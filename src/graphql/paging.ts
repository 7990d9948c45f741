import { badInput } from './errors.ts';

/** The largest page, and the most ids or names that one argument may list. */
export const MAX_PAGE_SIZE = 100;
export const DEFAULT_PAGE_SIZE = 20;

/** Relay's paging arguments, as GraphQL hands them over. */
export interface PageArgs {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
}

/** A checked request for one page of a list whose places are `P`. */
export interface PageRequest<P> {
  readonly direction: 'FORWARD' | 'BACKWARD';
  readonly size: number;
  readonly after: P | null;
  readonly before: P | null;
}

export interface PageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

export interface Page<T> extends PageInfo {
  readonly items: readonly T[];
  /** How many items the whole list has. */
  readonly totalCount: number;
}

/** Returns a page size of 1–100; absent means 20. Throws BAD_USER_INPUT. */
export function pageSize(argument: 'first' | 'last', size: number | null | undefined): number {
  const asked = size ?? DEFAULT_PAGE_SIZE;
  if (asked >= 1 && asked <= MAX_PAGE_SIZE) return asked;
  throw badInput(argument, `\`${argument}\` must be from 1 to ${MAX_PAGE_SIZE}.`);
}

/** Refuses a list argument of more than 100 entries. Throws BAD_USER_INPUT. */
export function atMost100<T>(argument: string, list: T): T {
  if (!Array.isArray(list) || list.length <= MAX_PAGE_SIZE) return list;
  throw badInput(argument, `\`${argument}\` may list at most ${MAX_PAGE_SIZE} values.`);
}

/**
 * Checks paging arguments and reads their cursors with `decode` (null = not ours). `first` and `last`
 * exclude each other: which of two cuts comes first is a question that nobody should have to ask.
 */
export function pageRequest<P>(
  { first, after, last, before }: PageArgs,
  decode: (cursor: string) => P | null,
): PageRequest<P> {
  const backward = last !== null && last !== undefined;
  if (backward && first !== null && first !== undefined) {
    throw badInput('last', 'Give either `first` or `last`; with `last`, set `first: null`.');
  }
  return {
    direction: backward ? 'BACKWARD' : 'FORWARD',
    size: backward ? pageSize('last', last) : pageSize('first', first),
    after: readCursor('after', after, decode),
    before: readCursor('before', before, decode),
  };
}

function readCursor<P>(
  argument: 'after' | 'before',
  cursor: string | null | undefined,
  decode: (cursor: string) => P | null,
): P | null {
  if (cursor === null || cursor === undefined) return null;
  const position = decode(cursor);
  if (position !== null) return position;
  throw badInput(
    argument,
    `\`${argument}\` must be a cursor that this list has sent in this order.`,
  );
}

/**
 * Cuts one page out of `items`, which need not be sorted: only as many as the page holds ever are.
 * An item is its own place, so a cursor works even when the item it names is gone.
 */
export function cutPage<P, T extends P>(
  items: readonly T[],
  { direction, size, after, before }: PageRequest<P>,
  compare: (a: P, b: P) => number,
): Page<T> {
  const isBefore = (item: T): boolean => after !== null && compare(item, after) <= 0;
  const isAfter = (item: T): boolean => before !== null && compare(item, before) >= 0;
  const window = items.filter((item) => !isBefore(item) && !isAfter(item));
  const forward = direction === 'FORWARD';
  const kept = smallest(window, size, forward ? compare : (a, b) => compare(b, a));
  const cut = window.length > size;
  return {
    items: forward ? kept : kept.toReversed(),
    totalCount: items.length,
    hasNextPage: (forward && cut) || items.some(isAfter),
    hasPreviousPage: (!forward && cut) || items.some(isBefore),
  };
}

/** The `count` smallest items in order: one pass with a short sorted list, not a sort of everything. */
function smallest<T>(items: readonly T[], count: number, compare: (a: T, b: T) => number): T[] {
  const kept: T[] = [];
  for (const item of items) {
    const last = kept.at(-1);
    if (kept.length === count && last !== undefined && compare(item, last) >= 0) continue;
    kept.splice(insertionPoint(kept, item, compare), 0, item);
    if (kept.length > count) kept.pop();
  }
  return kept;
}

function insertionPoint<T>(sorted: readonly T[], item: T, compare: (a: T, b: T) => number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (compare(sorted[middle] as T, item) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Plain order of code units, the same on every machine. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
