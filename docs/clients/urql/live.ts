import type { Client } from '@urql/core';
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
import { NODE_TYPES, VIEWS_OF, type Invalidation } from '../shared/invalidation.ts';
import type { Book } from '../shared/order-book.ts';
import type { PriceBoard, PriceTick } from '../shared/price-board.ts';
import type { Kept } from '../shared/stream.ts';
import type { UnderWay } from '../shared/under-way.ts';
import { subscribe, type UrqlClient } from './client.ts';

/** Keeps the book of a market until stopped. */
export function followOrderBook(
  client: Client,
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
export function followPrices(client: Client, board: PriceBoard): Kept {
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
      const policy = { requestPolicy: 'network-only' } as const;
      const { data, error } = await client.query(PricesDocument, {}, policy);
      if (error) throw error;
      for (const price of data?.prices ?? [])
        board.set({ ...price, sequence: price.freshness.sequence });
    },
    apply: (tick) => board.set(tick),
  });
}

/** Keeps the client's cache true, and the queries in use up to date, until stopped. */
export function followInvalidations({ client, forget }: UrqlClient, underWay: UnderWay): Kept {
  const drop = (namespaces: readonly CacheNamespace[]): Promise<void> => {
    const types = [...NODE_TYPES, ...namespaces.flatMap((namespace) => VIEWS_OF[namespace])];
    return underWay.twice(() => forget(types));
  };
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
    reload: () => drop(Object.keys(VIEWS_OF) as CacheNamespace[]),
    apply: ({ namespaces }) => void drop(namespaces),
  });
}
