import type { SequencedEvent } from '../domain/cache-event.ts';
import { changeAt, type Emission } from './emission.ts';
import type { FeedEvent } from './hub.ts';
import type { StreamChange, StreamPosition } from './types.ts';

/** What one stream takes out of the log. */
export interface LogStream<T> {
  /** Partitions that its events may come from. */
  readonly concerns: (partition: number) => boolean;
  /** What an event tells its client; nothing when it is filtered out. */
  readonly changes: (event: SequencedEvent) => readonly T[];
  /** Where only the newest change of a key counts. */
  readonly conflation?: Conflation<T>;
}

export interface Conflation<T> {
  readonly minIntervalMs: number;
  readonly keyOf: (change: T) => string;
  /** The newer change as it follows on what the client saw before the older one. */
  readonly merge: (older: T, newer: T) => T;
}

export function everyPartition(): boolean {
  return true;
}

/** The event's changes, as far as the stream takes them, on their way to the client. */
export function emissionsOf<T>(
  { changes, conflation }: LogStream<T>,
  { event, order, position }: FeedEvent,
): Emission<StreamChange<T>>[] {
  return changes(event).map((change) => ({
    item: changeAt(position, change),
    order,
    key: conflation?.keyOf(change) ?? null,
    position,
  }));
}

/**
 * What was missed on its way to the client. Behind its last change the client has everything, so it is
 * told that position, and goes on from there should it be cut off once more.
 */
export function missedEmissions<T>(
  stream: LogStream<T>,
  events: readonly FeedEvent[],
  end: StreamPosition,
): Emission<StreamChange<T>>[] {
  const emissions = events.flatMap((event) => emissionsOf(stream, event));
  const last = emissions.pop();
  if (last) {
    const { sequence, at, change } = last.item;
    const position = { sequence, at, cursor: end.cursor };
    emissions.push({ ...last, item: changeAt(position, change), position });
  }
  return emissions;
}
