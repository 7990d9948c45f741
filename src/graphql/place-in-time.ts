import { isUuid } from '../domain/ids.ts';
import type { EpochMs } from '../domain/time.ts';
import { decodePageCursor, encodePageCursor } from './page-cursor.ts';

/** Where an item stands in a list that is sorted by time. */
export interface PlaceInTime {
  readonly createdAt: EpochMs;
  readonly id: string;
}

/** No instant beyond the year 5138 leaves a cursor: the database knows them all. */
const MILLISECONDS = /^\d{1,14}$/;

/** The cursor of an item in the list called `list`. */
export function encodePlace(list: string, { createdAt, id }: PlaceInTime): string {
  return encodePageCursor([list, String(createdAt), id]);
}

/** Null for a text that this list never issued. */
export function decodePlace(list: string, cursor: string): PlaceInTime | null {
  const [time, id, ...rest] = decodePageCursor(list, cursor) ?? [];
  if (time === undefined || id === undefined || rest.length > 0) return null;
  return MILLISECONDS.test(time) && isUuid(id) ? { createdAt: Number(time), id } : null;
}
