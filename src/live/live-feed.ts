import type { SequencedEvent } from '../domain/cache-event.ts';
import type { EpochMs } from '../domain/time.ts';
import { availabilityStreams } from './availability.ts';
import { bookingStreams } from './bookings.ts';
import { candleStreams } from './candles.ts';
import { eventStreams } from './events.ts';
import { Hub } from './hub.ts';
import { invalidationStreams } from './invalidations.ts';
import { marketStatsStreams } from './market-stats.ts';
import { orderBookStreams } from './order-books.ts';
import { orderStreams } from './orders.ts';
import { priceStreams } from './prices.ts';
import { providerStreams } from './providers.ts';
import { withParts } from './parts.ts';
import type { LiveFeed } from './types.ts';

/** Events that may wait in one stream before it ends with STREAM_OVERFLOW. */
const QUEUE_LIMIT = 1_000;

export interface LiveFeedOptions {
  readonly clock?: () => EpochMs;
  readonly queueLimit?: number;
  /** A price tick was left out because a newer one of its pair came. */
  readonly onConflated?: () => void;
}

/** The feed of committed changes: one per node, fed in log order, any number of streams. */
export function createLiveFeed(options: LiveFeedOptions = {}): LiveFeed & { size(): number } {
  const { clock = Date.now, queueLimit = QUEUE_LIMIT, onConflated = () => {} } = options;
  const hub = new Hub({ clock, queueLimit });
  let joined = 0;
  const streams = {
    publish: (event: SequencedEvent) => hub.publish(event),
    lose: (partition: number) => hub.lose(partition),
    availability: availabilityStreams(hub),
    prices: priceStreams(hub, onConflated),
    invalidations: invalidationStreams(hub),
    providers: providerStreams(hub),
    bookings: bookingStreams(hub),
    orderBook: orderBookStreams(hub),
    orders: orderStreams(hub),
    candles: candleStreams(hub),
    marketStats: marketStatsStreams(hub),
    events: eventStreams(hub),
    stop: () => hub.stop(),
    /** Open streams. */
    size: () => hub.size(),
  };
  return withParts(streams, () => (joined += 1));
}
