import { keyText, type CacheKey } from '../domain/cache-key.ts';

const REMEMBERED_KEYS = 4096;

/**
 * The row version that this node has last answered, per entity: answers never go back to a lower one.
 * The least recently answered entities are forgotten.
 */
export class ServedVersions {
  readonly #versions = new Map<string, number>();

  /** Undefined where none was answered, or it is forgotten. */
  of(key: CacheKey): number | undefined {
    return this.#versions.get(keyText(key));
  }

  /** Whether answering this version would go back behind one that was answered. */
  isOlder(key: CacheKey, version: number | null): boolean {
    if (version === null) return false;
    const served = this.of(key);
    return served !== undefined && version < served;
  }

  note(key: CacheKey, version: number | null): void {
    if (version === null) return;
    const text = keyText(key);
    this.#versions.delete(text);
    this.#versions.set(text, version);
    if (this.#versions.size <= REMEMBERED_KEYS) return;
    for (const oldest of this.#versions.keys()) {
      this.#versions.delete(oldest);
      return;
    }
  }
}
