import type { ApolloCache, ApolloClient } from '@apollo/client';
import {
  CacheInvalidatedDocument,
  OrderBookUpdatedDocument,
  PricesDocument,
  PriceTickerDocument,
  type CacheNamespace,
  type OrderBookUpdatedSubscriptionVariables,
} from '../generated.ts';
import { followChanges } from '../shared/changes.ts';
import { followBook } from '../shared/follow-book.ts';
import type { Invalidation } from '../shared/invalidation.ts';
import type { Book } from '../shared/order-book.ts';
import type { PriceBoard, PriceTick } from '../shared/price-board.ts';
import type { Kept } from '../shared/stream.ts';
import type { UnderWay } from '../shared/under-way.ts';
import { subscribe } from './client.ts';

/** Keeps the book of a market until stopped. */
export function followOrderBook(
  client: ApolloClient,
  market: OrderBookUpdatedSubscriptionVariables,
  onBook: (book: Book) => void,
): Kept {
  return followBook({
    subscribe: ({ next, end }) =>
      subscribe(client, OrderBookUpdatedDocument, market, {
        next: ({ orderBookUpdated }) => next(orderBookUpdated),
        end,
      }),
    onBook,
  });
}

/** Keeps the prices of all markets until stopped. */
export function followPrices(client: ApolloClient, board: PriceBoard): Kept {
  return followChanges<PriceTick>({
    subscribe: (after, { next, end }) =>
      subscribe(
        client,
        PriceTickerDocument,
        { after },
        {
          next: ({ priceTicker }) => next(priceTicker),
          end,
        },
      ),
    reload: async () => {
      const { data } = await client.query({ query: PricesDocument, fetchPolicy: 'no-cache' });
      for (const price of data?.prices ?? [])
        board.set({ ...price, sequence: price.freshness.sequence });
    },
    apply: (tick) => board.set(tick),
  });
}

/** Keeps the client's cache true, and the queries that are watched up to date, until stopped. */
export function followInvalidations(client: ApolloClient, underWay: UnderWay): Kept {
  const drop = (updateCache: (cache: ApolloCache) => void): Promise<void> =>
    underWay.twice(() => void client.refetchQueries({ updateCache }));
  return followChanges<Invalidation>({
    subscribe: (after, { next, end }) =>
      subscribe(
        client,
        CacheInvalidatedDocument,
        { after },
        {
          next: ({ cacheInvalidated }) => next(cacheInvalidated),
          end,
        },
      ),
    reload: () => drop(evictAll),
    apply: (invalidation) => void drop((cache) => evict(cache, invalidation)),
  });
}

/** The fields of the query root that a namespace answers. */
const FIELDS_OF: Readonly<Record<CacheNamespace, readonly string[]>> = {
  GPU_AVAILABILITY: ['availability', 'gpus'],
  GPU_PRICING: ['price', 'prices'],
  HISTORICAL: ['candles'],
  MARKET_STATS: ['marketStats'],
  ORDER_BOOK: ['orderBook'],
  PROVIDER_STATUS: ['providers'],
};

function evict(cache: ApolloCache, { nodeIds, namespaces, keys }: Invalidation): void {
  // Without keys all of the namespaces is old.
  if (keys.length === 0) return evictAll(cache);
  for (const id of nodeIds) cache.evict({ id });
  for (const fieldName of namespaces.flatMap((namespace) => FIELDS_OF[namespace]))
    cache.evict({ id: 'ROOT_QUERY', fieldName });
  cache.gc();
  return undefined;
}

/** Not `resetStore`, which rejects the queries that are under way. */
function evictAll(cache: ApolloCache): void {
  cache.evict({ id: 'ROOT_QUERY' });
  cache.gc();
}
