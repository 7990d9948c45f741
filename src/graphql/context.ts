import type { ConsistencyToken } from '../domain/consistency-token.ts';
import type { EpochMs } from '../domain/time.ts';
import type { Viewer } from '../domain/viewer.ts';
import type { LiveFeed } from '../live/types.ts';
import type { Fleet } from '../market/fleet/types.ts';
import type { Market } from '../market/types.ts';
import type { Loaders } from './loaders.ts';

/** The asker's bucket of points, as it stands after this operation was charged. */
export interface RateLimitState {
  /** Points a full bucket holds. */
  readonly limit: number;
  /** Points this operation cost. */
  readonly cost: number;
  readonly remaining: number;
  readonly restorePerSecond: number;
  /** When the bucket is full again if nothing else is asked. */
  readonly resetAt: EpochMs;
}

/**
 * All that a resolver can reach. There is no database, Redis or configuration in it, so that no
 * resolver can pass by the cache. One context serves one operation, at every door.
 */
export interface GraphqlContext {
  readonly market: Market;
  readonly live: LiveFeed;
  readonly fleet: Fleet;
  /** Who asks; null without a token. */
  readonly viewer: Viewer | null;
  /** Made by `createLoaders` for this operation alone. */
  readonly loaders: Loaders;
  /** The edge node that answers. */
  readonly nodeId: string;
  readonly rateLimit: () => RateLimitState;
  /** Told of what each command wrote; the answer carries it in `extensions.consistencyToken`. */
  readonly wrote: (token: ConsistencyToken) => void;
}
