import type { Redis } from 'ioredis';

/** How old the last reading may be: well below the 20 s after which a fill is refused. */
const MAX_AGE_MS = 1000;

interface Reading {
  readonly redisMs: number;
  /** By this process's monotonic clock, before the reading was asked for. */
  readonly askedAtMs: number;
}

const MICROS_PER_MS = 1000;

/**
 * Redis's clock as this node last read it. A fill is dated by a reading from before its look-up and
 * judged by Redis itself, so that a process or a Redis frozen in between is found out by neither's guess.
 */
export class RedisClock {
  readonly #client: Redis;
  #reading: Reading = { redisMs: 0, askedAtMs: -Infinity };

  constructor(client: Redis) {
    this.#client = client;
  }

  /**
   * An instant by Redis's clock that is not after any command sent after this call. Asked in the same
   * tick as that command, on the same connection, it costs no round trip of its own.
   */
  async before(): Promise<number> {
    const askedAtMs = performance.now();
    if (askedAtMs - this.#reading.askedAtMs < MAX_AGE_MS) return this.#reading.redisMs;
    const [seconds, micros] = await this.#client.time();
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
