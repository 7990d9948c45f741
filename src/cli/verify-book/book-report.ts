import { formatCount, plural } from '../output.ts';
import { BREAK_KINDS, type BookCheck } from './book-check.ts';

/** What a book's messages were and what was wrong with them, as lines. */
export function bookReport(book: BookCheck): string[] {
  const { counts } = book;
  const received = [
    plural(counts.snapshots, 'snapshot'),
    `${plural(counts.deltas, 'delta')} with ${plural(counts.levelChanges, 'level change')}`,
    plural(counts.heartbeats, 'heartbeat'),
  ];
  const breaks = BREAK_KINDS.map((kind) => `${kind} ${formatCount(counts.breaks[kind])}`);
  const skipped = counts.skipped === 0 ? '' : `, ${plural(counts.skipped, 'message')} skipped`;
  return [
    received.join(', '),
    `${plural(Number(counts.bookChanges), 'book change')} up to sequence ${book.sequence}, ` +
      plural(counts.crossed, 'crossed state'),
    `${plural(book.brokenTimes, 'break')} (${breaks.join(', ')})${skipped}`,
  ];
}
