import type { SequencedEvent } from '../domain/cache-event.ts';
import type { LogPosition } from '../domain/log-position.ts';

/**
 * Where the newest events stood when they were first seen, by their ids. Kept in two generations, of
 * which the older is forgotten as a whole, so that nothing is ever searched for its oldest.
 */
export class FirstSeen {
  readonly #limit: number;
  #newer = new Map<string, LogPosition>();
  #older = new Map<string, LogPosition>();

  /** Remembers at least the newest `limit` ids, and never more than twice as many. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether the event stood elsewhere in the log before. */
  repeats({ event: { eventId }, base, sequence }: SequencedEvent): boolean {
    const first = this.#newer.get(eventId) ?? this.#older.get(eventId);
    return first !== undefined && (first.base !== base || first.sequence !== sequence);
  }

  /** Whether its id was new. */
  add({ event: { eventId }, base, sequence }: SequencedEvent): boolean {
    if (this.#newer.has(eventId) || this.#older.has(eventId)) return false;
    if (this.#newer.size >= this.#limit) {
      this.#older = this.#newer;
      this.#newer = new Map();
    }
    this.#newer.set(eventId, { base, sequence });
    return true;
  }
}
