import { CliError, EXIT_FAILED } from '../cli-error.ts';
import { createComplaints } from '../complaints.ts';
import { printLine } from '../output.ts';
import { BadMessageError, readFields, type Fields } from './bad-message.ts';
import { ExchangeCheck } from './exchange-check.ts';
import { createOwnFeedCheck, type FeedCheck } from './feed-check.ts';
import { readLines } from './lines.ts';

/**
 * Verifies a recorded feed of JSON lines; its first line tells which one it is. Faults and lines that
 * cannot be read are printed with their numbers, then the summary; with any of them, or when there was
 * nothing to verify, the process will end with exit code 1.
 */
export async function verifyRecording(path: string): Promise<void> {
  const complaints = createComplaints();
  let check: FeedCheck | null = null;
  for await (const { number, text } of readLines(path)) {
    try {
      const message = readFields('the line', parseJson(text));
      check ??= checkFor(message);
      for (const fault of check.take(message)) complaints.add(number, fault);
    } catch (error) {
      if (!(error instanceof BadMessageError)) throw error;
      complaints.add(number, error.message);
    }
  }
  complaints.close();
  if (!check) throw new CliError(`${path}: no line of it is a message of an order book.`);
  for (const line of check.report()) printLine(line);
  if (complaints.count > 0 || !check.isSound) process.exitCode = EXIT_FAILED;
}

/** Our own messages are typed; those of the exchanges name their book. */
function checkFor(message: Fields): FeedCheck {
  if ('__typename' in message) return createOwnFeedCheck();
  if ('book' in message) return new ExchangeCheck();
  throw new BadMessageError('it is no message of an order book');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BadMessageError('it is no JSON');
  }
}
