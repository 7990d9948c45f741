import { describe, expect, it } from 'vitest';
import {
  decodeConsistencyToken,
  encodeConsistencyToken,
  UNPUBLISHED,
} from '../../../src/domain/consistency-token.ts';
import type { LogPosition } from '../../../src/domain/log-position.ts';

function text(plain: string): string {
  return Buffer.from(plain).toString('base64url');
}

describe('a consistency token', () => {
  it('comes back as it was, exact to the last digit', () => {
    const token = {
      issuedAt: 1_790_000_000_123,
      partitions: new Map<number, LogPosition | typeof UNPUBLISHED>([
        [0, { base: 1_790_000_000_000_001n, sequence: 9_007_199_254_740_993n }],
        [15, UNPUBLISHED],
      ]),
    };
    const encoded = encodeConsistencyToken(token);
    expect(encoded).toMatch(/^[\w-]+$/);
    expect(decodeConsistencyToken(encoded)).toEqual(token);
  });

  it('that demands nothing is one too', () => {
    const token = { issuedAt: 1, partitions: new Map() };
    expect(decodeConsistencyToken(encodeConsistencyToken(token))).toEqual(token);
  });

  it.each([
    ['nothing', ''],
    ['another format', text('2.abc')],
    ['no instant', text('1')],
    ['a partition that is none', text('1.abc.16')],
    ['a partition that is no number', text('1.abc.x')],
    ['half a position', text('1.abc.3-a')],
    ['more than a position', text('1.abc.3-a-b-c')],
    ['a number that is none', text('1.abc.3-a-A!')],
    ['a number without end', text(`1.abc.3-a-${'z'.repeat(14)}`)],
    ['too many partitions', text(`1.abc${'.1'.repeat(17)}`)],
    ['too much text', 'A'.repeat(2000)],
  ])('is not made of %s', (_, token) => {
    expect(decodeConsistencyToken(token)).toBeNull();
  });
});
