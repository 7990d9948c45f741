/** A line of the answer: what a script may read. */
export function printLine(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** A line about the work: complaints, progress, errors. */
export function printNote(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** `33654` → `33,654` */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** `1,234 rows`, `1 row` */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}
