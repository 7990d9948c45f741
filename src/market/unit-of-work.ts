import { randomUUID } from 'node:crypto';
import type { TieredCache } from '../cache/types.ts';
import { isDebounced, type CacheEvent } from '../domain/cache-event.ts';
import { pairKey, type Pair } from '../domain/catalog.ts';
import type { Logger } from '../domain/logger.ts';
import type { Micros } from '../domain/money.ts';
import type { Fill, Order } from '../domain/order.ts';
import { SECOND_MS, type EpochMs } from '../domain/time.ts';
import type { Db, Tx } from '../store/database.ts';
import { appendEvents, committedEvents, partitionsOf } from '../store/outbox-store.ts';
import { inTransaction } from '../store/transaction.ts';
import { BookChange } from './book/book-change.ts';
import { marketStatsUpdated, type EventDraft } from './event-drafts.ts';
import type { Relay } from './jobs/relay.ts';
import type { WriteThrough } from './jobs/write-through.ts';
import { noteWritten } from './written.ts';

/** How a transaction touched a pair. */
export interface Touch {
  /** Its statistics are old, too. */
  readonly stats?: boolean;
  /** It was booked or a booking was cancelled: the price rule is to look soon. */
  readonly demand?: boolean;
  /** Units of the pair whose ask may be another now. */
  readonly unitIds?: readonly string[];
  /**
   * False where these units became busier or nothing but their price changed: resting bids look again
   * at asks that are new or cheaper, and unless this is false at all of them.
   */
  readonly freer?: boolean;
}

/** One transaction of the market: what it changes and what it will tell. */
export interface Work {
  readonly tx: Tx;
  /** Adds an event to the outbox of this transaction. */
  emit(draft: EventDraft, now: EpochMs): CacheEvent;
  /** The pair's book may have changed: told once, however often it is touched. The book's lock is held. */
  touch(pair: Pair, now: EpochMs, touched: Touch): void;
  /** An order was placed (`before` is null), filled or ended; its row is the caller's to write. */
  changeOrder(before: Order | null, after: Order, now: EpochMs): void;
  /** A fill of the pair; its row is the caller's to write. */
  fill(pair: Pair, fill: Fill, now: EpochMs): void;
  /** The pair's reference price was set. */
  tick(pair: Pair, rateMicros: Micros, now: EpochMs): void;
}

/** Serves resting bids. */
export interface Matcher {
  /** Called after the commit of what improved asks that resting bids reach. */
  asksImproved(pair: Pair): Promise<void>;
}

export interface UnitOfWorkDeps {
  readonly db: Db;
  readonly cache: TieredCache;
  readonly relay: Relay;
  readonly nodeId: string;
  readonly logger: Logger;
  /** Awaited before a command is answered; without one, due asks wait for who polls them. */
  readonly matcher?: Matcher;
  /** Null where no other node could profit. */
  readonly writeThrough: WriteThrough | null;
}

/** Runs a piece of the market in one transaction, applies and publishes its events, then answers. */
export type UnitOfWork = <T>(perform: (work: Work) => Promise<T>) => Promise<T>;

interface Touched {
  readonly pair: Pair;
  readonly book: BookChange;
  now: EpochMs;
  stats: boolean;
}

class Collected implements Work {
  readonly events: CacheEvent[] = [];
  /** Pairs with asks that resting bids may want; known once closed. */
  readonly matchDue: Pair[] = [];
  readonly tx: Tx;
  readonly #nodeId: string;
  readonly #touched = new Map<string, Touched>();

  constructor(tx: Tx, nodeId: string) {
    this.tx = tx;
    this.#nodeId = nodeId;
  }

