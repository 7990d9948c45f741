import type { BookData } from '../domain/book-data.ts';
import { pairKey } from '../domain/catalog.ts';
import { applyChanges, type OrderBook } from '../domain/order-book.ts';
import { partitionOf } from '../domain/partition.ts';
import { deltaOf, heartbeatOf, snapshotOf, viewOf, type BookView } from './book-view.ts';
import type { Emission, Source } from './emission.ts';
import type { Hub } from './hub.ts';
import { HEARTBEAT_MS } from './resumable-tail.ts';
import type { BookItem, BookStreamOptions, StreamPosition } from './types.ts';

interface LevelsChanged {
  readonly data: BookData;
  readonly position: StreamPosition;
}

export interface BookGroupOptions extends BookStreamOptions {
  readonly hub: Hub;
  /** Called once, when the last stream has left. */
  readonly onEmpty: () => void;
}

/**
 * Equal streams of one book: they share one view, which follows the log. The first change after a
 * quiet interval makes a new view at once, all others wait for the end of the interval. Each step from
 * view to view is one item of every tail, never merged with the next, so that whoever was sent a
 * snapshot of any view can go on from it. Where the log's own chain breaks, the book is loaded again
 * and sent whole.
 */
export class BookGroup {
  readonly pairKey: string;
  readonly partition: number;
  readonly #options: BookGroupOptions;
  readonly #tails = new Set<Source<BookItem>>();
  /** They wait for the first view. */
  readonly #openings = new Set<Source<BookItem>>();
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
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS).unref();
    void this.#load();
  }

  /** Every step of the view from now on. */
  tail(): Source<BookItem> {
    return this.#join(this.#tails);
  }

  /** The view as it is, or as it first will be. */
  opening(): Source<BookItem> {
    const queue = this.#join(this.#openings);
    if (this.#view) this.#giveSnapshot(queue, this.#view);
    return queue;
  }

  offer(change: LevelsChanged): void {
    this.#waiting.push(change);
    if (this.#book && !this.#pace) this.#advance(this.#book);
  }

  /** Forgets the view and loads the book: events are missing between the two. */
  reload(): void {
    this.#book = null;
    this.#view = null;
    void this.#load();
  }

  /** A load that another one has followed may be older than the reason for that: it is not shown. */
  async #load(): Promise<void> {
    this.#loads += 1;
    const load = this.#loads;
    try {
      const book = await this.#options.load();
      if (this.#stopped || load !== this.#loads) return;
      const next = this.#next(book);
      if (next && next !== 'gap') this.#show(next.book, next.position);
      else this.#show(book, this.#options.hub.position());
      if (next === 'gap') this.#loadAgainLater();
    } catch (error) {
      for (const queue of [...this.#tails, ...this.#openings]) queue.end(error as Error);
    }
  }

  #advance(from: OrderBook): void {
    const next = this.#next(from);
    if (next === 'gap') this.#loadAgainLater();
    else if (next) this.#show(next.book, next.position);
  }

  /**
   * The book with what waits; null when nothing new does, `gap` when something is missing before it.
   * Levels in events are absolute: an overlap does no harm.
   */
  #next(from: OrderBook): { book: OrderBook; position: StreamPosition } | 'gap' | null {
    let { sequence } = from;
    const next: LevelsChanged[] = [];
    for (const change of this.#waiting) {
      if (change.data.sequence <= sequence) continue;
      if (change.data.previousSequence > sequence) return 'gap';
      next.push(change);
      ({ sequence } = change.data);
    }
    this.#waiting = [];
    const last = next.at(-1);
    if (!last) return null;
    const changes = next.flatMap(({ data }) => data.changes);
    const { position } = last;
    const book = { ...from, ...applyChanges(from, changes), sequence, at: position.at };
    return { book, position };
  }

  #show(book: OrderBook, position: StreamPosition): void {
    const older = this.#view;
    const view = viewOf(book, this.#options.depth, position);
    this.#book = book;
    this.#view = view;
    this.#startPace(() => this.#book && this.#advance(this.#book));
    this.#heartbeat.refresh();
    this.#emit(older ? deltaOf(older, view) : snapshotOf(view), null);
    for (const queue of this.#openings) this.#giveSnapshot(queue, view);
  }

  /** A load that came before what waits is repeated at the pace of the stream, not in a loop. */
  #loadAgainLater(): void {
    if (this.#stopped) return;
    this.#startPace(() => this.reload());
  }

  #startPace(then: () => void): void {
    clearTimeout(this.#pace ?? undefined);
    this.#pace = setTimeout(() => {
      this.#pace = null;
      then();
    }, this.#options.intervalMs).unref();
  }

  #beat(): void {
    const { clock } = this.#options.hub;
    if (this.#view) this.#emit(heartbeatOf(this.#view, clock()), 'heartbeat');
  }

  #emit(item: BookItem, key: string | null): void {
    const order = this.#options.hub.next();
    for (const queue of this.#tails) queue.push({ item, order, key, position: null }, key);
  }

  #giveSnapshot(queue: Source<BookItem>, view: BookView): void {
    const order = this.#options.hub.next();
    queue.push({ item: snapshotOf(view), order, key: null, position: null });
    queue.end();
  }

  #join(queues: Set<Source<BookItem>>): Source<BookItem> {
    const queue: Source<BookItem> = this.#options.hub.open<Emission<BookItem>>({
      onClose: (left) => this.#leave(left),
    });
    if (!queue.closed) queues.add(queue);
    return queue;
  }

  #leave(queue: Source<BookItem>): void {
    this.#tails.delete(queue);
    this.#openings.delete(queue);
    if (this.#tails.size + this.#openings.size > 0 || this.#stopped) return;
    this.#stopped = true;
    clearInterval(this.#heartbeat);
    clearTimeout(this.#pace ?? undefined);
    this.#options.onEmpty();
  }
}
