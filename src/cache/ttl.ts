import {
  MAX_L1_TTL_MS,
  NAMESPACE_POLICIES,
  type CacheNamespace,
} from '../domain/cache-namespace.ts';

const JITTER = 0.1;

/** In this last part of its life a value is loaded anew before anyone has to wait for it. */
export const AGING_SHARE = 0.2;

/** What the loader says, or the namespace's; never longer than that, which pending keys rely on. */
export function ttlOf(namespace: CacheNamespace, loadedMs = Infinity): number {
  return Math.min(loadedMs, NAMESPACE_POLICIES[namespace].ttlMs);
}

/** ± 10 %, so that what was filled together does not die together. */
export function jittered(ttlMs: number, random: () => number): number {
  return Math.round(ttlMs * (1 - JITTER + 2 * JITTER * random()));
}

/** The longest life that {@link jittered} gives. */
export function longest(ttlMs: number): number {
  return ttlMs * (1 + JITTER);
}

/** How long L1 may keep a value: its namespace's TTL, at most 60 s, at most what is left in L2. */
export function l1TtlMs(ttlMs: number, leftInL2Ms: number, random: () => number): number {
  return Math.min(jittered(Math.min(ttlMs, MAX_L1_TTL_MS), random), leftInL2Ms);
}
