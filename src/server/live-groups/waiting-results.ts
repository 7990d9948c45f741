import type { SharedResult } from './shared-result.ts';

/** Results that may wait in one place. */
export const WAITING_LIMIT = 1_000;

/** Characters of JSON that they may have together. */
export const WAITING_CHARACTERS = 1_000_000;

/**
 * Results that wait, bounded in number and size; their bytes are shared. A newer result of a key takes
 * the place of the older at the end of the queue, so that positions never go back.
 */
export class WaitingResults {
  readonly #results = new Map<string | symbol, SharedResult>();
  #characters = 0;

  get size(): number {
    return this.#results.size;
  }

  /** `full`: there was no room, and the result does not wait. One alone has room, however large. */
  add(result: SharedResult): 'added' | 'replaced' | 'full' {
    const key = result.told.key ?? Symbol('nothing replaces it');
    const older = this.#results.get(key);
    if (older) this.#remove(key, older);
    if (!this.#hasRoomFor(result)) return 'full';
    this.#results.set(key, result);
    this.#characters += result.json.length;
    return older ? 'replaced' : 'added';
  }

  /** Takes the oldest; null when none waits. */
  take(): SharedResult | null {
    for (const [key, result] of this.#results) {
      this.#remove(key, result);
      return result;
    }
    return null;
  }

  /** Takes all, oldest first. */
  takeAll(): SharedResult[] {
    const results = [...this.#results.values()];
    this.clear();
    return results;
  }

  clear(): void {
    this.#results.clear();
    this.#characters = 0;
  }

  #remove(key: string | symbol, result: SharedResult): void {
    this.#results.delete(key);
    this.#characters -= result.json.length;
  }

  #hasRoomFor(result: SharedResult): boolean {
    if (this.#results.size === 0) return true;
    const characters = this.#characters + result.json.length;
    return this.#results.size < WAITING_LIMIT && characters <= WAITING_CHARACTERS;
  }
}
