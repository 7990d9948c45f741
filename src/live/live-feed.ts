import type { ReplayEvents } from '../domain/log-position.ts';
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
import { partOf, type Parts } from './parts.ts';
import { priceStreams } from './prices.ts';
import { providerStreams } from './providers.ts';
import type { LiveFeed, OnItem, Stream, StreamPart } from './types.ts';

/** Events that may wait in one stream before it ends with STREAM_OVERFLOW. */
const QUEUE_LIMIT = 1_000;

export interface LiveFeedOptions {
  readonly clock?: () => EpochMs;
  readonly queueLimit?: number;
  /** A price tick was left out because a newer one of its pair came. */
  readonly onConflated?: () => void;
  /** Where missed events are read; without it nothing is ever resumed. */
  readonly replay?: ReplayEvents;
}

/** The feed of committed changes: one per node, fed in log order, any number of streams. */
export function createLiveFeed(options: LiveFeedOptions = {}): LiveFeed & { size(): number } {
  const { clock = Date.now, queueLimit = QUEUE_LIMIT, onConflated = () => {} } = options;
  const { replay = () => Promise.resolve(null) } = options;
  const hub = new Hub({ clock, queueLimit, replay });
  const streams = streamsOf(hub, onConflated);
  const whole = feedOf(hub, streams, 'whole', () => {});
  /** Open streams. */
  return { ...whole, size: () => hub.size() };
}

function streamsOf(hub: Hub, onConflated: () => void) {
  return {
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
  };
}

function feedOf(
  hub: Hub,
  streams: ReturnType<typeof streamsOf>,
  part: StreamPart,
  onItem: OnItem,
): LiveFeed {
  function asked<Options, T>(parts: Parts<Options, T>): (options: Options) => Stream<T> {
    return (options) => partOf(part, parts, options, onItem);
  }
  return {
    part,
    join: () => hub.next(),
    opening: (_at, told) => feedOf(hub, streams, 'opening', told),
    tail: (told) => feedOf(hub, streams, 'tail', told),
    publish: (event) => hub.publish(event),
    reach: (partition, position) => hub.reach(partition, position),
    lose: (partition, position) => hub.lose(partition, position),
    availability: asked(streams.availability),
    prices: asked(streams.prices),
    invalidations: asked(streams.invalidations),
    providers: asked(streams.providers),
    bookings: asked(streams.bookings),
    orderBook: asked(streams.orderBook),
    orders: asked(streams.orders),
    candles: asked(streams.candles),
    marketStats: asked(streams.marketStats),
    events: asked(streams.events),
    stop: () => hub.stop(),
  };
}
