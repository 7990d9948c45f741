import type { Bench } from '../support/result.ts';
import { benchHitRatio } from './hit-ratio.ts';
import { benchHits } from './hits.ts';
import { benchPropagation } from './propagation.ts';
import { benchRaces } from './races.ts';
import { benchStaleness } from './staleness.ts';
import { benchThroughput } from './throughput.ts';

/** One file per question. */
export const CACHE_BENCHES: Readonly<Record<string, Bench>> = {
  a: benchHits,
  b: benchThroughput,
  c: benchPropagation,
  d: benchRaces,
  e: benchHitRatio,
  f: benchStaleness,
};
