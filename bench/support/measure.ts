/** One way of doing a thing; `run` does it once over and tells what came of it (ns, operations/s, …). */
export interface Contestant {
  readonly name: string;
  readonly run: () => number | Promise<number>;
}

/** What the rounds of one contestant gave. */
export interface Sample {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

/** Fewer say nothing about the spread. */
export const ROUNDS = 5;

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** The value below which the given share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
}

export function sampleOf(values: readonly number[]): Sample {
  return { median: median(values), lowest: Math.min(...values), highest: Math.max(...values) };
}

/**
 * Lets the contestants take turns, one warm-up first, so that whatever else the machine does meets all
 * of them alike.
 */
export async function interleaved<Name extends string>(
  contestants: readonly (Contestant & { readonly name: Name })[],
  rounds = ROUNDS,
): Promise<Record<Name, Sample>> {
  const values = new Map<Name, number[]>(contestants.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const { name, run } of contestants) {
      const value = await run();
      if (round > 0) values.get(name)?.push(value);
    }
  }
  const entries = [...values].map(([name, found]) => [name, sampleOf(found)] as const);
  return Object.fromEntries(entries) as Record<Name, Sample>;
}
