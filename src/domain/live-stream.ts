/** The streams that a client may subscribe to, by their names in the schema. */
export const LIVE_STREAMS = [
  'availabilityChanged',
  'bookingChanged',
  'cacheEvents',
  'cacheInvalidated',
  'candleUpdated',
  'marketStatsUpdated',
  'orderBookUpdated',
  'orderChanged',
  'priceTicker',
  'providerStatusChanged',
] as const;

export type LiveStream = (typeof LIVE_STREAMS)[number];

/** Longest time in milliseconds that results may be gathered to be sent together. */
export const MAX_COALESCING_MS = 50;

/** How long the results of each stream are gathered; 0, as without an entry, sends each at once. */
export type CoalescingWindows = Readonly<Partial<Record<LiveStream, number>>>;

export function isLiveStream(name: string | undefined): name is LiveStream {
  return LIVE_STREAMS.some((stream) => stream === name);
}
