import { stockLevel, utilisation } from '../../domain/availability.ts';
import { builder } from '../builder.ts';
import { gpuTypeOf, regionOf } from '../find.ts';
import { atMost100 } from '../paging.ts';
import { StockLevelEnum } from './enums.ts';
import { AvailabilitySummaryRef, FreshnessRef, GpuTypeRef, RegionRef } from './refs.ts';

AvailabilitySummaryRef.implement({
  description: 'How many units of one model in one region are in which state now.',
  fields: (t) => ({
    gpuType: t.field({
      type: GpuTypeRef,
      description: 'The model that is counted.',
      resolve: ({ value }, _args, context) => gpuTypeOf(context, value.gpuType),
    }),
    region: t.field({
      type: RegionRef,
      description: 'The region that is counted.',
      resolve: ({ value }, _args, context) => regionOf(context, value.region),
    }),
    total: t.int({ description: 'All units.', resolve: ({ value }) => value.total }),
    available: t.int({
      description: 'Units that nobody has now.',
      resolve: ({ value }) => value.available,
    }),
    held: t.int({ description: 'Units under a hold now.', resolve: ({ value }) => value.held }),
    booked: t.int({
      description: 'Units under a booking now.',
      resolve: ({ value }) => value.booked,
    }),
    offline: t.int({
      description: 'Units that are off or in maintenance.',
      resolve: ({ value }) => value.offline,
    }),
    stock: t.field({
      type: StockLevelEnum,
      description: 'The share of available units in one word.',
      resolve: ({ value }) => stockLevel(value),
    }),
    utilisation: t.float({
      description: 'Booked divided by rentable, 0..1.',
      resolve: ({ value }) => utilisation(value),
    }),
    freshness: t.field({
      type: FreshnessRef,
      description: 'How fresh these counts are.',
      resolve: (summary) => summary,
    }),
  }),
});

builder.queryField('availability', (t) =>
  t.field({
    type: [AvailabilitySummaryRef],
    description: 'Counts of units per model and region that has or had some, sorted by both.',
    args: {
      gpuTypes: t.arg.stringList({ description: 'Slugs of the only models wanted, at most 100.' }),
      regions: t.arg.stringList({ description: 'Codes of the only regions wanted, at most 100.' }),
    },
    resolve: async (_root, { gpuTypes, regions }, { loaders }) => {
      atMost100('gpuTypes', gpuTypes);
      atMost100('regions', regions);
      const pairs = (await loaders.catalog()).pairs({ gpuTypes, regions });
      return Promise.all(pairs.map((pair) => loaders.summaries.load(pair)));
    },
  }),
);
