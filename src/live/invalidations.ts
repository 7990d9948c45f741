import type { CacheEvent, SequencedEvent } from '../domain/cache-event.ts';
import type { Hub } from './hub.ts';
import { everyPartition } from './log-stream.ts';
import { pairMatcher, pairsOf } from './pair-filter.ts';
import type { Parts } from './parts.ts';
import { resumableParts } from './resumable.ts';
import type { InvalidationFilter, StreamItem } from './types.ts';

/** An operator dropped whole namespaces: that concerns every pair, whatever a client filters. */
function dropsNamespaces(event: CacheEvent): boolean {
  return event.type === 'MANUAL_INVALIDATION' && event.keys.length === 0;
}

/**
 * Every event as what a client cache must drop. With a pair filter only events that name such a pair
 * pass, so an unknown name stays silent. They may stand in any partition: an operator names keys of
 * several regions at once.
 */
export function invalidationStreams(
  hub: Hub,
): Parts<InvalidationFilter, StreamItem<SequencedEvent>> {
  return resumableParts(hub, (filter) => {
    const matches = pairMatcher(filter);
    const namespaces = filter.namespaces ? new Set(filter.namespaces) : null;
    const anyPair = !filter.gpuTypes && !filter.regions;

    function accepts(event: CacheEvent): boolean {
      if (namespaces && !event.affectedNamespaces.some((name) => namespaces.has(name)))
        return false;
      return anyPair || dropsNamespaces(event) || pairsOf(event).some(matches);
    }
    return {
      concerns: everyPartition,
      changes: (event) => (accepts(event.event) ? [event] : []),
    };
  });
}
