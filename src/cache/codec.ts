import { Packr } from 'msgpackr';
import type { EpochMs } from '../domain/time.ts';
import type { Loaded } from './types.ts';

/** First byte of every payload; to be changed with the shape of any cached value. */
const FORMAT = 1;

/** Records spell field names once per value, not once per row; bigint money stays bigint. */
const packr = new Packr({ useRecords: true, int64AsType: 'bigint' });

/** Why msgpack for all values: `docs/decisions/0002-msgpack-for-all-cached-values.md`. */
export function encode({ value, asOf }: Loaded<unknown>): Buffer {
  return Buffer.concat([Buffer.of(FORMAT), packr.pack([asOf, value])]);
}

/** What {@link encode} was given; null for another format or a broken payload, which is a miss. */
export function decode<V>(payload: Buffer): Loaded<V> | null {
  if (payload[0] !== FORMAT) return null;
  try {
    const [asOf, value] = packr.unpack(payload.subarray(1)) as [EpochMs, V];
    return { asOf, value };
  } catch {
    return null;
  }
}
