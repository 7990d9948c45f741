import type { BoundedQueue } from './bounded-queue.ts';
import { heartbeatOf, snapshotOf, type BookView } from './book-view.ts';
import type { Hub } from './hub.ts';
import type { BookDelta, BookItem } from './types.ts';

/** There is a new view, or none has come for so long that a heartbeat is due. */
export type BookNotice = 'view' | 'heartbeat';

/** What the members of a group share. */
export interface SharedBook {
  /** What clients are led to; null while it is loaded. */
  readonly view: BookView | null;
  deltaFrom(from: BookView, to: BookView): BookDelta;
}

/**
 * One client's stream of a book. Nothing but a notice waits for a client that reads slowly: when it
 * reads, it is sent what leads from the view that it holds to the newest, however many were between.
 */
export class BookMember implements AsyncIterableIterator<BookItem> {
  readonly #book: SharedBook;
  readonly #hub: Hub;
  readonly #notices: BoundedQueue<BookNotice>;
  /** What the client holds; null before its first snapshot and after a break. */
  #held: BookView | null = null;

  constructor(book: SharedBook, hub: Hub, onClose: (member: BookMember) => void) {
    this.#book = book;
    this.#hub = hub;
    this.#notices = hub.open<BookNotice>(null, { onClose: () => onClose(this) });
  }

  get closed(): boolean {
    return this.#notices.closed;
  }

  tell(notice: BookNotice): void {
    this.#notices.push(notice, 'notice');
  }

  /** The chain is broken: the next item is a snapshot. */
  forget(): void {
    this.#held = null;
  }

  end(error: Error): void {
    this.#notices.end(error);
  }

  async next(): Promise<IteratorResult<BookItem>> {
    const notice = await this.#notices.next();
    if (notice.done) return notice;
    const item = this.#itemFor(notice.value);
    return item ? { done: false, value: item } : this.next();
  }

  async return(): Promise<IteratorResult<BookItem>> {
    await this.#notices.return();
    return { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<IteratorResult<BookItem>> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Null when there is nothing to say: the client was led to this view by an earlier notice. */
  #itemFor(notice: BookNotice): BookItem | null {
    const { view } = this.#book;
    const held = this.#held;
    if (!view) return null;
    this.#held = view;
    if (!held) return snapshotOf(view);
    if (held !== view) return this.#book.deltaFrom(held, view);
    return notice === 'heartbeat' ? heartbeatOf(view, this.#hub.clock()) : null;
  }
}
