import type { CacheReporter } from '../domain/cache-reporter.ts';
import type { CoarseClock } from './coarse-clock.ts';
import type { L2 } from './l2.ts';

/** After so many failures in a row L2 is left alone for a while. */
const FAILURES = 5;
const REST_MS = 1000;

export interface GuardedL2Options {
  readonly clock: CoarseClock;
  readonly reporter: Pick<CacheReporter, 'l2Failed'>;
}

/**
 * L2 behind a circuit breaker: an answer, or null, never an error. L2 only ever saves time, so one
 * that has just failed again and again costs nobody the wait for the next failure: for a second
 * nothing is asked, then one question finds out whether it is back.
 */
export class GuardedL2 {
  readonly keepsValues: boolean;
  readonly #l2: L2;
  readonly #options: GuardedL2Options;
  #failures = 0;
  #restsUntilMs = -Infinity;

  constructor(l2: L2, options: GuardedL2Options) {
    this.keepsValues = l2.keepsValues;
    this.#l2 = l2;
    this.#options = options;
  }

  async ask<T>(question: (l2: L2) => Promise<T>): Promise<T | null> {
    const { clock, reporter } = this.#options;
    if (this.#failures >= FAILURES) {
      if (clock.now() < this.#restsUntilMs) return null;
      // This question is the one that finds out; others wait for its answer no longer than before.
      this.#restsUntilMs = clock.now() + REST_MS;
    }
    try {
      const answer = await question(this.#l2);
      this.#failures = 0;
      return answer;
    } catch (error) {
      this.#failures += 1;
      this.#restsUntilMs = clock.now() + REST_MS;
      reporter.l2Failed(error);
      return null;
    }
  }
}
