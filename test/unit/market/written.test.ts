import { expect, test } from 'vitest';
import { UNPUBLISHED, type ConsistencyToken } from '../../../src/domain/consistency-token.ts';
import { bothOf, collectWritten, noteWritten } from '../../../src/market/written.ts';

function token(places: Record<number, readonly [base: bigint, sequence: bigint] | null>) {
  const partitions = Object.entries(places).map(([partition, at]) => {
    return [Number(partition), at ? { base: at[0], sequence: at[1] } : UNPUBLISHED] as const;
  });
  return { issuedAt: 0, partitions: new Map(partitions) } satisfies ConsistencyToken;
}

async function write(one: ConsistencyToken): Promise<string> {
  await Promise.resolve();
  noteWritten(one);
  return 'done';
}

test('a command tells what was written in it, and not what others wrote meanwhile', async () => {
  const [mine, theirs, nothing] = [token({ 1: [1n, 5n] }), token({ 2: [1n, 6n] }), async () => 0];
  const outcomes = await Promise.all([
    collectWritten(() => write(mine)),
    collectWritten(() => write(theirs)),
    collectWritten(nothing),
  ]);
  expect(outcomes).toEqual([
    { result: 'done', token: mine },
    { result: 'done', token: theirs },
    { result: 0, token: null },
  ]);
});

test('of two tokens the newer place of each partition counts', () => {
  const both = bothOf(
    token({ 1: [1n, 5n], 2: [1n, 9n], 3: [1n, 7n], 4: null }),
    token({ 1: [1n, 6n], 2: [1n, 8n], 3: [2n, 2n], 5: [1n, 1n] }),
  );
  expect(both).toEqual(token({ 1: [1n, 6n], 2: [1n, 9n], 3: [2n, 2n], 4: null, 5: [1n, 1n] }));
});

test('what is not published yet stays so', () => {
  expect(bothOf(token({ 1: null }), token({ 1: [1n, 5n] }))).toEqual(token({ 1: null }));
  expect(bothOf(token({ 1: [1n, 5n] }), token({ 1: null }))).toEqual(token({ 1: null }));
});
