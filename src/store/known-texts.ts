/** What a connection may know of a statement whose text never changes. */
export interface KnownText {
  /** Nothing but its success is wanted: it may wait for the next statement and travel with it. */
  readonly silent: boolean;
}

/** Those of the program, however many connections there are; the first two as Kysely writes them. */
const known = new Map<string, KnownText>([
  ['begin', { silent: true }],
  ['commit', { silent: false }],
]);

/** From now on every connection prepares this text once. */
export function makeKnown(text: string, facts: KnownText): void {
  known.set(text, facts);
}

/** Undefined for a text that may be another next time. */
export function knownText(text: string): KnownText | undefined {
  return known.get(text);
}
