import {
  candleEnd,
  candleStart,
  emptyCandle,
  type Candle,
  type CandleState,
} from '../domain/candle.ts';
import type { EpochMs } from '../domain/time.ts';

/** How long the end of a bucket waits for fills that were made in it and are still on their way. */
const GRACE_MS = 500;

/** The candle that runs at `now`, after the newest that is known: without a fill it repeats its close. */
export function candleAt(newest: Candle, now: EpochMs): Candle {
  if (candleEnd(newest) + GRACE_MS > now) return newest;
  const { interval, closeMicros } = newest;
  return emptyCandle(interval, candleStart(interval, now - GRACE_MS), closeMicros);
}

export interface RunningCandleOptions {
  readonly clock: () => EpochMs;
  /** `order` is the event's that led to it; absent when the clock did. */
  readonly push: (candle: CandleState, order?: number) => void;
}

/** The newest candle of a stream: closes it when its bucket has ended and begins the next. */
export class RunningCandle {
  readonly #options: RunningCandleOptions;
  #candle: Candle | null = null;
  #end: NodeJS.Timeout | null = null;

  constructor(options: RunningCandleOptions) {
    this.#options = options;
  }

  /** What was read when the stream began, which is not told; an event that came meanwhile is newer. */
  begin(newest: Candle): void {
    if (!this.#candle) this.#run(candleAt(newest, this.#options.clock()));
  }

  /** What was read because events are missing. */
  replace(newest: Candle): void {
    const candle = candleAt(newest, this.#options.clock());
    this.#run(candle);
    this.#options.push({ ...candle, closed: false });
  }

  /** A candle of an earlier bucket is a late fill's: it corrects one that was closed. */
  see(candle: Candle, order: number): void {
    const { push } = this.#options;
    const { openTime } = this.#candle ?? candle;
    if (candle.openTime < openTime) {
      push({ ...candle, closed: true }, order);
      return;
    }
    if (this.#candle && candle.openTime > openTime) push({ ...this.#candle, closed: true }, order);
    this.#run(candle);
    push({ ...candle, closed: false }, order);
  }

  stop(): void {
    clearTimeout(this.#end ?? undefined);
  }

  #run(candle: Candle): void {
    this.stop();
    this.#candle = candle;
    const leftMs = candleEnd(candle) + GRACE_MS - this.#options.clock();
    this.#end = setTimeout(() => this.#close(candle), Math.max(leftMs, 0)).unref();
  }

  #close(candle: Candle): void {
    const next = emptyCandle(candle.interval, candleEnd(candle), candle.closeMicros);
    this.#options.push({ ...candle, closed: true });
    this.#run(next);
    this.#options.push({ ...next, closed: false });
  }
}
