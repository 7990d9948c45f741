import type { Collection, CollectionOptions, TieredCache } from '../cache/types.ts';
import { CATALOG_KEY, PROVIDER_LIST_KEY, priceKey, providerKey } from '../domain/cache-key.ts';
import { bookKey, statsKey, summaryKey, unitKey, unitListKey } from '../domain/cache-key.ts';
import type { Catalog, Pair, Provider } from '../domain/catalog.ts';
import type { Unit } from '../domain/gpu.ts';
import type { OrderBook } from '../domain/order-book.ts';
import type { Price } from '../domain/price.ts';
import { loadBooks } from '../store/book-store.ts';
import {
  loadCatalog,
  loadPrices,
  loadProviders,
  loadProviderSlugs,
} from '../store/catalog-store.ts';
import type { Snapshot } from '../store/catalog-store.ts';
import type { Db } from '../store/database.ts';
import { orUnavailable } from '../store/failures.ts';
import { loadMarketStats } from '../store/stats-store.ts';
import { loadSummaries, loadUnitLists, loadUnits } from '../store/unit-store.ts';
import { createCandleReads } from './candles.ts';
import type { Checker } from './jobs/checker.ts';
import type { MarketReads } from './types.ts';

/**
 * The cached reads: what each kind of thing is called in the cache and how the store loads it. With a
 * checker some answers are compared with the database afterwards.
 */
export function createReads(cache: TieredCache, db: Db, checker: Checker | null): MarketReads {
  const collect = <K, V>(options: CollectionOptions<K, V>): Collection<K, V> => {
    const collection = cache.collection(options);
    return checker ? checker.checking(options, collection) : collection;
  };
  const loading =
    <K, V>(load: (db: Db, ids: readonly K[]) => Promise<Snapshot<V>[]>) =>
    (ids: readonly K[]): Promise<Snapshot<V>[]> =>
      orUnavailable(() => load(db, ids));
  const single =
    <V>(load: (db: Db) => Promise<Snapshot<V>>) =>
    (): Promise<Snapshot<V>[]> =>
      orUnavailable(async () => [await load(db)]);

  const catalog = collect<null, Catalog>({
    keyOf: () => CATALOG_KEY,
    load: single(loadCatalog),
  });
  const providerSlugs = collect<null, readonly string[]>({
    keyOf: () => PROVIDER_LIST_KEY,
    load: single(loadProviderSlugs),
  });
  const units = collect({
    keyOf: unitKey,
    load: loading(loadUnits),
    // Both only grow, so their sum does: a new price is a new version of what is cached.
    versionOf: (unit: Unit | null) => unit && unit.version + (unit.offer?.version ?? 0),
  });
  const unitLists = collect({ keyOf: unitListKey, load: loading(loadUnitLists) });
  const summaries = collect({ keyOf: summaryKey, load: loading(loadSummaries) });
  const prices = collect({
    keyOf: (pair: Pair) => priceKey(pair),
    load: loading(loadPrices),
    versionOf: (price: Price | null) => price?.version ?? null,
    // How much it changed in a day moves with the clock, without any event.
    settled: (price: Price | null) => price && { ...price, rate24hAgoMicros: null },
  });
  const providers = collect({
    keyOf: providerKey,
    load: loading(loadProviders),
    versionOf: (provider: Provider | null) => provider?.version ?? null,
  });
  const orderBooks = collect({
    keyOf: (pair: Pair) => bookKey(pair),
    load: loading(loadBooks),
    versionOf: (book: OrderBook | null) => book && Number(book.sequence),
  });
  // Not checked: the last 24 hours move with the clock, and their event is late by design.
  const marketStats = cache.collection({ keyOf: statsKey, load: loading(loadMarketStats) });

  return {
    catalog: (options) => catalog.get(null, options),
    units: (ids, options) => units.getMany(ids, options),
    unitLists: (pairs, options) => unitLists.getMany(pairs, options),
    summaries: (pairs, options) => summaries.getMany(pairs, options),
    prices: (pairs, options) => prices.getMany(pairs, options),
    providers: (slugs, options) => providers.getMany(slugs, options),
    providerSlugs: (options) => providerSlugs.get(null, options),
    orderBooks: (pairs, options) => orderBooks.getMany(pairs, options),
    marketStats: (scopes, options) => marketStats.getMany(scopes, options),
    candles: createCandleReads(cache, db),
  };
}
