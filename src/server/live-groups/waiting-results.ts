import type { SharedResult } from './shared-result.ts';

/**
 * Results that wait for one member, bounded in number; their bytes are shared. A newer result of a
 * key takes the place of the older at the end of the queue, so that positions never go back.
 */
export class WaitingResults {
  readonly #limit: number;
  readonly #results = new Map<string | symbol, SharedResult>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#results.size;
  }

  /** `full`: there was no room, and nothing has changed. */
  add(result: SharedResult): 'added' | 'replaced' | 'full' {
    const key = result.told.key ?? Symbol('nothing replaces it');
    const replaced = this.#results.delete(key);
    if (this.#results.size >= this.#limit) return 'full';
    this.#results.set(key, result);
    return replaced ? 'replaced' : 'added';
  }

  /** Takes the oldest; null when none waits. */
  take(): SharedResult | null {
    for (const [key, result] of this.#results) {
      this.#results.delete(key);
      return result;
    }
    return null;
  }

  clear(): void {
    this.#results.clear();
  }
}
