import type { Hub } from './hub.ts';
import type { LiveFeed } from './types.ts';

/** Slugs of providers whose status changed; one that is still waiting is not told twice. */
export function providerStreams(hub: Hub): LiveFeed['providers'] {
  return (slugs) => {
    const wanted = slugs ? new Set(slugs) : null;
    return hub.open<string>((queue) => ({ event: { event } }) => {
      if (event.type !== 'PROVIDER_STATUS_CHANGED') return;
      if (wanted?.has(event.resourceId) ?? true) queue.push(event.resourceId, event.resourceId);
    });
  };
}
