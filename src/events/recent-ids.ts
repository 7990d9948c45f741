/** The newest ids of a stream of them: the oldest are forgotten first. */
export class RecentIds {
  readonly #limit: number;
  readonly #ids = new Set<string>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** Whether the id was new; it is the newest now. */
  add(id: string): boolean {
    const isNew = !this.#ids.delete(id);
    this.#ids.add(id);
    const oldest = this.#ids.values().next().value;
    if (this.#ids.size > this.#limit && oldest !== undefined) this.#ids.delete(oldest);
    return isNew;
  }
}
