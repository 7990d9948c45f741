/** How old the last reading may be: well below the 20 s after which a fill is refused. */
const MAX_AGE_MS = 1000;

interface Reading {
  readonly redisMs: number;
  /** By this process's monotonic clock, before the reading was asked for. */
  readonly askedAtMs: number;
}

const MICROS_PER_MS = 1000;

/**
 * The clock of the Redis that holds one partition, as this node last read it. A fill is dated by a
 * reading from before its look-up and judged by Redis itself, so that a process or a Redis frozen in
 * between is found out by neither's guess. Each partition has its own: masters' clocks may differ.
 */
export class RedisClock {
  /** Gives what the command TIME gives: seconds and microseconds. */
  readonly #readTime: () => Promise<readonly [string, string]>;
  #reading: Reading = { redisMs: 0, askedAtMs: -Infinity };

  constructor(readTime: () => Promise<readonly [string, string]>) {
    this.#readTime = readTime;
  }

  /** An instant by Redis's clock that is not after any command sent once this has resolved. */
  async before(): Promise<number> {
    const askedAtMs = performance.now();
    if (askedAtMs - this.#reading.askedAtMs < MAX_AGE_MS) return this.#reading.redisMs;
    const [seconds, micros] = await this.#readTime();
    this.#reading = {
      redisMs: Number(seconds) * 1000 + Math.floor(Number(micros) / MICROS_PER_MS),
      askedAtMs,
    };
    return this.#reading.redisMs;
  }

  /** What Redis's clock shows at most by now. */
  atMost(): number {
    return this.#reading.redisMs + performance.now() - this.#reading.askedAtMs;
  }
}
