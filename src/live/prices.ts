import { pairKey } from '../domain/catalog.ts';
import { pricingFromJson, type PricingData } from '../domain/event-data.ts';
import { decodeOnce } from './decode-once.ts';
import type { Hub } from './hub.ts';
import { pairMatcher, partitionMatcher } from './pair-filter.ts';
import type { Parts } from './parts.ts';
import { resumableParts } from './resumable.ts';
import type { PriceFilter, StreamItem } from './types.ts';

/** The newest price per pair, at most one per `minIntervalMs`; a slow client skips, it never queues. */
export function priceStreams(
  hub: Hub,
  onConflated: () => void,
): Parts<PriceFilter, StreamItem<PricingData>> {
  const decode = decodeOnce((event) =>
    event.type === 'PRICING_UPDATED' ? pricingFromJson(event.data) : null,
  );

  /** The newer tick follows on what the client saw last, not on the tick that was left out. */
  function merge({ previousMicros }: PricingData, newer: PricingData): PricingData {
    onConflated();
    return { ...newer, previousMicros };
  }

  return resumableParts(hub, (filter) => {
    const matches = pairMatcher(filter);
    return {
      concerns: partitionMatcher(filter),
      changes: ({ event }) => {
        const change = decode(event);
        return change && matches(change) ? [change] : [];
      },
      conflation: { minIntervalMs: filter.minIntervalMs, keyOf: pairKey, merge },
    };
  });
}
