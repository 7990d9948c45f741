/** The later of two sequences of one incarnation; the first may not be known yet. */
export function laterOf(a: bigint | undefined, b: bigint): bigint {
  return a !== undefined && a > b ? a : b;
}
