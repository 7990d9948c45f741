import type { SequencedEvent } from './cache-event.ts';

/**
 * A place in one partition's log. `base` names the incarnation of the log: sequences of different
 * bases cannot be compared.
 */
export interface LogPosition {
  readonly base: bigint;
  readonly sequence: bigint;
}

/**
 * A partition's events after a position up to the sequence `upTo`, all of them and in order; null where
 * nobody can give them any more: the log does not reach back so far, is of another base, holds something
 * that cannot be believed, or does not answer.
 */
export type ReplayEvents = (
  partition: number,
  after: LogPosition,
  upTo: bigint,
) => Promise<readonly SequencedEvent[] | null>;
