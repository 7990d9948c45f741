/** A message that is none of its feed; the text is the reason, e.g. after `line N:`. */
export class BadMessageError extends Error {
  override readonly name = 'BadMessageError';
}

export type Fields = Readonly<Record<string, unknown>>;

/** A JSON object; throws {@link BadMessageError} for any other value. */
export function readFields(what: string, value: unknown): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw new BadMessageError(`${what} is no object`);
}

/** A list of at most `limit` items. */
export function readList(what: string, value: unknown, limit: number): readonly unknown[] {
  if (!Array.isArray(value)) throw new BadMessageError(`${what} is no list`);
  if (value.length > limit) throw new BadMessageError(`${what} has more than ${limit} items`);
  return value;
}

/** A string that a pattern describes. */
export function readPattern(what: string, value: unknown, pattern: RegExp): string {
  if (typeof value === 'string' && pattern.test(value)) return value;
  throw new BadMessageError(`${what} is missing or not as it should be`);
}

/** A whole number of 0 or more. */
export function readCount(what: string, value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new BadMessageError(`${what} is no whole number of 0 or more`);
}
