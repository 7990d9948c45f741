import { pairKey } from '../domain/catalog.ts';
import { pricingFromJson, type PricingData } from '../domain/event-data.ts';
import { Conflater } from './conflater.ts';
import { decodeOnce } from './decode-once.ts';
import type { Hub } from './hub.ts';
import { pairMatcher } from './pair-filter.ts';
import { resumableStream } from './resumable.ts';
import type { LiveFeed, StreamChange, StreamItem } from './types.ts';

type Tick = StreamChange<PricingData>;

/** The newer tick follows on what the client saw last, not on the tick that was left out. */
function mergeTicks(older: Tick, newer: Tick): Tick {
  return { ...newer, change: { ...newer.change, previousMicros: older.change.previousMicros } };
}

function mergeItems(
  older: StreamItem<PricingData>,
  newer: StreamItem<PricingData>,
): StreamItem<PricingData> {
  return older.kind === 'change' && newer.kind === 'change' ? mergeTicks(older, newer) : newer;
}

/** The newest price per pair, at most one per `minIntervalMs`; a slow client skips, it never queues. */
export function priceStreams(hub: Hub, onConflated: () => void): LiveFeed['prices'] {
  const decode = decodeOnce((event) =>
    event.type === 'PRICING_UPDATED' ? pricingFromJson(event.data) : null,
  );
  return (filter) => {
    const matches = pairMatcher(filter);
    let conflater: Conflater<Tick> | null = null;
    return resumableStream<PricingData>(hub, {
      after: filter.after,
      conflate: (waiting, newer) => {
        onConflated();
        return mergeItems(waiting, newer);
      },
      onClose: () => conflater?.stop(),
      listen: (push) => {
        const pace = new Conflater<Tick>({
          minIntervalMs: filter.minIntervalMs,
          send: (key, tick) => push(tick, key),
          merge: mergeTicks,
        });
        conflater = pace;
        return (event) => {
          const change = decode(event.event.event);
          if (!change || !matches(change)) return;
          const tick: Tick = { kind: 'change', change, ...event.position };
          if (pace.offer(pairKey(change), tick)) onConflated();
        };
      },
    });
  };
}
