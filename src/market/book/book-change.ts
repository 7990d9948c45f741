import type { BookData } from '../../domain/book-data.ts';
import type { Tick } from '../../domain/candle.ts';
import type { Pair } from '../../domain/catalog.ts';
import type { Micros } from '../../domain/money.ts';
import { applyChanges, bookChecksum, type LevelDelta } from '../../domain/order-book.ts';
import { restingGpus, type Fill, type Order } from '../../domain/order.ts';
import type { EpochMs } from '../../domain/time.ts';
import { changeBook, type ChangedLevels } from '../../store/book-write-store.ts';
import { recordTicks } from '../../store/candle-store.ts';
import type { Tx } from '../../store/database.ts';
import { orderBookUpdated, type EventDraft } from '../event-drafts.ts';

/** What is to be told of a book, and whether resting bids may now be served. */
export interface WrittenBook {
  readonly draft: EventDraft;
  readonly matchDue: boolean;
}

/** What one transaction does to one pair's book: collected while it works, written once at its end. */
export class BookChange {
  readonly #pair: Pair;
  readonly #freerById = new Map<string, boolean>();
  readonly #orders = new Map<string, Order>();
  readonly #bids: LevelDelta[] = [];
  readonly #fills: Fill[] = [];
  readonly #ticks: Tick[] = [];
  #demand = false;

  constructor({ gpuType, region }: Pair) {
    this.#pair = { gpuType, region };
  }

  /** What these units ask may have changed; `freer` when it may allow more than before. */
  touchUnits(ids: readonly string[], freer: boolean): void {
    for (const id of ids) this.#freerById.set(id, freer || this.#freerById.get(id) === true);
  }

  /** Demand has changed. */
  callPriceRule(): void {
    this.#demand = true;
  }

  /** An order was placed (null before), filled or ended. */
  changeOrder(before: Order | null, after: Order): void {
    this.#orders.set(after.id, after);
    if (before) this.#rest(before, -1);
    this.#rest(after, 1);
  }

  addFill(fill: Fill): void {
    this.#fills.push(fill);
    const gpuMs = BigInt(fill.gpuCount) * BigInt(fill.durationMs);
    this.#ticks.push({ rateMicros: fill.rateMicros, at: fill.at, gpuMs, trades: 1 });
  }

  /** The pair's reference price was set. */
  addPrice(rateMicros: Micros, at: EpochMs): void {
    this.#ticks.push({ rateMicros, at, gpuMs: 0n, trades: 0 });
  }

  /** Writes asks, levels, sequence and candles; the book's lock is held. */
  async write(tx: Tx, now: EpochMs): Promise<WrittenBook> {
    const ids = [...this.#freerById.keys()];
    const freer = ids.filter((id) => this.#freerById.get(id) === true);
    const [changed, candles] = await Promise.all([
      changeBook(tx, this.#pair, { ids, freer, bids: this.#bids, demand: this.#demand }, now),
      recordTicks(tx, this.#pair, this.#ticks),
    ]);
    return { draft: this.#draft(changed, candles), matchDue: changed.matchDue };
  }

  #rest(order: Order, sign: 1 | -1): void {
    const gpus = restingGpus(order);
    if (gpus === null) return;
    const { limitMicros: rateMicros } = order;
    this.#bids.push({ side: 'BID', rateMicros, gpuCount: sign * gpus, orderCount: sign });
  }

  #draft(changed: ChangedLevels, candles: BookData['candles']): EventDraft {
    const { before, changes, previousSequence, sequence } = changed;
    const after = applyChanges(before, changes);
    const changesPrice =
      candles.length > 0 ||
      before.asks[0]?.rateMicros !== after.asks[0]?.rateMicros ||
      before.bids[0]?.rateMicros !== after.bids[0]?.rateMicros;
    const data: BookData = {
      ...this.#pair,
      previousSequence,
      sequence,
      changes,
      checksum: bookChecksum(after),
      orders: [...this.#orders.values()],
      fills: this.#fills,
      candles,
    };
    return orderBookUpdated(data, changesPrice);
  }
}
