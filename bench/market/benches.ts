import type { Bench } from '../support/result.ts';
import { benchGrowth } from './growth.ts';
import { benchWritePath } from './write-path.ts';

/** One file per question. */
export const MARKET_BENCHES: Readonly<Record<string, Bench>> = {
  a: benchWritePath,
  b: benchGrowth,
};
