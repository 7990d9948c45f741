import { bookFromJson, type BookData } from '../domain/book-data.ts';
import type { CandleState } from '../domain/candle.ts';
import { pairKey } from '../domain/catalog.ts';
import { partitionOf } from '../domain/partition.ts';
import { decodeOnce } from './decode-once.ts';
import type { CacheEvent } from '../domain/cache-event.ts';
import type { Emission, Source } from './emission.ts';
import type { FeedEvent, Hub, Listener } from './hub.ts';
import { openingOf, type Parts } from './parts.ts';
import { candleAt, RunningCandle } from './running-candle.ts';
import type { CandleStreamOptions } from './types.ts';

type Decode = (event: CacheEvent) => BookData | null;

/** Streams of the running candle, led by events and by the clock. */
export function candleStreams(hub: Hub): Parts<CandleStreamOptions, CandleState> {
  const decode = decodeOnce((event) =>
    event.type === 'ORDER_BOOK_UPDATED' ? bookFromJson(event.data) : null,
  );

  async function first({ load }: CandleStreamOptions): Promise<Emission<CandleState>[]> {
    const order = hub.next();
    const newest = await load();
    if (!newest) return [];
    const item = { ...candleAt(newest, hub.clock()), closed: false };
    return [{ item, order, key: String(item.openTime), position: null }];
  }

  return {
    opening: (options) => openingOf(hub, () => first(options)),
    tail: (options) => new CandleTail(hub, decode, options).queue,
  };
}

class CandleTail implements Listener {
  readonly queue: Source<CandleState>;
  readonly #decode: Decode;
  readonly #options: CandleStreamOptions;
  readonly #pairKey: string;
  readonly #running: RunningCandle;

  constructor(hub: Hub, decode: Decode, options: CandleStreamOptions) {
    this.#decode = decode;
    this.#options = options;
    this.#pairKey = pairKey(options.pair);
    this.#running = new RunningCandle({
      clock: hub.clock,
      push: (item, order = hub.next()) => {
        const key = String(item.openTime);
        this.queue.push({ item, order, key, position: null }, key);
      },
    });
    this.queue = hub.open<Emission<CandleState>>({
      listener: this,
      onClose: () => this.#running.stop(),
    });
    if (!this.queue.closed) void this.#load(false);
  }

  onEvent({ event: { event }, order }: FeedEvent): void {
    const data = this.#decode(event);
    if (!data || pairKey(data) !== this.#pairKey) return;
    const { interval } = this.#options;
    for (const candle of data.candles)
      if (candle.interval === interval) this.#running.see(candle, order);
  }

  /** Fills may be missing from the candle. */
  onLost(partition: number): void {
    if (partition === partitionOf(this.#options.pair.region)) void this.#load(true);
  }

  /** At the beginning clients have it from their openings. */
  async #load(isToldAnew: boolean): Promise<void> {
    try {
      const candle = await this.#options.load();
      if (!candle || this.queue.closed) return;
      if (isToldAnew) this.#running.replace(candle);
      else this.#running.begin(candle);
    } catch (error) {
      this.queue.end(error as Error);
    }
  }
}
