import { open, type FileHandle } from 'node:fs/promises';
import { createGraphqlClient } from '../../client/graphql-client.ts';
import { createSocketClient } from '../../client/graphql-socket.ts';
import { OrderBookUpdatedDocument } from '../../client/generated/graphql.ts';
import { pairKey, type Pair } from '../../domain/catalog.ts';
import { SECOND_MS } from '../../domain/time.ts';
import { CliError, EXIT_FAILED } from '../cli-error.ts';
import { plural, printLine, printNote } from '../output.ts';
import { BookCheck } from './book-check.ts';
import { bookReport } from './book-report.ts';
import { followBook, type FollowOptions } from './follow-book.ts';

export const TRANSPORTS = ['sse', 'ws'] as const;

export interface LiveOptions {
  readonly depth: number;
  readonly interval: '100' | '1000';
  readonly transport: (typeof TRANSPORTS)[number];
  readonly token?: string;
  /** End after so many seconds, or so many changes of levels; without either, at SIGINT. */
  readonly seconds?: number;
  readonly changes?: number;
  /** Where to write what is received. */
  readonly record?: string;
}

const PROGRESS_EVERY_MS = 5 * SECOND_MS;

/**
 * Follows a live book and prints the summary; the process will end with exit code 1 when the protocol
 * was broken, when it gave up, or when no snapshot ever came.
 */
export async function verifyLive(url: URL, pair: Pair, options: LiveOptions): Promise<void> {
  const book = new BookCheck(options.depth);
  const recording = options.record === undefined ? null : await create(options.record);
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  const timer =
    options.seconds === undefined ? null : setTimeout(stop, options.seconds * SECOND_MS);
  const progress = setInterval(() => printNote(progressText(book)), PROGRESS_EVERY_MS);
  const onValue = async (value: unknown): Promise<void> => {
    await recording?.appendFile(`${JSON.stringify(value)}\n`);
    if (options.changes !== undefined && book.counts.levelChanges >= options.changes) stop();
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const startedAt = performance.now();
  try {
    const subscribe = openerOf(url, pair, options);
    const follow = { open: subscribe, book, signal: stopping.signal, onValue, onNote: printNote };
    const { retries, gaveUp } = await followBook(follow);
    const seconds = ((performance.now() - startedAt) / SECOND_MS).toFixed(1);
    printLine(
      `followed ${pairKey(pair)} for ${seconds} s over ${options.transport}, ` +
        `${plural(retries, 'subscription')} dropped`,
    );
    for (const line of bookReport(book)) printLine(line);
    if (gaveUp || book.brokenTimes > 0 || book.counts.snapshots === 0)
      process.exitCode = EXIT_FAILED;
  } finally {
    clearTimeout(timer ?? undefined);
    clearInterval(progress);
    process.off('SIGINT', stop).off('SIGTERM', stop);
    await recording?.close();
  }
}

function openerOf(
  url: URL,
  pair: Pair,
  { depth, interval, transport, token }: LiveOptions,
): FollowOptions['open'] {
  const connection = { url: url.href, token: token ?? null };
  const client =
    transport === 'ws' ? createSocketClient(connection) : createGraphqlClient(connection);
  return async function* values(signal) {
    const variables = { ...pair, depth, intervalMs: Number(interval) };
    for await (const data of client.subscribe(OrderBookUpdatedDocument, variables, signal))
      yield data.orderBookUpdated;
  };
}

function progressText(book: BookCheck): string {
  return (
    `sequence ${book.sequence}: ${plural(book.counts.deltas, 'delta')}, ` +
    plural(book.brokenTimes, 'break')
  );
}

async function create(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'w');
  } catch {
    throw new CliError(`${path}: this file cannot be written.`);
  }
}
