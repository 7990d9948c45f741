import type { LogPosition } from '../domain/log-position.ts';
import { PARTITIONS } from '../domain/partition.ts';

/** Partition → position: it means the same on every node, whoever issued it. */
export type CursorVector = ReadonlyMap<number, LogPosition>;

const VERSION = 1;
const MAX_LENGTH = 1024;
/** Each byte of a number holds so many values; a higher one says that more follow. */
const RADIX = 128;

/** Each change is told with a cursor: they are all written here, so that none takes memory of its own. */
const WRITTEN = Buffer.alloc(MAX_LENGTH);

/**
 * An opaque, URL-safe text, as short as it can be, because every change carries one: the version, the
 * lowest base, then per partition its number, its base above the lowest and its sequence above its base.
 */
export function encodeCursor(vector: Pick<CursorVector, 'get'>): string {
  const lowest = lowestBase(vector);
  let end = writeNumber(0, VERSION);
  if (lowest !== null) end = writeNumber(end, lowest);
  for (let partition = 0; partition < PARTITIONS; partition += 1) {
    const position = vector.get(partition);
    if (!position) continue;
    end = writeNumber(end, partition);
    end = writeNumber(end, Number(position.base) - (lowest ?? 0));
    end = writeNumber(end, Number(position.sequence - position.base));
  }
  return WRITTEN.toString('base64url', 0, end);
}

/** Null where no partition is known. */
function lowestBase(vector: Pick<CursorVector, 'get'>): number | null {
  let lowest: number | null = null;
  for (let partition = 0; partition < PARTITIONS; partition += 1) {
    const position = vector.get(partition);
    if (!position) continue;
    const base = Number(position.base);
    if (lowest === null || base < lowest) lowest = base;
  }
  return lowest;
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
  // Whatever could be wrong with it, a partition that there is not included: each vector has one text.
  return encodeCursor(vector) === text ? vector : null;
}

/** Where the next one goes. Sequences and bases are exact below 2^53: they are counted in Lua. */
function writeNumber(at: number, number: number): number {
  let rest = number;
  let end = at;
  while (rest >= RADIX) {
    WRITTEN[end] = (rest % RADIX) + RADIX;
    rest = Math.floor(rest / RADIX);
    end += 1;
  }
  WRITTEN[end] = rest;
  return end + 1;
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
