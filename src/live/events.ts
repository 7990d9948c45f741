import type { SequencedEvent } from '../domain/cache-event.ts';
import { expiringParts } from './expiring.ts';
import type { Hub } from './hub.ts';
import { everyPartition } from './log-stream.ts';
import type { Parts } from './parts.ts';
import type { EventFilter, StreamChange } from './types.ts';

/** The log itself, for operators: every event once. */
export function eventStreams(hub: Hub): Parts<EventFilter, StreamChange<SequencedEvent>> {
  return expiringParts(hub, ({ types }) => {
    const wanted = types ? new Set(types) : null;
    return {
      concerns: everyPartition,
      changes: (event) => ((wanted?.has(event.event.type) ?? true) ? [event] : []),
    };
  });
}
