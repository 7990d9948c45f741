import { describe, expect, it } from 'vitest';
import { decode, encode } from '../../../src/cache/codec.ts';

describe('a payload', () => {
  const units = Array.from({ length: 50 }, (_, index) => ({
    id: `us-east-1/h100-sxm/${index}`,
    rateMicros: 2_000_000n + BigInt(index),
    createdAt: 1_790_000_000_123,
    offer: index % 2 === 0 ? null : { baseMicros: -1n, minutes: 60 },
    busy: [{ start: 1.5, end: 2 ** 40 }],
  }));

  it('brings money, instants, nulls and nesting back as they were', () => {
    const loaded = { value: units, asOf: 1_790_000_000_456 };
    expect(decode(encode(loaded))).toEqual(loaded);
    expect(decode(encode({ value: null, asOf: 1 }))).toEqual({ value: null, asOf: 1 });
  });

  it('can be read on its own, whatever was written before it', () => {
    const first = encode({ value: units[0], asOf: 1 });
    const second = encode({ value: units[0], asOf: 1 });
    expect(second).toEqual(first);
  });

  it('is smaller than the same in JSON', () => {
    const json = JSON.stringify(units, (_, part: unknown) =>
      typeof part === 'bigint' ? `${part}` : part,
    );
    expect(encode({ value: units, asOf: 1 }).length).toBeLessThan(json.length);
  });

  it.each([
    ['another format', Buffer.from([2, 0x90])],
    ['no bytes', Buffer.alloc(0)],
    ['half of it', encode({ value: units, asOf: 1 }).subarray(0, 100)],
  ])('with %s is a miss', (_, payload) => {
    expect(decode(payload)).toBeNull();
  });
});
