import { plural, printNote } from './output.ts';

const MAX_PRINTED = 1_000;

/** Counts the rows that cannot be used and says why, each as `line N: reason`. The header is line 1. */
export interface Complaints {
  readonly count: number;
  add(line: number, reason: string): void;
  /** Says how many were not printed any more. */
  close(): void;
}

export function createComplaints(print: (text: string) => void = printNote): Complaints {
  let count = 0;
  return {
    get count() {
      return count;
    },
    add: (line, reason) => {
      count += 1;
      if (count <= MAX_PRINTED) print(`line ${line}: ${reason}`);
    },
    close: () => {
      if (count > MAX_PRINTED) print(`… and ${plural(count - MAX_PRINTED, 'more bad row')}`);
    },
  };
}
