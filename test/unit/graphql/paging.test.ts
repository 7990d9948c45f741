import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutPage, pageRequest, type PageArgs } from '../../../src/graphql/paging.ts';

const byValue = (a: number, b: number): number => a - b;
const decode = (cursor: string): number | null => (/^\d+$/.test(cursor) ? Number(cursor) : null);

function page(items: readonly number[], args: PageArgs) {
  return cutPage(items, pageRequest(args, decode), byValue);
}

describe('a page', () => {
  const items = [5, 3, 1, 4, 2];

  test('forward holds the first items in order', () => {
    expect(page(items, { first: 2 })).toEqual({
      items: [1, 2],
      totalCount: 5,
      hasNextPage: true,
      hasPreviousPage: false,
    });
  });

  test('forward after a cursor knows that items precede it', () => {
    expect(page(items, { first: 5, after: '3' })).toEqual({
      items: [4, 5],
      totalCount: 5,
      hasNextPage: false,
      hasPreviousPage: true,
    });
  });

  test('backward holds the last items before the cursor, still in order', () => {
    expect(page(items, { first: null, last: 2, before: '4' })).toEqual({
      items: [2, 3],
      totalCount: 5,
      hasNextPage: true,
      hasPreviousPage: true,
    });
  });

  test('continues where it was when the item of its cursor has gone', () => {
    expect(page([1, 2, 4, 5], { first: 1, after: '3' }).items).toEqual([4]);
  });

  test('beyond the end is empty and says that items precede it', () => {
    expect(page(items, { first: 2, after: '9' })).toMatchObject({
      items: [],
      hasNextPage: false,
      hasPreviousPage: true,
    });
  });

  test('after page, every list is walked whole, in either direction', () => {
    const lists = fc.uniqueArray(fc.nat(1000), { maxLength: 60 });
    fc.assert(
      fc.property(lists, fc.integer({ min: 1, max: 9 }), (list, size) => {
        const sorted = list.toSorted(byValue);
        expect(walk(list, (cursor) => ({ first: size, after: cursor }))).toEqual(sorted);
        const backward = walk(
          list,
          (cursor) => ({ first: null, last: size, before: cursor }),
          true,
        );
        expect(backward).toEqual(sorted);
      }),
    );
  });
});

function walk(
  list: readonly number[],
  argsOf: (cursor: string | null) => PageArgs,
  backward = false,
): number[] {
  const seen: number[] = [];
  for (let cursor: string | null = null; ;) {
    const { items, hasNextPage, hasPreviousPage } = page(list, argsOf(cursor));
    if (backward) seen.unshift(...items);
    else seen.push(...items);
    if (!(backward ? hasPreviousPage : hasNextPage)) return seen;
    cursor = String(backward ? items[0] : items.at(-1));
  }
}

describe('paging arguments', () => {
  test.each([0, -1, 101])('refuse first: %i and name what is allowed', (first) => {
    expect(() => page([], { first })).toThrow('`first` must be from 1 to 100.');
  });

  test.each([0, -1, 101])('refuse last: %i and name what is allowed', (last) => {
    expect(() => page([], { last })).toThrow('`last` must be from 1 to 100.');
  });

  test('refuse a cursor that is not theirs without echoing it', () => {
    expect(() => page([], { after: 'garbage' })).toThrow(
      '`after` must be a cursor that this list has sent in this order.',
    );
  });

  test('refuse two directions at once', () => {
    expect(() => page([], { first: 1, last: 1 })).toThrow('set `first: null`');
  });

  test('take 20 items when no size is given', () => {
    expect(pageRequest({}, decode)).toMatchObject({ direction: 'FORWARD', size: 20 });
    expect(pageRequest({ first: null }, decode)).toMatchObject({ direction: 'FORWARD', size: 20 });
  });
});
