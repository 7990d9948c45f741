const MAX_LENGTH = 512;

/**
 * A position in a sorted list: what it is sorted by, and the sort value and id of the item there.
 * Never an offset: items that come and go elsewhere move nobody from one page to another.
 */
export type CursorParts = readonly [order: string, ...position: string[]];

/** Opaque text for {@link CursorParts}. */
export function encodePageCursor(parts: CursorParts): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** The position behind a cursor of this order, or null for a text that this list never issued. */
export function decodePageCursor(order: string, cursor: string): readonly string[] | null {
  if (cursor.length > MAX_LENGTH) return null;
  const parts = parseJson(Buffer.from(cursor, 'base64url').toString());
  if (!Array.isArray(parts) || !parts.every((part) => typeof part === 'string')) return null;
  const [foundOrder, ...position] = parts;
  return foundOrder === order ? position : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
