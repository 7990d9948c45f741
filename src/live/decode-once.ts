import type { CacheEvent } from '../domain/cache-event.ts';

/** An event is offered to all streams in a row, so remembering the last answer is enough. */
export function decodeOnce<T>(
  decode: (event: CacheEvent) => T | null,
): (event: CacheEvent) => T | null {
  let last: CacheEvent | null = null;
  let decoded: T | null = null;
  return (event) => {
    if (event !== last) {
      decoded = decode(event);
      last = event;
    }
    return decoded;
  };
}
