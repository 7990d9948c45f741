const MAX_OBJECTS = 1_000;

/** Objects by their id, each read once until it is dropped. */
export class ObjectCache<Value> {
  readonly #read: (id: string) => Promise<Value>;
  readonly #values = new Map<string, Promise<Value>>();

  constructor(read: (id: string) => Promise<Value>) {
    this.#read = read;
  }

  /** Concurrent readers share one request; one that fails is not kept. */
  get(id: string): Promise<Value> {
    const known = this.#values.get(id);
    if (known) return known;
    const value = this.#read(id);
    const [oldest] = this.#values.size < MAX_OBJECTS ? [] : this.#values.keys();
    if (oldest !== undefined) this.#values.delete(oldest);
    this.#values.set(id, value);
    value.catch(() => {
      if (this.#values.get(id) === value) this.#values.delete(id);
    });
    return value;
  }

  /** A read that is under way goes to those who wait for it, and to nobody who asks after this. */
  drop(ids: readonly string[]): void {
    for (const id of ids) this.#values.delete(id);
  }

  clear(): void {
    this.#values.clear();
  }
}
