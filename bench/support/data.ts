import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const FOLDER = new URL('../../../shared/data/', import.meta.url);
const MAX_BYTES = 64 * 1024 * 1024;

/** The rows of a gzipped CSV file of the real data, by column; null where the data is not there. */
export function readRows(name: string): Record<string, string>[] | null {
  const file = new URL(name, FOLDER);
  if (!existsSync(file)) return null;
  const [header = '', ...lines] = gunzipSync(readFileSync(file)).toString().trim().split('\n');
  const columns = header.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? '']));
  });
}

/** A trace of 32-bit big-endian keys, packed with xz; null where the file or `xz` is missing. */
export function readTrace(name: string): string[] | null {
  const file = new URL(name, FOLDER);
  if (!existsSync(file)) return null;
  try {
    const bytes = execFileSync('xz', ['-dc', fileURLToPath(file)], { maxBuffer: MAX_BYTES });
    return Array.from(
      { length: bytes.length / 4 },
      (_, index) => `${bytes.readInt32BE(index * 4)}`,
    );
  } catch {
    return null;
  }
}
