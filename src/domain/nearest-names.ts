/** How many letters must be typed, deleted or changed to make one text the other (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of a.split('').entries()) {
    const next = [i + 1];
    for (const [j, other] of b.split('').entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** The known names that somebody who typed `name` most likely meant, best first. */
export function nearestNames(name: string, known: readonly string[], count = 3): string[] {
  return known.toSorted((a, b) => distance(name, a) - distance(name, b)).slice(0, count);
}
