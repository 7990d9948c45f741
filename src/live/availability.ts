import { availabilityFromJson, type AvailabilityData } from '../domain/event-data.ts';
import { decodeOnce } from './decode-once.ts';
import type { Hub } from './hub.ts';
import { pairMatcher } from './pair-filter.ts';
import { resumableStream } from './resumable.ts';
import type { LiveFeed } from './types.ts';

/** Every version of every unit, in version order per unit. */
export function availabilityStreams(hub: Hub): LiveFeed['availability'] {
  const decode = decodeOnce((event) =>
    event.type === 'GPU_AVAILABILITY_CHANGED' ? availabilityFromJson(event.data) : null,
  );
  return (filter) => {
    const matches = pairMatcher(filter);
    return resumableStream<AvailabilityData>(hub, {
      after: filter.after,
      listen: (push) => (event) => {
        const change = decode(event.event.event);
        if (change && matches(change.unit)) push({ kind: 'change', change, ...event.position });
      },
    });
  };
}
