import type { SequencedEvent } from '../domain/cache-event.ts';
import { expiringStream } from './expiring.ts';
import type { Hub } from './hub.ts';
import type { LiveFeed, StreamChange } from './types.ts';

/** The log itself, for operators: every event once. */
export function eventStreams(hub: Hub): LiveFeed['events'] {
  return ({ types, endsAt }) => {
    const wanted = types ? new Set(types) : null;
    return expiringStream<StreamChange<SequencedEvent>>(hub, endsAt, (queue) => (event) => {
      if (!(wanted?.has(event.event.event.type) ?? true)) return;
      queue.push({ kind: 'change', change: event.event, ...event.position });
    });
  };
}
