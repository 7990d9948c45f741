import { MINUTE_MS, SECOND_MS } from './time.ts';

/** The six namespaces of the caching strategy, in the schema's spelling. */
export const CACHE_NAMESPACES = [
  'GPU_AVAILABILITY',
  'GPU_PRICING',
  'ORDER_BOOK',
  'PROVIDER_STATUS',
  'MARKET_STATS',
  'HISTORICAL',
] as const;
export type CacheNamespace = (typeof CACHE_NAMESPACES)[number];

export interface NamespacePolicy {
  /** The name on the wire and in Redis keys. */
  readonly prefix: string;
  /** The name in event envelopes' `affected_namespaces` and in metrics. */
  readonly wireName: string;
  readonly ttlMs: number;
  readonly eventDriven: boolean;
  /** Critical data is never served from memory that may have missed an event. */
  readonly critical: boolean;
  /** Bound of the namespace's L1 share, encoded bytes. */
  readonly memoryLimitBytes: number;
}

const MB = 1024 * 1024;

function policy(
  [wireName, prefix]: [string, string],
  ttlSeconds: number,
  [eventDriven, critical]: [boolean, boolean],
  memoryLimitMb: number,
): NamespacePolicy {
  const ttlMs = ttlSeconds * SECOND_MS;
  return { prefix, wireName, ttlMs, eventDriven, critical, memoryLimitBytes: memoryLimitMb * MB };
}

/** TTL, event-driven, critical and memory limit as the seed document's table has them. */
export const NAMESPACE_POLICIES: Readonly<Record<CacheNamespace, NamespacePolicy>> = {
  GPU_AVAILABILITY: policy(['gpu_availability', 'gpu_avail'], 30, [true, true], 100),
  GPU_PRICING: policy(['gpu_pricing', 'gpu_pricing'], 60, [true, true], 50),
  ORDER_BOOK: policy(['order_book', 'order_book'], 5, [true, true], 200),
  PROVIDER_STATUS: policy(['provider_status', 'provider_status'], 120, [true, false], 50),
  MARKET_STATS: policy(['market_stats', 'market_stats'], 300, [true, false], 100),
  HISTORICAL: policy(['historical_data', 'historical'], 3600, [false, false], 500),
};

/** L1 never keeps anything longer than this, whatever the namespace says. */
export const MAX_L1_TTL_MS = MINUTE_MS;
