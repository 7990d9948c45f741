import type { BookData } from '../domain/book-data.ts';
import { pairKey } from '../domain/catalog.ts';
import { applyChanges, type OrderBook } from '../domain/order-book.ts';
import { partitionOf } from '../domain/partition.ts';
import { BookMember, type BookNotice, type SharedBook } from './book-member.ts';
import { deltaOf, viewOf, type BookView } from './book-view.ts';
import type { Hub } from './hub.ts';
import { HEARTBEAT_MS } from './resumable.ts';
import type { BookDelta, BookStreamOptions, StreamPosition } from './types.ts';

interface LevelsChanged {
  readonly data: BookData;
  readonly position: StreamPosition;
}

export interface BookGroupOptions extends BookStreamOptions {
  readonly hub: Hub;
  /** Called once, when the last member has left. */
  readonly onEmpty: () => void;
}

/**
 * Equal streams of one book: they share one view, which follows the log. The first change after a
 * quiet interval makes a new view at once, all others wait for the end of the interval. Each member
 * remembers the view that its client holds and is sent the difference, so its chain never breaks.
 * Where the log's own chain breaks, the book is loaded again and every member gets it whole.
 */
export class BookGroup implements SharedBook {
  readonly pairKey: string;
  readonly partition: number;
  readonly #options: BookGroupOptions;
  readonly #members = new Set<BookMember>();
  /** What one step of the view is from each older one: members that keep up share it. */
  readonly #deltas = new Map<BookView, BookDelta>();
  readonly #heartbeat: NodeJS.Timeout;
  /** Changes that the view does not hold yet. */
  #waiting: LevelsChanged[] = [];
  /** All levels at the view's sequence; null while they are loaded. */
  #book: OrderBook | null = null;
  #view: BookView | null = null;
  /** Runs until the next view may be made. */
  #pace: NodeJS.Timeout | null = null;
  #loads = 0;
  #stopped = false;

  constructor(options: BookGroupOptions) {
    this.#options = options;
    this.pairKey = pairKey(options.pair);
    this.partition = partitionOf(options.pair.region);
    this.#heartbeat = setInterval(() => this.#tell('heartbeat'), HEARTBEAT_MS).unref();
    void this.#load();
  }

  get view(): BookView | null {
    return this.#view;
  }

  join(): BookMember {
    const member = new BookMember(this, this.#options.hub, (left) => this.#leave(left));
    if (member.closed) return member;
    this.#members.add(member);
    if (this.#view) member.tell('view');
    return member;
  }

  offer(change: LevelsChanged): void {
    this.#waiting.push(change);
    if (this.#book && !this.#pace) this.#advance(this.#book);
  }

  /** Forgets the view and loads the book: events are missing between the two. */
  reload(): void {
    this.#book = null;
    this.#view = null;
    for (const member of this.#members) member.forget();
    void this.#load();
  }

  deltaFrom(from: BookView, to: BookView): BookDelta {
    const known = this.#deltas.get(from);
    if (known) return known;
    const delta = deltaOf(from, to);
    this.#deltas.set(from, delta);
    return delta;
  }

  /** A load that another one has followed may be older than the reason for that: it is not shown. */
  async #load(): Promise<void> {
    this.#loads += 1;
    const load = this.#loads;
    try {
      const book = await this.#options.load();
      if (this.#stopped || load !== this.#loads) return;
      this.#show(book, this.#options.hub.position().cursor);
      this.#advance(book);
    } catch (error) {
      for (const member of this.#members) member.end(error as Error);
    }
  }

  /** Makes the next view of what waits. Levels in events are absolute: an overlap does no harm. */
  #advance(from: OrderBook): void {
    let { sequence } = from;
    const next: LevelsChanged[] = [];
    for (const change of this.#waiting) {
      if (change.data.sequence <= sequence) continue;
      if (change.data.previousSequence > sequence) {
        this.#loadAgainLater();
        return;
      }
      next.push(change);
      ({ sequence } = change.data);
    }
    this.#waiting = [];
    const last = next.at(-1);
    if (!last) return;
    const changes = next.flatMap(({ data }) => data.changes);
    const { at, cursor } = last.position;
    this.#show({ ...from, ...applyChanges(from, changes), sequence, at }, cursor);
  }

  #show(book: OrderBook, cursor: string): void {
    this.#book = book;
    this.#view = viewOf(book, this.#options.depth, cursor);
    this.#deltas.clear();
    this.#startPace(() => this.#book && this.#advance(this.#book));
    this.#heartbeat.refresh();
    this.#tell('view');
  }

  /** A load that came before what waits is repeated at the pace of the stream, not in a loop. */
  #loadAgainLater(): void {
    this.#startPace(() => this.reload());
  }

  #startPace(then: () => void): void {
    clearTimeout(this.#pace ?? undefined);
    this.#pace = setTimeout(() => {
      this.#pace = null;
      then();
    }, this.#options.intervalMs).unref();
  }

  #tell(notice: BookNotice): void {
    for (const member of this.#members) member.tell(notice);
  }

  #leave(member: BookMember): void {
    this.#members.delete(member);
    if (this.#members.size > 0 || this.#stopped) return;
    this.#stopped = true;
    clearInterval(this.#heartbeat);
    clearTimeout(this.#pace ?? undefined);
    this.#options.onEmpty();
  }
}
