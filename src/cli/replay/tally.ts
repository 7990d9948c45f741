import { formatCount, plural } from '../output.ts';

/** Counts what became of calls, and how long the answers took. */
export class Tally {
  #succeeded = 0;
  readonly #refused = new Map<string, number>();
  readonly #latenciesMs: number[] = [];

  get succeeded(): number {
    return this.#succeeded;
  }

  get sent(): number {
    return this.#succeeded + [...this.#refused.values()].reduce((sum, count) => sum + count, 0);
  }

  succeed(): void {
    this.#succeeded += 1;
  }

  refuse(code: string): void {
    this.#refused.set(code, (this.#refused.get(code) ?? 0) + 1);
  }

  /** Runs one call and remembers how long it took, whatever came of it. */
  async time<T>(call: () => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    try {
      return await call();
    } finally {
      this.#latenciesMs.push(performance.now() - startedAt);
    }
  }

  /** The report: sent, succeeded, refused by code (most frequent first), latency percentiles. */
  report(noun: string): string[] {
    const refused = [...this.#refused].toSorted(([, a], [, b]) => b - a);
    const reasons = refused.map(([code, count]) => `${code} ${formatCount(count)}`).join(', ');
    const lines = [
      `sent ${plural(this.sent, noun)}: ${formatCount(this.#succeeded)} succeeded, ` +
        `${formatCount(this.sent - this.#succeeded)} refused${reasons === '' ? '' : ` (${reasons})`}`,
    ];
    return this.#latenciesMs.length === 0 ? lines : [...lines, latencyText(this.#latenciesMs)];
  }
}

/** The smallest value that at least `percent` of the sorted values do not exceed (nearest rank). */
export function percentile(sorted: readonly number[], percent: number): number {
  const rank = Math.max(1, Math.ceil((percent / 100) * sorted.length));
  return sorted[rank - 1] ?? 0;
}

function latencyText(latenciesMs: readonly number[]): string {
  const sorted = latenciesMs.toSorted((a, b) => a - b);
  const parts = [50, 90, 99].map(
    (percent) => `p${percent} ${percentile(sorted, percent).toFixed(1)} ms`,
  );
  return `latency of ${plural(sorted.length, 'call')}: ${parts.join(', ')}, max ${(sorted.at(-1) ?? 0).toFixed(1)} ms`;
}