  emit(draft: EventDraft, now: EpochMs): CacheEvent {
    const event = { ...draft, eventId: randomUUID(), timestamp: now, sourceNode: this.#nodeId };
    this.events.push(event);
    return event;
  }

  touch(pair: Pair, now: EpochMs, touch: Touch): void {
    const { stats = false, demand = false, unitIds = [], freer = true } = touch;
    const touched = this.#touch(pair, now);
    touched.stats ||= stats;
    if (demand) touched.book.callPriceRule();
    touched.book.touchUnits(unitIds, freer);
  }

  changeOrder(before: Order | null, after: Order, now: EpochMs): void {
    this.#touch(after, now).book.changeOrder(before, after);
  }

  fill(pair: Pair, fill: Fill, now: EpochMs): void {
    this.#touch(pair, now).book.addFill(fill);
  }

  tick(pair: Pair, rateMicros: Micros, now: EpochMs): void {
    this.#touch(pair, now).book.addPrice(rateMicros, now);
  }

  #touch({ gpuType, region }: Pair, now: EpochMs): Touched {
    const pair = { gpuType, region };
    const known = this.#touched.get(pairKey(pair));
    const touched = known ?? { pair, book: new BookChange(pair), now, stats: false };
    touched.now = Math.max(touched.now, now);
    this.#touched.set(pairKey(pair), touched);
    return touched;
  }

  /** Writes the books and, the last statement before COMMIT, everything into the outbox. */
  async close(): Promise<void> {
    for (const { pair, book, now, stats } of this.#touched.values()) {
      const { draft, matchDue } = await book.write(this.tx, now);
      this.emit(draft, now);
      if (matchDue) this.matchDue.push(pair);
      if (stats) this.emit(marketStatsUpdated(pair), now);
    }
    const last = this.events.at(-1);
    if (last) await appendEvents(this.tx, this.events, last.timestamp);
  }
}

/**
 * The second flow of the architecture: commit, apply to this node's caches, relay to the bus with a
 * bounded wait, answer. From before COMMIT the changed keys are pending on this node, so that its
 * readers never see the old value after the writer was answered, whatever the bus does. What was
 * published is then loaded anew in the background, for the other nodes to find in L2.
 */
export function createUnitOfWork(deps: UnitOfWorkDeps): UnitOfWork {
  const { db, cache, relay, nodeId } = deps;
  return async (perform) => {
    let events: readonly CacheEvent[] = [];
    let matchDue: readonly Pair[] = [];
    const result = await inTransaction(
      db,
      async (tx) => {
        const work = new Collected(tx, nodeId);
        const answer = await perform(work);
        await work.close();
        ({ events, matchDue } = work);
        return answer;
      },
      {
        // A debounced event is late by design, and its row may be another event's.
        beforeCommit: () => cache.begin(events.filter((event) => !isDebounced(event))),
        rolledBack: () => cache.abort(events),
        inDoubt: () => void resolveDoubt(deps, events),
      },
    );
    if (events.length > 0) {
      const immediate = events.filter((event) => !isDebounced(event));
      await relay.publish(new Set(immediate.flatMap(partitionsOf)));
      const token = cache.tokenOf(immediate);
      noteWritten(token);
      deps.writeThrough?.committed(immediate, token);
    }
    for (const pair of matchDue) await serveResting(deps, pair);
    return result;
  };
}

/** What was asked for is committed: that bids could not be served now is not the caller's failure. */
async function serveResting({ matcher, logger }: UnitOfWorkDeps, pair: Pair): Promise<void> {
  try {
    await matcher?.asksImproved(pair);
  } catch (error) {
    logger.warn(
      { err: error, pair: pairKey(pair) },
      'resting bids will be served by the next poll',
    );
  }
}

/** How often and how long a commit whose answer was lost is asked after. */
const DOUBT_ATTEMPTS = 600;

/** Asks the database, once it is back, whether the events were committed; if not, their keys are let go. */
async function resolveDoubt(
  { db, cache, logger }: UnitOfWorkDeps,
  events: readonly CacheEvent[],
): Promise<void> {
  const ids = events.map((event) => event.eventId);
  for (let attempt = 0; attempt < DOUBT_ATTEMPTS; attempt += 1) {
    await new Promise((resolve) => setTimeout(resolve, SECOND_MS).unref());
    try {
      const committed = await committedEvents(db, ids);
      cache.abort(events.filter((event) => !committed.has(event.eventId)));
      return;
    } catch (error) {
      logger.debug(
        { err: error },
        'the database is still away; asking again whether a commit took place',
      );
    }
  }
  cache.abort(events);
}
