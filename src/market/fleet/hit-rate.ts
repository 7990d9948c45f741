import { hitRatio } from '../../domain/edge-node.ts';

interface LookUps {
  readonly hits: number;
  readonly misses: number;
}

/** Fewer look-ups than this say nothing about a cache. */
const MIN_LOOK_UPS = 1000;

/** The hit ratio of lately, from counters that only grow. */
export interface HitRate {
  /** To be called at regular intervals. */
  tick(): void;
  /** Percent since the oldest of the last ticks; null with too few look-ups to judge. */
  percent(): number | null;
}

/** Looks back over `ticks` ticks. */
export function createHitRate(read: () => LookUps, ticks: number): HitRate {
  const past: LookUps[] = [read()];
  return {
    tick: () => {
      past.push(read());
      if (past.length > ticks) past.shift();
    },
    percent: () => {
      const [since = { hits: 0, misses: 0 }] = past;
      const { hits, misses } = read();
      const lately = { hits: hits - since.hits, misses: misses - since.misses };
      return lately.hits + lately.misses < MIN_LOOK_UPS ? null : 100 * hitRatio(lately);
    },
  };
}
