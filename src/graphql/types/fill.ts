import { gpuHours } from '../../domain/money.ts';
import { builder } from '../builder.ts';
import { sliceType, type Slice } from '../connection.ts';
import { encodeGlobalId } from '../global-id.ts';
import type { Fill } from '../../domain/order.ts';
import { pageSize } from '../paging.ts';
import { NodeRef } from './node.ts';
import { FillRef } from './refs.ts';

FillRef.implement({
  description:
    'One execution: a unit that an order got. It names neither the order nor its renter.',
  interfaces: [NodeRef],
  fields: (t) => ({
    id: t.id({
      description: 'Opaque id of the fill.',
      resolve: (fill) => encodeGlobalId('Fill', fill.id),
    }),
    usdPerGpuHour: t.field({
      type: 'Decimal',
      description: 'The price of the side that was resting in the book, per GPU per hour.',
      resolve: (fill) => fill.rateMicros,
    }),
    gpuCount: t.exposeInt('gpuCount', { description: 'Cards of the unit.' }),
    gpuHours: t.float({
      description: 'Cards times hours of the booked period.',
      resolve: (fill) => gpuHours(fill.gpuCount, fill.durationMs),
    }),
    at: t.expose('at', { type: 'DateTime', description: 'When it was executed.' }),
  }),
});

export const FillConnectionRef = sliceType<Slice<Fill>, Fill>('Fill', 'fills', FillRef);

const DEFAULT_FILLS = 50;

builder.queryField('recentFills', (t) =>
  t.field({
    type: [FillRef],
    description: 'The newest fills of one market, newest first; none of an unknown one.',
    args: {
      gpuType: t.arg.string({ required: true, description: 'Slug of the model.' }),
      region: t.arg.string({ required: true, description: 'Code of the region.' }),
      first: t.arg.int({ defaultValue: DEFAULT_FILLS, description: 'How many, 1-100.' }),
    },
    resolve: async (_root, { gpuType, region, first }, { loaders, market }) => {
      const size = pageSize('first', first ?? DEFAULT_FILLS);
      const pair = { gpuType, region };
      const catalog = await loaders.catalog();
      return catalog.hasPair(pair) ? market.recentFills(pair, size) : [];
    },
  }),
);
