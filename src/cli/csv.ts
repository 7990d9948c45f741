import { pipeline } from 'node:stream';
import { parse, type CsvError } from 'csv-parse';
import { CliError } from './cli-error.ts';
import type { Complaints } from './complaints.ts';
import { inputSize, openInput, readableError } from './input-file.ts';
import { startProgress } from './progress.ts';

/** One row: its line in the file (the header is line 1) and the columns that were asked for. */
export interface CsvRow<Column extends string> {
  readonly line: number;
  readonly cells: Readonly<Record<Column, string>>;
}

/** Bounds what one row and one file may take. */
const MAX_RECORD_CHARACTERS = 65_536;
const MAX_ROWS = 5_000_000;

interface ParsedRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/**
 * Streams the rows of a CSV file, decompressing `.gz`, with a progress of the bytes read. Columns may
 * stand in any order and others are ignored. A row that is no row of this table is complained about and
 * left out; a missing file, a missing column or broken compression is a {@link CliError}.
 */
export async function* readCsv<Column extends string>(
  path: string,
  columns: readonly Column[],
  complaints: Complaints,
): AsyncGenerator<CsvRow<Column>> {
  const progress = startProgress('bytes read', await inputSize(path));
  const records = openRecords(path, complaints, (bytes) => progress.update(bytes));
  let header: readonly string[] | null = null;
  let rows = 0;
  try {
    for await (const { record, info } of records) {
      if (header === null) {
        header = readHeader(path, record, columns);
        continue;
      }
      rows += 1;
      if (rows > MAX_ROWS) throw new CliError(`${path}: a file may have at most ${MAX_ROWS} rows.`);
      const cells = toCells(header, record, columns);
      if (typeof cells === 'string') complaints.add(info.lines, cells);
      else yield { line: info.lines, cells };
    }
  } catch (error) {
    throw readableError(path, error);
  } finally {
    progress.stop();
  }
  if (header === null)
    throw new CliError(`${path}: the file is empty; its first line must name the columns.`);
}

function openRecords(
  path: string,
  complaints: Complaints,
  onBytes: (bytes: number) => void,
): AsyncIterable<ParsedRecord> {
  const parser = parse({
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: MAX_RECORD_CHARACTERS,
    on_skip: (error) => {
      complaints.add(lineOf(error), 'it is not readable as CSV');
      return undefined;
    },
  });
  pipeline(openInput(path, onBytes), parser, thrownByParser);
  return parser;
}

/** An error of any part ends the parser with it, and so the loop over its records: nothing is lost here. */
function thrownByParser(): void {}

function lineOf(error: CsvError | undefined): number {
  const lines = error?.['lines'];
  return typeof lines === 'number' ? lines : 0;
}

function readHeader(
  path: string,
  names: readonly string[],
  columns: readonly string[],
): readonly string[] {
  const header = names.map((name) => name.trim());
  const missing = columns.filter((column) => !header.includes(column));
  if (missing.length === 0) return header;
  throw new CliError(
    `${path}: the column ${missing.join(', ')} is missing; line 1 must name ${columns.join(', ')}.`,
  );
}

/** The asked columns of a record, or what is wrong with it. */
function toCells<Column extends string>(
  header: readonly string[],
  record: readonly string[],
  columns: readonly Column[],
): Record<Column, string> | string {
  if (record.length !== header.length) {
    return `it has ${record.length} columns where the header has ${header.length}`;
  }
  const pairs = columns.map((column) => [column, (record[header.indexOf(column)] ?? '').trim()]);
  return Object.fromEntries(pairs) as Record<Column, string>;
}
