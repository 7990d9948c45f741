import DataLoader from 'dataloader';
import type { ConsistencyToken } from '../domain/consistency-token.ts';
import { pairKey, type Pair, type Provider } from '../domain/catalog.ts';
import type { AvailabilitySummary } from '../domain/availability.ts';
import type { Unit } from '../domain/gpu.ts';
import type { MarketStats, StatsScope } from '../domain/market-stats.ts';
import type { OrderBook } from '../domain/order-book.ts';
import type { Price } from '../domain/price.ts';
import type { Account } from '../domain/viewer.ts';
import type { Cached, Market } from '../market/types.ts';
import { catalogView, type CatalogView } from './catalog-view.ts';

/** Reads of one operation, gathered: everything that one step of it needs is asked for at once. */
export interface Loaders {
  readonly units: DataLoader<string, Cached<Unit | null>>;
  readonly unitLists: DataLoader<Pair, Cached<readonly Unit[]>, string>;
  readonly summaries: DataLoader<Pair, Cached<AvailabilitySummary>, string>;
  readonly prices: DataLoader<Pair, Cached<Price | null>, string>;
  readonly orderBooks: DataLoader<Pair, Cached<OrderBook | null>, string>;
  readonly marketStats: DataLoader<StatsScope, Cached<MarketStats>, string>;
  readonly providers: DataLoader<string, Cached<Provider | null>>;
  readonly accounts: DataLoader<string, Account | null>;
  catalog(): Promise<CatalogView>;
  /** All slugs, sorted. */
  providerSlugs(): Promise<readonly string[]>;
  /**
   * Forgets what was read. Called after every command and at every event of a subscription, so that
   * neither a mutation's answer nor a push shows what was true before it.
   */
  forget(): void;
}

/**
 * Make one per operation, never one per socket or process: loaders remember what they read. With
 * `atLeast` nothing older than that is read.
 */
export function createLoaders(
  { reads, accounts }: Pick<Market, 'reads' | 'accounts'>,
  atLeast: ConsistencyToken | null = null,
): Loaders {
  const options = { atLeast };
  const byPair = { cacheKeyFn: pairKey };
  const loaders = {
    units: new DataLoader((ids: readonly string[]) => reads.units(ids, options)),
    unitLists: new DataLoader((pairs: readonly Pair[]) => reads.unitLists(pairs, options), byPair),
    summaries: new DataLoader((pairs: readonly Pair[]) => reads.summaries(pairs, options), byPair),
    prices: new DataLoader((pairs: readonly Pair[]) => reads.prices(pairs, options), byPair),
    orderBooks: new DataLoader(
      (pairs: readonly Pair[]) => reads.orderBooks(pairs, options),
      byPair,
    ),
    marketStats: new DataLoader(
      (scopes: readonly StatsScope[]) => reads.marketStats(scopes, options),
      { cacheKeyFn: ({ gpuType, region }) => `${gpuType ?? '*'}@${region ?? '*'}` },
    ),
    providers: new DataLoader((slugs: readonly string[]) => reads.providers(slugs, options)),
    accounts: new DataLoader((ids: readonly string[]) => accounts(ids)),
  };
  let catalog: Promise<CatalogView> | null = null;
  let slugs: Promise<readonly string[]> | null = null;
  return {
    ...loaders,
    catalog: () => (catalog ??= reads.catalog(options).then(catalogView)),
    providerSlugs: () => (slugs ??= reads.providerSlugs(options).then(({ value }) => value)),
    forget: () => {
      for (const loader of Object.values(loaders)) loader.clearAll();
      catalog = null;
      slugs = null;
    },
  };
}

/** The same answer without its null, or null: for loaders whose value may be missing. */
export function present<V>(cached: Cached<V | null>): Cached<V> | null {
  return cached.value === null ? null : (cached as Cached<V>);
}
