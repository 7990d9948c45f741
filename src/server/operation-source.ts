import type { ConsistencyToken } from '../domain/consistency-token.ts';
import type { Viewer } from '../domain/viewer.ts';
import type { RateLimitState } from '../graphql/context.ts';
import type { LiveFeed } from '../live/types.ts';

/** How answers travel: one answer, a stream of events, or messages on a socket. */
export type Transport = 'http' | 'sse' | 'websocket';

/** Who asks, and through which door. */
export interface Caller {
  readonly viewer: Viewer | null;
  readonly address: string;
  readonly transport: Transport;
}

/**
 * One operation that was admitted. It is carried in the context through Yoga, so that limits, metrics
 * and masking are the same behind every door.
 */
export interface OperationSource extends Caller {
  /** What the operation was charged so far. */
  charge: RateLimitState;
  /** What the client has seen or written elsewhere: nothing older may answer. */
  readonly atLeast: ConsistencyToken | null;
  /** What the operation wrote so far. */
  written: ConsistencyToken | null;
  /** The part of a stream that is run; null for what is no stream. */
  readonly partOf: ((feed: LiveFeed) => LiveFeed) | null;
  /** False for what the server runs on its own account: it was paid and counted elsewhere. */
  readonly accounted: boolean;
}

/** What is in every context besides what resolvers see. */
export interface SourceContext {
  readonly source: OperationSource;
}
