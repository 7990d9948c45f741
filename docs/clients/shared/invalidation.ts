import type { CacheNamespace } from '../generated.ts';

/** What a change has made old. */
export interface Invalidation {
  readonly __typename: 'Invalidation';
  readonly cursor: string;
  readonly namespaces: readonly CacheNamespace[];
  /** Objects with an id. */
  readonly nodeIds: readonly string[];
  /** What servers drop; none = all of the namespaces. */
  readonly keys: readonly string[];
}

/** The types without an id, lists and answers, that a namespace's data is read as. */
export const VIEWS_OF: Readonly<Record<CacheNamespace, readonly string[]>> = {
  GPU_AVAILABILITY: ['AvailabilitySummary', 'GpuConnection'],
  GPU_PRICING: ['Price'],
  HISTORICAL: ['Candle'],
  MARKET_STATS: ['MarketStats'],
  ORDER_BOOK: ['OrderBookSnapshot'],
  PROVIDER_STATUS: ['ProviderConnection'],
};

/** The types with an id that `nodeIds` may name. */
export const NODE_TYPES: readonly string[] = ['Gpu', 'Offer', 'Provider'];
