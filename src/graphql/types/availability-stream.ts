import type { AvailabilityData } from '../../domain/event-data.ts';
import type { StreamChange } from '../../live/types.ts';
import { builder } from '../builder.ts';
import { summaryOf } from '../find.ts';
import { atMost100 } from '../paging.ts';
import { GpuStatusEnum } from './enums.ts';
import { AvailabilitySummaryRef, GpuRef } from './refs.ts';
import {
  AFTER,
  AT,
  CURSOR,
  itemType,
  SEQUENCE,
  StreamHeartbeatRef,
  StreamStartRef,
} from './stream.ts';

const AvailabilityChangeRef = builder
  .objectRef<StreamChange<AvailabilityData>>('AvailabilityChange')
  .implement({
    description: 'A unit has a new version.',
    fields: (t) => ({
      gpu: t.field({
        type: GpuRef,
        description: 'The unit as of that version; its free windows are the newest.',
        resolve: ({ change, sequence, at }) => ({
          value: change.unit,
          servedFrom: 'L1' as const,
          sequence,
          asOf: at,
          degraded: false,
        }),
      }),
      previousStatus: t.field({
        type: GpuStatusEnum,
        description: 'Its state before.',
        resolve: ({ change }) => change.previousStatus,
      }),
      status: t.field({
        type: GpuStatusEnum,
        description: 'Its state now; the same as before when only later periods changed.',
        resolve: ({ change }) => change.unit.status,
      }),
      reason: t.string({
        description:
          "BOOKED, HELD, RELEASED, STARTED, ENDED, PROVIDER, MAINTENANCE or the provider's own text.",
        resolve: ({ change }) => change.reason,
      }),
      summary: t.field({
        type: AvailabilitySummaryRef,
        description: 'The newest counts of its market.',
        resolve: ({ change }, _args, context) => summaryOf(context, change.unit),
      }),
      sequence: t.expose('sequence', { type: 'Sequence', description: SEQUENCE }),
      cursor: t.expose('cursor', { type: 'EventCursor', description: CURSOR }),
      at: t.expose('at', { type: 'DateTime', description: AT }),
    }),
  });

const AvailabilityStreamEvent = builder.unionType('AvailabilityStreamEvent', {
  description: 'An item of the stream of units.',
  types: [StreamStartRef, AvailabilityChangeRef, StreamHeartbeatRef],
  resolveType: itemType('AvailabilityChange'),
});

builder.subscriptionField('availabilityChanged', (t) =>
  t.field({
    type: AvailabilityStreamEvent,
    description: 'Every new version of every unit, in version order per unit.',
    args: {
      gpuTypes: t.arg.stringList({ description: 'Slugs of the only models wanted, at most 100.' }),
      regions: t.arg.stringList({ description: 'Codes of the only regions wanted, at most 100.' }),
      after: t.arg({ type: 'EventCursor', description: AFTER }),
    },
    subscribe: (_root, { gpuTypes, regions, after }, { live }) =>
      live.availability({
        gpuTypes: atMost100('gpuTypes', gpuTypes) ?? null,
        regions: atMost100('regions', regions) ?? null,
        after: after ?? null,
      }),
    resolve: (item, _args, { loaders }) => {
      loaders.forget();
      return item;
    },
  }),
);
