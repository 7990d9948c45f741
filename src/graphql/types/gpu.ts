import { freeWindows } from '../../domain/time.ts';
import { builder } from '../builder.ts';
import { connectionType } from '../connection.ts';
import { findUnit, gpuTypeOf, providerOf, regionOf, unitOf } from '../find.ts';
import { decodeGlobalId, encodeGlobalId } from '../global-id.ts';
import { listGpus, type GpuConnection } from '../list-gpus.ts';
import { DEFAULT_PAGE_SIZE } from '../paging.ts';
import { checkedWindow } from '../windows.ts';
import { GpuStatusEnum, TrustTierEnum } from './enums.ts';
import { GpuFilterInput, GpuOrderInput } from './gpu-inputs.ts';
import { NodeRef } from './node.ts';
import {
  FreshnessRef,
  GpuRef,
  GpuTypeRef,
  OfferRef,
  ProviderRef,
  RegionRef,
  TimeWindowRef,
} from './refs.ts';

GpuRef.implement({
  description: 'One rentable unit: a machine slice that is booked as a whole (gpuCount cards).',
  interfaces: [NodeRef],
  fields: (t) => ({
    id: t.id({
      description: 'Opaque id of the unit.',
      resolve: ({ value }) => encodeGlobalId('Gpu', value.id),
    }),
    name: t.string({
      description: 'Readable and unique, e.g. us-east-1/h100-sxm/0042.',
      resolve: ({ value }) => value.id,
    }),
    gpuType: t.field({
      type: GpuTypeRef,
      description: 'The model of its cards.',
      resolve: ({ value }, _args, context) => gpuTypeOf(context, value.gpuType),
    }),
    provider: t.field({
      type: ProviderRef,
      description: 'Who offers it.',
      resolve: ({ value }, _args, context) => providerOf(context, value.provider),
    }),
    region: t.field({
      type: RegionRef,
      description: 'Where it stands.',
      resolve: ({ value }, _args, context) => regionOf(context, value.region),
    }),
    gpuCount: t.int({ description: 'Cards in the unit.', resolve: ({ value }) => value.gpuCount }),
    cpuCores: t.int({
      nullable: true,
      description: 'CPU cores of the unit; null = unknown.',
      resolve: ({ value }) => value.cpuCores,
    }),
    ramGb: t.int({
      nullable: true,
      description: 'Main memory of the unit in GB; null = unknown.',
      resolve: ({ value }) => value.ramGb,
    }),
    diskGb: t.int({
      nullable: true,
      description: 'Disk of the unit in GB; null = unknown.',
      resolve: ({ value }) => value.diskGb,
    }),
    trustTier: t.field({
      type: TrustTierEnum,
      description: 'How far its place is vouched for.',
      resolve: ({ value }) => value.trustTier,
    }),
    reliability: t.float({
      nullable: true,
      description: 'Share of time that it was up, 0..1; null = not measured.',
      resolve: ({ value }) => value.reliability,
    }),
    status: t.field({
      type: GpuStatusEnum,
      description: 'Its state now; a future booking does not change it.',
      resolve: ({ value }) => value.status,
    }),
    version: t.int({
      description: 'Optimistic-lock version; pass it to createBooking as ifVersion.',
      resolve: ({ value }) => value.version,
    }),
    offer: t.field({
      type: OfferRef,
      nullable: true,
      description: 'What it costs; null when nobody offers it.',
      resolve: ({ value }) => value.offer,
    }),
    freeWindows: t.field({
      type: [TimeWindowRef],
      description:
        'Free half-open intervals inside [from, to), longest 90 days: no booking or hold touches them.',
      args: {
        from: t.arg({ type: 'DateTime', required: true, description: 'Start of the search.' }),
        to: t.arg({
          type: 'DateTime',
          required: true,
          description: 'End of the search, at most 90 days after its start.',
        }),
      },
      resolve: async ({ value }, { from, to }, context) => {
        const window = checkedWindow('to', { start: from, end: to });
        const unit = 'busy' in value ? value : (await unitOf(context, value.id)).value;
        return freeWindows(unit.busy, window);
      },
    }),
    freshness: t.field({
      type: FreshnessRef,
      description: 'How fresh this unit is.',
      resolve: (gpu) => gpu,
    }),
  }),
});

export const GpuConnectionRef = connectionType('Gpu', 'units', GpuRef);

builder.objectField(GpuConnectionRef, 'freshness', (t) =>
  t.field({
    type: FreshnessRef,
    description: 'How fresh the list is: its oldest and worst part decides.',
    resolve: (connection) => (connection as GpuConnection).freshness,
  }),
);

builder.queryFields((t) => ({
  gpus: t.field({
    type: GpuConnectionRef,
    description: 'Units that match a filter, page by page.',
    args: {
      first: t.arg.int({
        defaultValue: DEFAULT_PAGE_SIZE,
        description: 'Page size forward, 1-100; set it to null to page backward with `last`.',
      }),
      after: t.arg.string({ description: 'Cursor that the page follows.' }),
      last: t.arg.int({ description: 'Page size backward, 1-100.' }),
      before: t.arg.string({ description: 'Cursor that the page precedes.' }),
      filter: t.arg({ type: GpuFilterInput, description: 'What a unit must be; absent = any.' }),
      orderBy: t.arg({ type: GpuOrderInput, description: 'Absent = cheapest first.' }),
    },
    resolve: (_root, args, context) => listGpus(context, args),
  }),
  gpu: t.field({
    type: GpuRef,
    nullable: true,
    description: 'One unit; null when there is none of that id.',
    args: { id: t.arg.id({ required: true, description: 'Id of the unit.' }) },
    resolve: (_root, { id }, context) => {
      const rawId = decodeGlobalId('Gpu', id);
      return rawId === null ? null : findUnit(context, rawId);
    },
  }),
}));
