import { gpuHours } from '../../domain/money.ts';
import { builder } from '../builder.ts';
import { findMarketStats, gpuTypeOf, regionOf } from '../find.ts';
import { FreshnessRef, GpuTypeRef, MarketStatsRef, RegionRef } from './refs.ts';

MarketStatsRef.implement({
  description: 'Statistics of one model in one region, or of all models or all regions.',
  fields: (t) => ({
    gpuType: t.field({
      type: GpuTypeRef,
      nullable: true,
      description: 'The model; null = all.',
      resolve: ({ value: { gpuType } }, _args, context) =>
        gpuType === null ? null : gpuTypeOf(context, gpuType),
    }),
    region: t.field({
      type: RegionRef,
      nullable: true,
      description: 'The region; null = all.',
      resolve: ({ value: { region } }, _args, context) =>
        region === null ? null : regionOf(context, region),
    }),
    totalGpus: t.int({ description: 'All cards.', resolve: ({ value }) => value.totalGpus }),
    availableGpus: t.int({
      description: 'Cards that nobody has now.',
      resolve: ({ value }) => value.availableGpus,
    }),
    utilisation: t.float({
      description: 'Booked divided by rentable, 0..1.',
      resolve: ({ value }) => value.utilisation,
    }),
    activeBookings: t.int({
      description: 'Bookings that run now.',
      resolve: ({ value }) => value.activeBookings,
    }),
    medianUsdPerGpuHour: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'The median of what active offers ask for; null without any.',
      resolve: ({ value }) => value.medianMicros,
    }),
    p10UsdPerGpuHour: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'A tenth of the active offers ask for no more than this; null without any.',
      resolve: ({ value }) => value.p10Micros,
    }),
    p90UsdPerGpuHour: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'Nine tenths of the active offers ask for no more; null without any.',
      resolve: ({ value }) => value.p90Micros,
    }),
    volume24hGpuHours: t.float({
      description: 'Cards times hours of the bookings made in the last 24 hours that still stand.',
      resolve: ({ value }) => gpuHours(1, Number(value.volume24hGpuMs)),
    }),
    turnover24hUsd: t.field({
      type: 'Decimal',
      description: 'What those bookings cost.',
      resolve: ({ value }) => value.turnover24hMicros,
    }),
    freshness: t.field({
      type: FreshnessRef,
      description: 'How fresh these statistics are.',
      resolve: (stats) => stats,
    }),
  }),
});

builder.queryField('marketStats', (t) =>
  t.field({
    type: MarketStatsRef,
    description: 'Statistics of a market, or of several together; zeros for an unknown name.',
    args: {
      gpuType: t.arg.string({ description: 'Slug of the only model wanted; absent = all.' }),
      region: t.arg.string({ description: 'Code of the only region wanted; absent = all.' }),
    },
    resolve: (_root, { gpuType, region }, context) =>
      findMarketStats(context, { gpuType: gpuType ?? null, region: region ?? null }),
  }),
);

builder.subscriptionField('marketStatsUpdated', (t) =>
  t.field({
    type: MarketStatsRef,
    description: 'The statistics as they are first, then whenever they have changed.',
    args: {
      gpuType: t.arg.string({ description: 'Slug of the only model wanted; absent = all.' }),
      region: t.arg.string({ description: 'Code of the only region wanted; absent = all.' }),
    },
    subscribe: (_root, { gpuType, region }, { live }) =>
      live.marketStats({ gpuType: gpuType ?? null, region: region ?? null }),
    resolve: (scope, _args, context) => {
      context.loaders.forget();
      return findMarketStats(context, scope);
    },
  }),
);
