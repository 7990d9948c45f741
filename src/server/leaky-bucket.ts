import { SECOND_MS, type EpochMs } from '../domain/time.ts';

export interface BucketRules {
  /** Points that a full bucket holds. */
  readonly capacity: number;
  readonly restorePerSecond: number;
  readonly clock?: () => EpochMs;
  /** Buckets kept; a full one that is forgotten was full anyway. */
  readonly maxBuckets?: number;
}

export interface BucketState {
  /** False: nothing was taken. */
  readonly allowed: boolean;
  readonly remaining: number;
  /** When the bucket is full again if nothing is taken. */
  readonly resetAt: EpochMs;
  /** How long until the refused points are there; 0 when allowed. */
  readonly retryAfterMs: number;
}

interface Level {
  points: number;
  at: EpochMs;
}

const DEFAULT_MAX_BUCKETS = 100_000;

/** Points per key that are spent at once and come back steadily, in this node's memory. */
export class LeakyBuckets {
  readonly #levels = new Map<string, Level>();
  readonly #rules: Required<BucketRules>;

  constructor({ clock = Date.now, maxBuckets = DEFAULT_MAX_BUCKETS, ...rules }: BucketRules) {
    this.#rules = { ...rules, clock, maxBuckets };
  }

  /** Takes `points` if they are there; nothing at all otherwise. */
  take(key: string, points: number): BucketState {
    const { capacity, restorePerSecond, clock } = this.#rules;
    const now = clock();
    const level = this.#levels.get(key) ?? { points: capacity, at: now };
    const restored = (Math.max(0, now - level.at) / SECOND_MS) * restorePerSecond;
    const available = Math.min(capacity, level.points + restored);
    const allowed = points <= available;
    const left = allowed ? available - points : available;
    this.#remember(key, { points: left, at: now });
    const msUntil = (wanted: number): number =>
      Math.ceil(((wanted - left) / restorePerSecond) * SECOND_MS);
    return {
      allowed,
      remaining: Math.floor(left),
      resetAt: now + msUntil(capacity),
      retryAfterMs: allowed ? 0 : msUntil(Math.min(points, capacity)),
    };
  }

  /** The key used last is kept longest. */
  #remember(key: string, level: Level): void {
    this.#levels.delete(key);
    this.#levels.set(key, level);
    if (this.#levels.size <= this.#rules.maxBuckets) return;
    for (const oldest of this.#levels.keys()) {
      this.#levels.delete(oldest);
      return;
    }
  }
}
