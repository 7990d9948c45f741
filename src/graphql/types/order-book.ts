import type { Pair } from '../../domain/catalog.ts';
import {
  bookChecksum,
  topLevels,
  type BookLevels,
  type PriceLevel,
} from '../../domain/order-book.ts';
import type { EpochMs } from '../../domain/time.ts';
import { builder } from '../builder.ts';
import { findOrderBook, gpuTypeOf, regionOf } from '../find.ts';
import { bookId } from '../global-id.ts';
import { checkedDepth, DEFAULT_DEPTH } from '../book-depth.ts';
import { FreshnessRef, GpuTypeRef, RegionRef } from './refs.ts';

export const CHECKSUM =
  'CRC-32 (IEEE) of the top 10 levels of each side down to the asked depth, 8 lower-case hex digits (an unsigned CRC does not fit GraphQL Int).';
export const BOOK_ID = 'Names the book of this market, unique over everything with an id.';

const PriceLevelRef = builder.objectRef<PriceLevel>('PriceLevel').implement({
  description: 'All that is asked or bid at one price.',
  fields: (t) => ({
    usdPerGpuHour: t.field({
      type: 'Decimal',
      description: 'The price, per GPU per hour.',
      resolve: ({ rateMicros }) => rateMicros,
    }),
    gpuCount: t.exposeInt('gpuCount', { description: 'Cards at this price.' }),
    orderCount: t.exposeInt('orderCount', { description: 'Offers or orders at this price.' }),
  }),
});

/** A book down to a depth: as it was read, or as a stream begins with it. */
export interface ToldBook extends BookLevels {
  readonly pair: Pair;
  readonly sequence: bigint;
  readonly checksum: string;
  readonly at: EpochMs;
}

export const OrderBookSnapshotRef = builder.objectRef<ToldBook>('OrderBookSnapshot').implement({
  description: 'Full aggregated book of one (gpuType, region).',
  fields: (t) => ({
    bookId: t.id({ description: BOOK_ID, resolve: ({ pair }) => bookId(pair) }),
    gpuType: t.field({
      type: GpuTypeRef,
      description: 'The model that is traded.',
      resolve: ({ pair }, _args, context) => gpuTypeOf(context, pair.gpuType),
    }),
    region: t.field({
      type: RegionRef,
      description: 'Where it is traded.',
      resolve: ({ pair }, _args, context) => regionOf(context, pair.region),
    }),
    bids: t.field({
      type: [PriceLevelRef],
      description: 'What renters would pay, best first: highest bid.',
      resolve: ({ bids }) => bids,
    }),
    asks: t.field({
      type: [PriceLevelRef],
      description: 'What providers ask for, best first: lowest ask.',
      resolve: ({ asks }) => asks,
    }),
    sequence: t.expose('sequence', {
      type: 'Sequence',
      description: 'Of this book alone: +1 per change of its levels, without gaps.',
    }),
    checksum: t.exposeString('checksum', { description: CHECKSUM }),
    at: t.expose('at', { type: 'DateTime', description: 'When its levels last changed.' }),
    freshness: t.field({
      type: FreshnessRef,
      description: 'How fresh this book is.',
      resolve: ({ pair }, _args, { loaders }) => loaders.orderBooks.load(pair),
    }),
  }),
});

builder.queryField('orderBook', (t) =>
  t.field({
    type: OrderBookSnapshotRef,
    nullable: true,
    description: 'The order book of one model in one region as it is now; null for an unknown one.',
    args: {
      gpuType: t.arg.string({ required: true, description: 'Slug of the model.' }),
      region: t.arg.string({ required: true, description: 'Code of the region.' }),
      depth: t.arg.int({ defaultValue: DEFAULT_DEPTH, description: 'Levels of a side, 1-100.' }),
    },
    resolve: async (_root, { gpuType, region, depth }, context) => {
      const wanted = checkedDepth(depth);
      const pair = { gpuType, region };
      const book = await findOrderBook(context, pair);
      if (!book) return null;
      const { sequence, at } = book.value;
      const levels = topLevels(book.value, wanted);
      return { ...levels, pair, sequence, at, checksum: bookChecksum(levels) };
    },
  }),
);
