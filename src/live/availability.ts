import { availabilityFromJson, type AvailabilityData } from '../domain/event-data.ts';
import { decodeOnce } from './decode-once.ts';
import type { Hub } from './hub.ts';
import { pairMatcher, partitionMatcher } from './pair-filter.ts';
import type { Parts } from './parts.ts';
import { resumableParts } from './resumable.ts';
import type { AvailabilityFilter, StreamItem } from './types.ts';

/** Every version of every unit, in version order per unit. */
export function availabilityStreams(
  hub: Hub,
): Parts<AvailabilityFilter, StreamItem<AvailabilityData>> {
  const decode = decodeOnce((event) =>
    event.type === 'GPU_AVAILABILITY_CHANGED' ? availabilityFromJson(event.data) : null,
  );
  return resumableParts(hub, (filter) => {
    const matches = pairMatcher(filter);
    return {
      concerns: partitionMatcher(filter),
      changes: ({ event }) => {
        const change = decode(event);
        return change && matches(change.unit) ? [change] : [];
      },
    };
  });
}
