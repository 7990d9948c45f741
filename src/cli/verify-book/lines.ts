import { CliError } from '../cli-error.ts';
import { inputSize, openInput, readableError } from '../input-file.ts';
import { startProgress } from '../progress.ts';

export interface Line {
  /** The first is 1. */
  readonly number: number;
  readonly text: string;
}

/** Bounds what one line may take: a snapshot of ten thousand levels is half of it. */
const MAX_LINE_CHARACTERS = 1_000_000;

/**
 * Streams the lines of a text file that are not empty, decompressing `.gz`, with a progress of the bytes
 * read. A missing file, broken compression or a line that is too long is a {@link CliError}.
 */
export async function* readLines(path: string): AsyncGenerator<Line> {
  const progress = startProgress('bytes read', await inputSize(path));
  const input = openInput(path, (bytes) => progress.update(bytes)).setEncoding('utf8');
  let rest = '';
  let number = 0;
  try {
    for await (const chunk of input) {
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop() ?? '';
      for (const text of [...lines, rest]) checkLength(path, number, text);
      for (const text of lines) {
        number += 1;
        if (text.trim() !== '') yield { number, text };
      }
    }
    if (rest.trim() !== '') yield { number: number + 1, text: rest };
  } catch (error) {
    throw readableError(path, error);
  } finally {
    progress.stop();
  }
}

function checkLength(path: string, before: number, text: string): void {
  if (text.length <= MAX_LINE_CHARACTERS) return;
  throw new CliError(
    `${path}: a line after line ${before} has more than ${MAX_LINE_CHARACTERS} characters.`,
  );
}
