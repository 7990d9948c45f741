/** Instants are UTC epoch milliseconds inside (names end in `Ms` or `At`) and ISO-8601 with `Z` outside. */
export type EpochMs = number;

/** Half-open `[start, end)`. */
export interface Interval {
  readonly start: EpochMs;
  readonly end: EpochMs;
}

export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** A booking may end at most this far ahead, and free windows are computed inside it. */
export const HORIZON_MS = 90 * DAY_MS;

const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/i;

/** `2026-11-23T06:00:00.000Z` */
export function toIso(at: EpochMs): string {
  return new Date(at).toISOString();
}

/** The years 1 to 9999: those that four digits can write and the database can keep. */
const FIRST_INSTANT = Date.parse('0001-01-01T00:00:00Z');
const LAST_INSTANT = Date.parse('9999-12-31T23:59:59.999Z');

/** Parses an ISO-8601 instant that names its offset; anything else, a calendar lie included, gives `null`. */
export function parseIso(text: string): EpochMs | null {
  if (!ISO.test(text)) return null;
  const at = Date.parse(text);
  if (Number.isNaN(at) || at < FIRST_INSTANT || at > LAST_INSTANT) return null;
  const day = Number(text.slice(8, 10));
  const lastDay = new Date(
    Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0),
  ).getUTCDate();
  return day >= 1 && day <= lastDay ? at : null;
}

/** Whether two half-open intervals share an instant: touching ends do not. */
export function overlaps(a: Interval, b: Interval): boolean {
  return a.start < b.end && b.start < a.end;
}

/** The start of the minute that holds `at`. */
export function floorMinute(at: EpochMs): EpochMs {
  return Math.floor(at / MINUTE_MS) * MINUTE_MS;
}

/** The parts of `range` that no busy interval covers, in order; touching gaps are merged. */
export function freeWindows(busy: readonly Interval[], range: Interval): Interval[] {
  const free: Interval[] = [];
  let from = range.start;
  for (const taken of busy.toSorted((a, b) => a.start - b.start)) {
    if (taken.start >= range.end) break;
    if (taken.start > from) free.push({ start: from, end: taken.start });
    from = Math.max(from, taken.end);
  }
  if (from < range.end) free.push({ start: from, end: range.end });
  return free;
}
