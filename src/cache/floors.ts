import type { CacheKey } from '../domain/cache-key.ts';
import type { CacheNamespace } from '../domain/cache-namespace.ts';
import { laterOf } from './sequence.ts';

/** Invalidations remembered key by key, per partition; older ones are remembered together. */
const REMEMBERED_KEYS = 4096;

/**
 * The lowest token that a value of a key may have to be kept, in one partition: `min[key] ?? floor`.
 * Only ever rises within an incarnation, so raising commutes and repeats without harm. Forgetting a
 * key raises the floor to it: memory stays bounded and the answer errs to refusing.
 */
export class Floors {
  #floor = 0n;
  readonly #byKey = new Map<string, bigint>();
  readonly #byNamespace = new Map<CacheNamespace, bigint>();

  of({ namespace, key }: CacheKey): bigint {
    return laterOf(this.#byNamespace.get(namespace), this.#byKey.get(key) ?? this.#floor);
  }

  raise({ key }: CacheKey, sequence: bigint): void {
    const raised = laterOf(this.#byKey.get(key) ?? this.#floor, sequence);
    // Set anew, so that the order of the map is the order of the last invalidations.
    this.#byKey.delete(key);
    this.#byKey.set(key, raised);
    if (this.#byKey.size > REMEMBERED_KEYS) this.#forgetOldest();
  }

  raiseNamespace(namespace: CacheNamespace, sequence: bigint): void {
    this.#byNamespace.set(namespace, laterOf(this.#byNamespace.get(namespace), sequence));
  }

  /** Forgets the keys: nothing below `floor` may be kept of any. */
  reset(floor: bigint): void {
    this.#floor = floor;
    this.#byKey.clear();
    this.#byNamespace.clear();
  }

  #forgetOldest(): void {
    for (const [key, sequence] of this.#byKey) {
      this.#byKey.delete(key);
      this.#floor = laterOf(this.#floor, sequence);
      return;
    }
  }
}
