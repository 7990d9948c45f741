/**
 * The newest ids of a stream of them. They are kept in two generations, of which the older is forgotten
 * as a whole: to look for the oldest id of one long set is to walk over all that were deleted before.
 */
export class RecentIds {
  readonly #limit: number;
  #newer = new Set<string>();
  #older = new Set<string>();

  /** Remembers at least the newest `limit` ids, and never more than twice as many. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  has(id: string): boolean {
    return this.#newer.has(id) || this.#older.has(id);
  }

  /** Whether the id was new; it is the newest now. */
  add(id: string): boolean {
    const isNew = !this.has(id);
    if (this.#newer.size >= this.#limit) {
      this.#older = this.#newer;
      this.#newer = new Set();
    }
    this.#newer.add(id);
    return isNew;
  }
}
