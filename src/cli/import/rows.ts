import { BadCellError } from '../cells.ts';
import { EXIT_PARTIAL } from '../cli-error.ts';
import { createComplaints } from '../complaints.ts';
import { readCsv } from '../csv.ts';
import { formatCount, plural } from '../output.ts';

/** How many rows of a file were used and how many were not. */
export interface RowCounts {
  readonly used: number;
  readonly bad: number;
}

/**
 * Hands every row of a file to `use`. A row that `use` refuses with a `BadCellError` is complained about
 * as `line N: reason`, the rest goes on, and the process will end with exit code 2.
 */
export async function forEachRow<Column extends string>(
  path: string,
  columns: readonly Column[],
  use: (cells: Readonly<Record<Column, string>>, line: number) => void,
): Promise<RowCounts> {
  const complaints = createComplaints();
  let used = 0;
  for await (const { line, cells } of readCsv(path, columns, complaints)) {
    try {
      use(cells, line);
      used += 1;
    } catch (error) {
      if (!(error instanceof BadCellError)) throw error;
      complaints.add(line, error.message);
    }
  }
  complaints.close();
  if (complaints.count > 0) process.exitCode = EXIT_PARTIAL;
  return { used, bad: complaints.count };
}

/** `33,654 rows` or `33,650 rows, 4 bad ones left out` */
export function rowsText({ used, bad }: RowCounts): string {
  return bad === 0
    ? plural(used, 'row')
    : `${plural(used, 'row')}, ${formatCount(bad)} bad left out`;
}
