import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { CliError } from './cli-error.ts';

/** The bytes of a file on disk; a {@link CliError} when there is no such file. */
export async function inputSize(path: string): Promise<number> {
  const found = await stat(path).catch(() => null);
  if (found === null) throw new CliError(`${path}: there is no such file.`);
  if (!found.isFile()) throw new CliError(`${path}: that is not a file.`);
  return found.size;
}

/** Streams a file's content, decompressed when its name ends in `.gz`; tells the bytes read from disk. */
export function openInput(path: string, onBytes: (bytes: number) => void): Readable {
  const source = createReadStream(path);
  source.on('data', () => onBytes(source.bytesRead));
  return path.endsWith('.gz') ? pipeline(source, createGunzip(), thrownByReader) : source;
}

/** An error of a part ends the stream with it, and so whoever reads it: nothing is lost here. */
function thrownByReader(): void {}

/** What went wrong while a file was read, as a sentence where one helps. */
export function readableError(path: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code.startsWith('Z_'))
    return new CliError(`${path}: it ends in .gz and is not whole gzip data.`);
  if (code === 'EACCES') return new CliError(`${path}: this file may not be read.`);
  return error;
}
