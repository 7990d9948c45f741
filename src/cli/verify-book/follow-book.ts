import { setTimeout as sleep } from 'node:timers/promises';
import { SECOND_MS } from '../../domain/time.ts';
import { isWorthAnotherTry } from '../replay/patiently.ts';
import { BadMessageError } from './bad-message.ts';
import type { BookCheck } from './book-check.ts';
import { readBookEvent } from './book-event.ts';

export interface FollowOptions {
  /** Subscribes; each value is one `orderBookUpdated`. */
  readonly open: (signal: AbortSignal) => AsyncIterable<unknown>;
  readonly book: BookCheck;
  /** Ends the following. */
  readonly signal: AbortSignal;
  /** Called for every value, once it was checked, and waited for. */
  readonly onValue: (value: unknown) => Promise<void>;
  /** What a person should know: breaks and dropped connections. */
  readonly onNote: (text: string) => void;
  /** How long a stream may be silent, heartbeats included, until it is dropped. */
  readonly silenceMs?: number;
  /** The pause after the first failure in a row; each further one doubles it. */
  readonly pauseMs?: number;
}

export interface Followed {
  /** Subscriptions that ended although nobody asked for that: dropped, silent or broken. */
  readonly retries: number;
  /** Whether it ended because of them, and not by the signal. */
  readonly gaveUp: boolean;
}

/** A stream has a heartbeat every 5 s: three of them are missing. */
const SILENCE_MS = 15 * SECOND_MS;
/** Subscriptions in a row that brought nothing, and breaks in all, that are put up with. */
const MAX_FAILURES = 5;
const MAX_BREAKS = 10;
const PAUSE_MS = 500;

/**
 * Follows a book as a careful client does: whatever ends a subscription or breaks the protocol, it
 * drops what it holds and subscribes again, a bounded number of times with growing pauses. What would
 * fail for ever (a wrong name, a wrong token) is thrown.
 */
export async function followBook(options: FollowOptions): Promise<Followed> {
  const { book, signal, onNote, pauseMs = PAUSE_MS } = options;
  let failures = 0;
  for (let retries = 0; ; retries += 1) {
    const before = book.counts.snapshots;
    book.restart();
    const { reason, waitMs } = await followOnce(options);
    if (signal.aborted) return { retries, gaveUp: false };
    failures = book.counts.snapshots > before ? 1 : failures + 1;
    if (failures > MAX_FAILURES || book.brokenTimes > MAX_BREAKS) {
      onNote(`${reason}; giving up`);
      return { retries, gaveUp: true };
    }
    onNote(`${reason}; subscribing again (${failures} of ${MAX_FAILURES})`);
    await sleep(waitMs ?? pauseMs * 2 ** (failures - 1), undefined, { signal }).catch(
      () => undefined,
    );
  }
}

interface SubscriptionEnd {
  readonly reason: string;
  /** How long the server asked to wait; null when it did not. */
  readonly waitMs: number | null;
}

async function followOnce(options: FollowOptions): Promise<SubscriptionEnd> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), options.silenceMs ?? SILENCE_MS);
  try {
    const values = options.open(AbortSignal.any([options.signal, silence.signal]));
    const reason = await readUntilBreak(options, values, timer);
    return { reason: reason ?? 'the server ended the stream', waitMs: null };
  } catch (error) {
    if (silence.signal.aborted) return { reason: 'the stream was silent', waitMs: null };
    if (options.signal.aborted) return { reason: 'stopped', waitMs: null };
    if (!isWorthAnotherTry(error)) throw error;
    return { reason: error.message, waitMs: error.retryAfterMs };
  } finally {
    clearTimeout(timer);
  }
}

/** The reason to drop the stream; null when it ended by itself. */
async function readUntilBreak(
  { book, signal, onValue }: FollowOptions,
  values: AsyncIterable<unknown>,
  timer: NodeJS.Timeout,
): Promise<string | null> {
  for await (const value of values) {
    timer.refresh();
    const reason = check(book, value);
    await onValue(value);
    if (reason !== null || signal.aborted) return reason;
  }
  return null;
}

function check(book: BookCheck, value: unknown): string | null {
  try {
    const fault = book.take(readBookEvent(value));
    return fault && `break of the ${fault.kind}: ${fault.reason}`;
  } catch (error) {
    if (!(error instanceof BadMessageError)) throw error;
    book.refuse();
    return `a message is not as the contract says: ${error.message}`;
  }
}
