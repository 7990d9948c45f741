import type { LogPosition } from '../domain/log-position.ts';
import { PARTITIONS } from '../domain/partition.ts';

/** Partition → position: it means the same on every node, whoever issued it. */
export type CursorVector = ReadonlyMap<number, LogPosition>;

const VERSION = 1;
const MAX_LENGTH = 1024;
/** Each byte of a number holds so many values; a higher one says that more follow. */
const RADIX = 128;

/**
 * An opaque, URL-safe text, as short as it can be, because every change carries one: the version, the
 * lowest base, then per partition its number, its base above the lowest and its sequence above its base.
 */
export function encodeCursor(vector: CursorVector): string {
  const positions = [...vector].toSorted(([a], [b]) => a - b);
  const lowest = Math.min(...positions.map(([, { base }]) => Number(base)), Infinity);
  const numbers = positions.flatMap(([partition, { base, sequence }]) => [
    partition,
    Number(base) - lowest,
    Number(sequence - base),
  ]);
  const bytes: number[] = [];
  if (numbers.length > 0) numbers.unshift(lowest);
  for (const number of [VERSION, ...numbers]) writeNumber(bytes, number);
  return Buffer.from(bytes).toString('base64url');
}

/** Null for a text that this API never issued. */
export function decodeCursor(text: string): CursorVector | null {
  if (text.length > MAX_LENGTH) return null;
  const [version, lowest = 0, ...numbers] = readNumbers(Buffer.from(text, 'base64url'));
  if (version !== VERSION || numbers.length % 3 !== 0) return null;
  const vector = new Map<number, LogPosition>();
  for (let at = 0; at < numbers.length; at += 3) {
    const [partition = 0, above = 0, distance = 0] = numbers.slice(at, at + 3);
    const base = BigInt(lowest + above);
    vector.set(partition, { base, sequence: base + BigInt(distance) });
  }
  const isKnown = [...vector.keys()].every((partition) => partition < PARTITIONS);
  // Whatever else could be wrong with it: there is one text for each vector.
  return isKnown && encodeCursor(vector) === text ? vector : null;
}

/** Sequences and bases are exact below 2^53: they are counted in Lua. */
function writeNumber(bytes: number[], number: number): void {
  let rest = number;
  while (rest >= RADIX) {
    bytes.push((rest % RADIX) + RADIX);
    rest = Math.floor(rest / RADIX);
  }
  bytes.push(rest);
}

/** Ends early at what is no safe integer. */
function readNumbers(bytes: Buffer): number[] {
  const numbers: number[] = [];
  let [number, weight] = [0, 1];
  for (const byte of bytes) {
    number += (byte % RADIX) * weight;
    weight *= RADIX;
    if (!Number.isSafeInteger(number)) break;
    if (byte >= RADIX) continue;
    numbers.push(number);
    [number, weight] = [0, 1];
  }
  return numbers;
}
