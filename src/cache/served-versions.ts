const REMEMBERED_KEYS = 4096;

/**
 * The row version that this node has last answered, per entity: answers never go back to a lower one.
 * The least recently answered entities are forgotten.
 */
export class ServedVersions {
  readonly #versions = new Map<string, number>();

  of(key: string): number | undefined {
    return this.#versions.get(key);
  }

  isOlder(key: string, version: number | null): boolean {
    const served = this.#versions.get(key);
    return version !== null && served !== undefined && version < served;
  }

  note(key: string, version: number | null): void {
    if (version === null) return;
    this.#versions.delete(key);
    this.#versions.set(key, version);
    if (this.#versions.size <= REMEMBERED_KEYS) return;
    for (const oldest of this.#versions.keys()) {
      this.#versions.delete(oldest);
      return;
    }
  }
}
