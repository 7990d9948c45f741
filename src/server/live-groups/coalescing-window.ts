import type { SharedResult } from './shared-result.ts';
import { WaitingResults } from './waiting-results.ts';

export interface CoalescingWindowOptions {
  /** 0 = each result goes out at once. */
  readonly windowMs: number;
  /** Sends results, in order, to every member. */
  readonly deliver: (results: readonly SharedResult[]) => void;
  readonly onConflated: () => void;
}

/**
 * Gathers what a stream says in quick succession: the first result after a quiet time goes out at once,
 * what follows within the window goes out together at its end, the newest of each key alone.
 */
export class CoalescingWindow {
  readonly #options: CoalescingWindowOptions;
  readonly #waiting = new WaitingResults();
  /** Runs while the window is open. */
  #timer: NodeJS.Timeout | null = null;

  constructor(options: CoalescingWindowOptions) {
    this.#options = options;
  }

  add(result: SharedResult): void {
    const { windowMs, deliver } = this.#options;
    if (windowMs > 0 && this.#timer) this.#keep(result);
    else {
      deliver([result]);
      if (windowMs > 0) this.#open();
    }
  }

  /** Sends what waits and forgets the window. */
  flush(): void {
    this.stop();
    const results = this.#waiting.takeAll();
    if (results.length > 0) this.#options.deliver(results);
  }

  /** Nothing is sent by itself any more; idempotent. */
  stop(): void {
    clearTimeout(this.#timer ?? undefined);
    this.#timer = null;
  }

  #keep(result: SharedResult): void {
    const outcome = this.#waiting.add(result);
    if (outcome === 'replaced') this.#options.onConflated();
    if (outcome !== 'full') return;
    this.flush();
    this.#open();
    this.#waiting.add(result);
  }

  #open(): void {
    this.#timer = setTimeout(() => this.#due(), this.#options.windowMs).unref();
  }

  /** A window in which something came is followed by another one. */
  #due(): void {
    this.#timer = null;
    if (this.#waiting.size === 0) return;
    this.flush();
    this.#open();
  }
}
