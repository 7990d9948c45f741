import { bookFromJson } from '../domain/book-data.ts';
import { candleEnd, emptyCandle, type Candle, type CandleState } from '../domain/candle.ts';
import { pairKey } from '../domain/catalog.ts';
import type { BoundedQueue } from './bounded-queue.ts';
import { decodeOnce } from './decode-once.ts';
import type { Hub } from './hub.ts';
import type { CandleStreamOptions, LiveFeed } from './types.ts';

/** How long the end of a bucket waits for fills that were made in it and are still on their way. */
const GRACE_MS = 500;

/** Streams of the running candle, led by events and by the clock. */
export function candleStreams(hub: Hub): LiveFeed['candles'] {
  const decode = decodeOnce((event) =>
    event.type === 'ORDER_BOOK_UPDATED' ? bookFromJson(event.data) : null,
  );
  return ({ pair, interval, load }) => {
    const key = pairKey(pair);
    let running: RunningCandle | null = null;
    const queue = hub.open<CandleState>(
      (target) => {
        const follower = new RunningCandle(hub, target);
        running = follower;
        return ({ event: { event } }) => {
          const data = decode(event);
          if (!data || pairKey(data) !== key) return;
          for (const candle of data.candles) if (candle.interval === interval) follower.see(candle);
        };
      },
      { onClose: () => running?.stop() },
    );
    if (!queue.closed) void start(queue, load, (candle) => running?.begin(candle));
    return queue;
  };
}

async function start(
  queue: BoundedQueue<CandleState>,
  load: CandleStreamOptions['load'],
  begin: (candle: Candle) => void,
): Promise<void> {
  try {
    const candle = await load();
    if (candle) begin(candle);
  } catch (error) {
    queue.end(error as Error);
  }
}

/** The newest candle of a stream: closes it when its bucket has ended and begins the next. */
class RunningCandle {
  readonly #hub: Hub;
  readonly #queue: BoundedQueue<CandleState>;
  #candle: Candle | null = null;
  #end: NodeJS.Timeout | null = null;

  constructor(hub: Hub, queue: BoundedQueue<CandleState>) {
    this.#hub = hub;
    this.#queue = queue;
  }

  /** What was read when the stream began; an event that came meanwhile is newer. */
  begin(candle: Candle): void {
    if (!this.#candle && !this.#queue.closed) this.#run(candle);
  }

  /** A candle of an earlier bucket is a late fill's: it corrects one that was closed. */
  see(candle: Candle): void {
    const { openTime } = this.#candle ?? candle;
    if (candle.openTime < openTime) {
      this.#push(candle, true);
      return;
    }
    if (this.#candle && candle.openTime > openTime) this.#push(this.#candle, true);
    this.#run(candle);
  }

  stop(): void {
    clearTimeout(this.#end ?? undefined);
  }

  #run(candle: Candle): void {
    this.stop();
    this.#candle = candle;
    this.#push(candle, false);
    this.#awaitEnd(candle);
  }

  #awaitEnd(candle: Candle): void {
    const leftMs = candleEnd(candle) + GRACE_MS - this.#hub.clock();
    this.#end = setTimeout(() => this.#close(candle), Math.max(leftMs, 0)).unref();
  }

  #close(candle: Candle): void {
    this.#push(candle, true);
    this.#run(emptyCandle(candle.interval, candleEnd(candle), candle.closeMicros));
  }

  #push(candle: Candle, closed: boolean): void {
    this.#queue.push({ ...candle, closed }, String(candle.openTime));
  }
}
