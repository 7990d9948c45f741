import type { Bench } from '../support/result.ts';
import { benchDeliveries } from './deliveries.ts';
import { benchMemory } from './memory.ts';
import { benchPropagation } from './propagation.ts';

/** One file per question. */
export const FANOUT_BENCHES: Readonly<Record<string, Bench>> = {
  a: benchDeliveries,
  b: benchMemory,
  c: benchPropagation,
};
