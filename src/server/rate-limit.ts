import { SECOND_MS, type EpochMs } from '../domain/time.ts';
import { apiError } from '../graphql/errors.ts';
import type { RateLimitState } from '../graphql/context.ts';
import { MAX_OPERATION_COST } from '../graphql/cost.ts';
import { limitedAs } from './client-address.ts';
import { LeakyBuckets } from './leaky-bucket.ts';
import type { Caller, OperationSource } from './operation-source.ts';

/** What a full bucket holds: enough for the dearest operation that is allowed. */
const BUCKET_POINTS = MAX_OPERATION_COST;
const RESTORE_PER_SECOND = 100;
/** What reaching the door costs; an operation pays the rest of its cost before it runs. */
const ADMISSION = 1;

/** What an operation is until its door knows more. */
const PLAIN = { atLeast: null, written: null, partOf: null, accounted: true } as const;

export interface RateLimit {
  /** Takes the first point of an operation; throws THROTTLED. */
  admit(caller: Caller): OperationSource;
  /** Takes the rest of what the operation costs; throws THROTTLED. */
  charge(source: OperationSource, cost: number): void;
}

/** Points per account, or per address without one. With `enabled` false everything is free. */
export function createRateLimit(options: {
  readonly enabled: boolean;
  readonly clock?: () => EpochMs;
}): RateLimit {
  const { enabled, clock = Date.now } = options;
  const rules = { capacity: BUCKET_POINTS, restorePerSecond: RESTORE_PER_SECOND };
  const buckets = new LeakyBuckets({ ...rules, clock });

  /** What the bucket says after `points` were taken for an operation of this cost. */
  function take(caller: Caller, points: number, cost: number): RateLimitState {
    if (!enabled) return stateOf(cost, BUCKET_POINTS, clock());
    const { allowed, remaining, resetAt, retryAfterMs } = buckets.take(bucketOf(caller), points);
    const state = stateOf(cost, remaining, resetAt);
    if (!allowed) throw throttled(retryAfterMs, state);
    return state;
  }
  return {
    admit: (caller) => {
      const charge = take(caller, ADMISSION, ADMISSION);
      return { ...caller, charge, ...PLAIN };
    },
    charge: (source, cost) => {
      source.charge = take(source, Math.max(0, cost - ADMISSION), cost);
    },
  };
}

function bucketOf({ viewer, address }: Caller): string {
  return viewer ? `account ${viewer.accountId}` : `address ${limitedAs(address)}`;
}

function stateOf(cost: number, remaining: number, resetAt: EpochMs): RateLimitState {
  return { limit: BUCKET_POINTS, cost, remaining, restorePerSecond: RESTORE_PER_SECOND, resetAt };
}

function throttled(retryAfterMs: number, { cost, limit, remaining }: RateLimitState): Error {
  const headers = { 'retry-after': String(Math.ceil(retryAfterMs / SECOND_MS)) };
  const extensions = { retryAfterMs, cost, limit, remaining, http: { status: 429, headers } };
  return apiError('THROTTLED', extensions);
}
