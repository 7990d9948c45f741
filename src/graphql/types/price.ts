import { utilisation } from '../../domain/availability.ts';
import { change24hPercent } from '../../domain/price.ts';
import { builder } from '../builder.ts';
import { listCandles } from '../list-candles.ts';
import { findPrice, gpuTypeOf, regionOf, summaryOf } from '../find.ts';
import { present } from '../loaders.ts';
import { atMost100 } from '../paging.ts';
import { CandleIntervalEnum } from './enums.ts';
import { CandleRef, FreshnessRef, GpuTypeRef, PriceRef, RegionRef } from './refs.ts';

/** Multipliers are kept as whole millionths. */
const MILLION = 1_000_000;

PriceRef.implement({
  description: 'Reference price of one (gpuType, region).',
  fields: (t) => ({
    gpuType: t.field({
      type: GpuTypeRef,
      description: 'The model that is priced.',
      resolve: ({ value }, _args, context) => gpuTypeOf(context, value.gpuType),
    }),
    region: t.field({
      type: RegionRef,
      description: 'The region that it is priced in.',
      resolve: ({ value }, _args, context) => regionOf(context, value.region),
    }),
    usdPerGpuHour: t.field({
      type: 'Decimal',
      description: 'The reference price, per GPU per hour.',
      resolve: ({ value }) => value.rateMicros,
    }),
    bestAsk: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'Lowest ask of the order book; null while there is none.',
      resolve: ({ value }) => value.bestAskMicros,
    }),
    bestBid: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'Highest bid of the order book; null while there is none.',
      resolve: ({ value }) => value.bestBidMicros,
    }),
    multiplier: t.float({
      description: 'Dynamic multiplier applied to DYNAMIC offers.',
      resolve: ({ value }) => Number(value.multiplierMillionths) / MILLION,
    }),
    utilisation: t.float({
      description: 'Booked divided by rentable units of this market, 0..1.',
      resolve: async ({ value }, _args, context) =>
        utilisation((await summaryOf(context, value)).value),
    }),
    change24hPercent: t.float({
      nullable: true,
      description: 'Change of the price over 24 hours in percent; null without a price history.',
      resolve: ({ value }) => change24hPercent(value),
    }),
    updatedAt: t.field({
      type: 'DateTime',
      description: 'When the price was last set.',
      resolve: ({ value }) => value.updatedAt,
    }),
    history: t.field({
      type: [CandleRef],
      description:
        'Its candles that begin in [from, to), oldest first, at most 2000; none before its first price.',
      args: {
        from: t.arg({ type: 'DateTime', required: true, description: 'Start of the range.' }),
        to: t.arg({ type: 'DateTime', required: true, description: 'End of the range.' }),
        interval: t.arg({
          type: CandleIntervalEnum,
          required: true,
          defaultValue: 'H1',
          description: 'How long a bucket is.',
        }),
      },
      resolve: ({ value }, args, context) => listCandles(context, value, args),
    }),
    freshness: t.field({
      type: FreshnessRef,
      description: 'How fresh this price is.',
      resolve: (price) => price,
    }),
  }),
});

builder.queryFields((t) => ({
  price: t.field({
    type: PriceRef,
    nullable: true,
    description: 'The reference price of one model in one region; null where it has none.',
    args: {
      gpuType: t.arg.string({ required: true, description: 'Slug of the model.' }),
      region: t.arg.string({ required: true, description: 'Code of the region.' }),
    },
    resolve: (_root, pair, context) => findPrice(context, pair),
  }),
  prices: t.field({
    type: [PriceRef],
    description: 'All reference prices, sorted by model and region.',
    args: {
      gpuTypes: t.arg.stringList({ description: 'Slugs of the only models wanted, at most 100.' }),
      regions: t.arg.stringList({ description: 'Codes of the only regions wanted, at most 100.' }),
    },
    resolve: async (_root, { gpuTypes, regions }, { loaders }) => {
      atMost100('gpuTypes', gpuTypes);
      atMost100('regions', regions);
      const pairs = (await loaders.catalog()).pairs({ gpuTypes, regions });
      const prices = await Promise.all(pairs.map((pair) => loaders.prices.load(pair)));
      return prices.flatMap((price) => present(price) ?? []);
    },
  }),
}));
