import {
  CacheInvalidatedDocument,
  GpuDocument,
  OrderBookUpdatedDocument,
  PricesDocument,
  PriceTickerDocument,
  type GpuQuery,
} from '../generated.ts';
import { followChanges } from '../shared/changes.ts';
import { followBook } from '../shared/follow-book.ts';
import type { Invalidation } from '../shared/invalidation.ts';
import { ObjectCache } from '../shared/object-cache.ts';
import type { Book } from '../shared/order-book.ts';
import type { PriceBoard, PriceTick } from '../shared/price-board.ts';
import type { Kept } from '../shared/stream.ts';
import { query, subscribe, type Operations } from './operations.ts';

export interface Market {
  readonly gpuType: string;
  readonly region: string;
}

/** Keeps the book of a market until stopped. */
export function followOrderBook(
  client: Operations,
  market: Market,
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
export function followPrices(client: Operations, board: PriceBoard): Kept {
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
      const { prices } = await query(client, PricesDocument, {});
      for (const price of prices) board.set({ ...price, sequence: price.freshness.sequence });
    },
    apply: (tick) => board.set(tick),
  });
}

/** Units as they were read last, for {@link followInvalidations} to keep true. */
export function createGpuCache(client: Operations): ObjectCache<GpuQuery['gpu']> {
  return new ObjectCache(async (id) => (await query(client, GpuDocument, { id })).gpu);
}

/** Drops from a cache what has changed, until stopped; `onDropped` is when to read again. */
export function followInvalidations(
  client: Operations,
  cache: Pick<ObjectCache<unknown>, 'drop' | 'clear'>,
  onDropped: () => void,
): Kept {
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
    reload: async () => {
      cache.clear();
      onDropped();
    },
    apply: ({ nodeIds, keys }) => {
      // Without keys all of the namespaces is old.
      if (keys.length === 0) cache.clear();
      else cache.drop(nodeIds);
      onDropped();
    },
  });
}
