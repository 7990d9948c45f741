import type { LogPosition } from './log-position.ts';
import { PARTITIONS } from './partition.ts';
import { SECOND_MS, type EpochMs } from './time.ts';

/** An event that was committed and had no place in its partition's log yet. */
export const UNPUBLISHED = 'unpublished';

/**
 * How new the answers to a client must at least be: what it has written itself, wherever it asks next.
 * Source: design "The cache", §8.
 */
export interface ConsistencyToken {
  readonly issuedAt: EpochMs;
  readonly partitions: ReadonlyMap<number, LogPosition | typeof UNPUBLISHED>;
}

/** After this long every node knows by itself what the token asks for. */
export const TOKEN_LIFE_MS = 60 * SECOND_MS;

const FORMAT = '1';
const RADIX = 36;
const NUMBER = /^[0-9a-z]{1,13}$/;
/** Sixteen partitions with two numbers each need less. */
const LONGEST_TEXT = 1024;

/** Opaque to clients; safe in a header. */
export function encodeConsistencyToken({ issuedAt, partitions }: ConsistencyToken): string {
  const parts = [...partitions].map(([partition, at]) =>
    at === UNPUBLISHED
      ? `${partition}`
      : `${partition}-${at.base.toString(RADIX)}-${at.sequence.toString(RADIX)}`,
  );
  const text = [FORMAT, issuedAt.toString(RADIX), ...parts].join('.');
  return Buffer.from(text).toString('base64url');
}

/** What {@link encodeConsistencyToken} was given; null for any text that it cannot have made. */
export function decodeConsistencyToken(token: string): ConsistencyToken | null {
  if (token.length > LONGEST_TEXT) return null;
  const text = Buffer.from(token, 'base64url').toString('latin1');
  const [format, issued = '', ...parts] = text.split('.');
  if (format !== FORMAT || !NUMBER.test(issued) || parts.length > PARTITIONS) return null;
  const partitions = new Map<number, LogPosition | typeof UNPUBLISHED>();
  for (const part of parts) {
    const [name = '', base, sequence, ...rest] = part.split('-');
    const partition = /^\d{1,2}$/.test(name) ? Number(name) : PARTITIONS;
    const at = base === undefined ? UNPUBLISHED : positionOf(base, sequence ?? '');
    if (partition >= PARTITIONS || at === null || rest.length > 0) return null;
    partitions.set(partition, at);
  }
  return { issuedAt: Number.parseInt(issued, RADIX), partitions };
}

function positionOf(base: string, sequence: string): LogPosition | null {
  if (!NUMBER.test(base) || !NUMBER.test(sequence)) return null;
  return { base: fromText(base), sequence: fromText(sequence) };
}

function fromText(text: string): bigint {
  let value = 0n;
  for (const digit of text) {
    value = value * BigInt(RADIX) + BigInt(Number.parseInt(digit, RADIX));
  }
  return value;
}
