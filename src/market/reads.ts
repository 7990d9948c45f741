import type { TieredCache } from '../cache/types.ts';
import { CATALOG_KEY, PROVIDER_LIST_KEY, priceKey, providerKey } from '../domain/cache-key.ts';
import { summaryKey, unitKey, unitListKey } from '../domain/cache-key.ts';
import type { Catalog, Pair, Provider } from '../domain/catalog.ts';
import type { Unit } from '../domain/gpu.ts';
import type { Price } from '../domain/price.ts';
import {
  loadCatalog,
  loadPrices,
  loadProviders,
  loadProviderSlugs,
} from '../store/catalog-store.ts';
import type { Snapshot } from '../store/catalog-store.ts';
import type { Db } from '../store/database.ts';
import { orUnavailable } from '../store/failures.ts';
import { loadSummaries, loadUnitLists, loadUnits } from '../store/unit-store.ts';
import type { MarketReads } from './types.ts';

/** The cached reads: what each kind of thing is called in the cache and how the store loads it. */
export function createReads(cache: TieredCache, db: Db): MarketReads {
  const loading =
    <K, V>(load: (db: Db, ids: readonly K[]) => Promise<Snapshot<V>[]>) =>
    (ids: readonly K[]): Promise<Snapshot<V>[]> =>
      orUnavailable(() => load(db, ids));
  const single =
    <V>(load: (db: Db) => Promise<Snapshot<V>>) =>
    (): Promise<Snapshot<V>[]> =>
      orUnavailable(async () => [await load(db)]);

  const catalog = cache.collection<null, Catalog>({
    keyOf: () => CATALOG_KEY,
    load: single(loadCatalog),
  });
  const providerSlugs = cache.collection<null, readonly string[]>({
    keyOf: () => PROVIDER_LIST_KEY,
    load: single(loadProviderSlugs),
  });
  const units = cache.collection({
    keyOf: unitKey,
    load: loading(loadUnits),
    // Both only grow, so their sum does: a new price is a new version of what is cached.
    versionOf: (unit: Unit | null) => unit && unit.version + (unit.offer?.version ?? 0),
  });
  const unitLists = cache.collection({ keyOf: unitListKey, load: loading(loadUnitLists) });
  const summaries = cache.collection({ keyOf: summaryKey, load: loading(loadSummaries) });
  const prices = cache.collection({
    keyOf: (pair: Pair) => priceKey(pair),
    load: loading(loadPrices),
    versionOf: (price: Price | null) => price?.version ?? null,
  });
  const providers = cache.collection({
    keyOf: providerKey,
    load: loading(loadProviders),
    versionOf: (provider: Provider | null) => provider?.version ?? null,
  });

  return {
    catalog: () => catalog.get(null),
    units: (ids) => units.getMany(ids),
    unitLists: (pairs) => unitLists.getMany(pairs),
    summaries: (pairs) => summaries.getMany(pairs),
    prices: (pairs) => prices.getMany(pairs),
    providers: (slugs) => providers.getMany(slugs),
    providerSlugs: () => providerSlugs.get(null),
  };
}
