import { PARTITIONS } from '../domain/partition.ts';

/** How far one partition's log was followed; `base` is the log's incarnation. */
export interface PartitionPosition {
  readonly base: bigint;
  readonly sequence: bigint;
}

/** Partition → position: it means the same on every node, whoever issued it. */
export type CursorVector = ReadonlyMap<number, PartitionPosition>;

const VERSION = '1';
const RADIX = 36;
const MAX_LENGTH = 1024;
const POSITION = /^(\d{1,4}):([0-9a-z]{1,13}):([0-9a-z]{1,13})$/;

/** An opaque, URL-safe text; the positions in it are kept as distance from their base. */
export function encodeCursor(vector: CursorVector): string {
  const positions = [...vector]
    .toSorted(([a], [b]) => a - b)
    .map(([partition, { base, sequence }]) => {
      return `${partition}:${base.toString(RADIX)}:${(sequence - base).toString(RADIX)}`;
    });
  return Buffer.from([VERSION, ...positions].join(' ')).toString('base64url');
}

/** Null for a text that this API never issued. */
export function decodeCursor(text: string): CursorVector | null {
  if (text.length > MAX_LENGTH) return null;
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.toString('base64url') !== text) return null;
  const [version, ...positions] = bytes.toString('latin1').split(' ');
  if (version !== VERSION) return null;
  const vector = new Map<number, PartitionPosition>();
  for (const position of positions) {
    const [, partition, base, distance] = POSITION.exec(position) ?? [];
    if (partition === undefined || base === undefined || distance === undefined) return null;
    if (Number(partition) >= PARTITIONS || vector.has(Number(partition))) return null;
    const from = parseBase36(base);
    vector.set(Number(partition), { base: from, sequence: from + parseBase36(distance) });
  }
  return vector;
}

function parseBase36(digits: string): bigint {
  let value = 0n;
  for (const digit of digits) value = value * BigInt(RADIX) + BigInt(Number.parseInt(digit, RADIX));
  return value;
}
