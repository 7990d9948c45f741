import { randomUUID } from 'node:crypto';
import type { TieredCache } from '../cache/types.ts';
import { isDebounced, type CacheEvent } from '../domain/cache-event.ts';
import { pairKey, type Pair } from '../domain/catalog.ts';
import type { Logger } from '../domain/logger.ts';
import { SECOND_MS, type EpochMs } from '../domain/time.ts';
import type { Db, Tx } from '../store/database.ts';
import { appendEvents, committedEvents, partitionsOf } from '../store/outbox-store.ts';
import { bookSequence } from '../store/price-store.ts';
import { inTransaction } from '../store/transaction.ts';
import { marketStatsUpdated, orderBookUpdated, type EventDraft } from './event-drafts.ts';
import type { Relay } from './jobs/relay.ts';
import type { WriteThrough } from './jobs/write-through.ts';
import { noteWritten } from './written.ts';

/** One transaction of the market: what it changes and what it will tell. */
export interface Work {
  readonly tx: Tx;
  /** Adds an event to the outbox of this transaction. */
  emit(draft: EventDraft, now: EpochMs): CacheEvent;
  /** The pair's book may have changed (and its statistics): told once, however often it is touched. */
  touch(pair: Pair, now: EpochMs, alsoStats: boolean): void;
}

export interface UnitOfWorkDeps {
  readonly db: Db;
  readonly cache: TieredCache;
  readonly relay: Relay;
  readonly nodeId: string;
  readonly logger: Logger;
  /** Null where no other node could profit. */
  readonly writeThrough: WriteThrough | null;
}

/** Runs a piece of the market in one transaction, applies and publishes its events, then answers. */
export type UnitOfWork = <T>(perform: (work: Work) => Promise<T>) => Promise<T>;

interface Touched {
  readonly pair: Pair;
  readonly now: EpochMs;
  readonly stats: boolean;
}

class Collected implements Work {
  readonly events: CacheEvent[] = [];
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

  touch(pair: Pair, now: EpochMs, alsoStats: boolean): void {
    const key = pairKey(pair);
    const stats = alsoStats || this.#touched.get(key)?.stats === true;
    this.#touched.set(key, { pair: { gpuType: pair.gpuType, region: pair.region }, now, stats });
  }

  /** Writes everything into the outbox: the last statement before COMMIT. */
  async close(): Promise<void> {
    for (const { pair, now, stats } of this.#touched.values()) {
      this.emit(orderBookUpdated(pair, await bookSequence(this.tx, pair)), now);
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
    const result = await inTransaction(
      db,
      async (tx) => {
        const work = new Collected(tx, nodeId);
        const answer = await perform(work);
        await work.close();
        events = work.events;
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
      await relay.publish(new Set(events.flatMap(partitionsOf)));
      const immediate = events.filter((event) => !isDebounced(event));
      const token = cache.tokenOf(immediate);
      noteWritten(token);
      deps.writeThrough?.committed(immediate, token);
    }
    return result;
  };
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
