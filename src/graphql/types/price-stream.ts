import { utilisation } from '../../domain/availability.ts';
import type { PricingData } from '../../domain/event-data.ts';
import type { StreamChange } from '../../live/types.ts';
import { builder } from '../builder.ts';
import { findPrice, gpuTypeOf, regionOf, summaryOf } from '../find.ts';
import { badInput } from '../errors.ts';
import { atMost100 } from '../paging.ts';
import { GpuTypeRef, RegionRef } from './refs.ts';
import {
  AFTER,
  AT,
  CURSOR,
  itemType,
  SEQUENCE,
  StreamHeartbeatRef,
  StreamStartRef,
} from './stream.ts';

const DEFAULT_INTERVAL_MS = 1000;
const MIN_INTERVAL_MS = 100;
const MAX_INTERVAL_MS = 60_000;

const PriceTickRef = builder.objectRef<StreamChange<PricingData>>('PriceTick').implement({
  description: 'A reference price has changed.',
  fields: (t) => ({
    gpuType: t.field({
      type: GpuTypeRef,
      description: 'The model that is priced.',
      resolve: ({ change }, _args, context) => gpuTypeOf(context, change.gpuType),
    }),
    region: t.field({
      type: RegionRef,
      description: 'The region that it is priced in.',
      resolve: ({ change }, _args, context) => regionOf(context, change.region),
    }),
    usdPerGpuHour: t.field({
      type: 'Decimal',
      description: 'The new reference price, per GPU per hour.',
      resolve: ({ change }) => change.rateMicros,
    }),
    previousUsdPerGpuHour: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'The price before this change; null when there was none.',
      resolve: ({ change }) => change.previousMicros,
    }),
    bestBid: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'Highest bid of the order book now; null while there is none.',
      resolve: async ({ change }, _args, context) =>
        (await findPrice(context, change))?.value.bestBidMicros ?? null,
    }),
    bestAsk: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'Lowest ask of the order book now; null while there is none.',
      resolve: async ({ change }, _args, context) =>
        (await findPrice(context, change))?.value.bestAskMicros ?? null,
    }),
    utilisation: t.float({
      description: 'Booked divided by rentable units of this market, 0..1, the newest.',
      resolve: async ({ change }, _args, context) =>
        utilisation((await summaryOf(context, change)).value),
    }),
    sequence: t.expose('sequence', { type: 'Sequence', description: SEQUENCE }),
    cursor: t.expose('cursor', { type: 'EventCursor', description: CURSOR }),
    at: t.expose('at', { type: 'DateTime', description: AT }),
  }),
});

const PriceStreamEvent = builder.unionType('PriceStreamEvent', {
  description: 'An item of the stream of prices.',
  types: [StreamStartRef, PriceTickRef, StreamHeartbeatRef],
  resolveType: itemType('PriceTick'),
});

function checkedInterval(minIntervalMs: number): number {
  if (minIntervalMs >= MIN_INTERVAL_MS && minIntervalMs <= MAX_INTERVAL_MS) return minIntervalMs;
  throw badInput(
    'minIntervalMs',
    `\`minIntervalMs\` must be from ${MIN_INTERVAL_MS} to ${MAX_INTERVAL_MS}.`,
  );
}

builder.subscriptionField('priceTicker', (t) =>
  t.field({
    type: PriceStreamEvent,
    description:
      'Conflated: the newest tick per (gpuType, region), at most one per minIntervalMs (100-60000).',
    args: {
      gpuTypes: t.arg.stringList({ description: 'Slugs of the only models wanted, at most 100.' }),
      regions: t.arg.stringList({ description: 'Codes of the only regions wanted, at most 100.' }),
      minIntervalMs: t.arg.int({
        defaultValue: DEFAULT_INTERVAL_MS,
        description: 'Least time between two ticks of one market in milliseconds, 100-60000.',
      }),
      after: t.arg({ type: 'EventCursor', description: AFTER }),
    },
    subscribe: (_root, { gpuTypes, regions, minIntervalMs, after }, { live }) =>
      live.prices({
        gpuTypes: atMost100('gpuTypes', gpuTypes) ?? null,
        regions: atMost100('regions', regions) ?? null,
        minIntervalMs: checkedInterval(minIntervalMs ?? DEFAULT_INTERVAL_MS),
        after: after ?? null,
      }),
    resolve: (item, _args, { loaders }) => {
      loaders.forget();
      return item;
    },
  }),
);
