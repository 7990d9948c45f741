import { BookCheck } from './book-check.ts';
import { readBookEvent } from './book-event.ts';
import { bookReport } from './book-report.ts';
import type { Fields } from './bad-message.ts';

/** Verifies a recorded feed, message by message. */
export interface FeedCheck {
  /** Faults that this message showed; throws a `BadMessageError` for one that is none of the feed. */
  take(message: Fields): string[];
  /** Whether there was something to verify and nothing wrong with it. */
  readonly isSound: boolean;
  report(): string[];
}

/** For a recording of our own feed, as `--record` writes it. */
export function createOwnFeedCheck(): FeedCheck {
  const book = new BookCheck(Number.POSITIVE_INFINITY);
  return {
    take: (message) => {
      const fault = book.take(readBookEvent(message));
      return fault ? [`${fault.kind}: ${fault.reason}`] : [];
    },
    get isSound() {
      return book.brokenTimes === 0 && book.counts.snapshots > 0;
    },
    report: () => bookReport(book),
  };
}
