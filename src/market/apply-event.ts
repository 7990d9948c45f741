import type { TieredCache } from '../cache/types.ts';
import type { SequencedEvent } from '../domain/cache-event.ts';
import type { LiveFeed } from '../live/types.ts';

/**
 * The third flow: invalidate, then notify, two adjacent lines, so that a client which refetches because
 * of a push can never meet the old value on this node.
 */
export function createApplyEvent(
  cache: TieredCache,
  live: LiveFeed,
): (event: SequencedEvent) => void {
  return (event) => {
    cache.apply(event);
    live.publish(event);
  };
}
