import type { Micros } from '../../domain/money.ts';
import { builder } from '../builder.ts';
import type { GpuOrder, Range } from '../gpu-query.ts';
import type { GpuFilterInput as GpuFilterShape } from '../list-gpus.ts';
import { GpuOrderFieldEnum, GpuStatusEnum, OrderDirectionEnum, TrustTierEnum } from './enums.ts';
import { TimeWindowInput } from './time-window.ts';

const IntRange = builder.inputRef<Range<number>>('IntRange').implement({
  description: 'Whole numbers from one to another; both ends count, an absent end is open.',
  fields: (t) => ({
    gte: t.int({ description: 'At least this.' }),
    lte: t.int({ description: 'At most this.' }),
  }),
});

const DecimalRange = builder.inputRef<Range<Micros>>('DecimalRange').implement({
  description: 'Decimals from one to another; both ends count, an absent end is open.',
  fields: (t) => ({
    gte: t.field({ type: 'Decimal', description: 'At least this.' }),
    lte: t.field({ type: 'Decimal', description: 'At most this.' }),
  }),
});

export const GpuFilterInput = builder.inputRef<GpuFilterShape>('GpuFilter').implement({
  description:
    'What a unit must be: all given parts must hold, one value of each list must. Lists take at most 100 values; unknown names match nothing.',
  fields: (t) => ({
    gpuTypes: t.stringList({ description: 'Slugs of models.' }),
    regions: t.stringList({ description: 'Codes of regions.' }),
    providerIds: t.idList({ description: 'Ids of providers.' }),
    status: t.field({ type: [GpuStatusEnum], description: 'States now.' }),
    vramGb: t.field({ type: IntRange, description: 'Memory of one card in GB.' }),
    gpuCount: t.field({ type: IntRange, description: 'Cards in the unit.' }),
    usdPerGpuHour: t.field({
      type: DecimalRange,
      description: 'Price of its offer per GPU and hour; a unit without an offer does not match.',
    }),
    trustTier: t.field({ type: [TrustTierEnum], description: 'Trust tiers.' }),
    minReliability: t.float({
      description: 'Least reliability, 0..1; an unmeasured unit does not match.',
    }),
    freeDuring: t.field({
      type: TimeWindowInput,
      description:
        'No booking touches this window, at most 90 days long, and the unit is not switched off.',
    }),
  }),
});

export const GpuOrderInput = builder.inputRef<GpuOrder>('GpuOrder').implement({
  description: 'How units are sorted.',
  fields: (t) => ({
    field: t.field({
      type: GpuOrderFieldEnum,
      required: true,
      defaultValue: 'USD_PER_GPU_HOUR',
      description: 'What they are sorted by.',
    }),
    direction: t.field({
      type: OrderDirectionEnum,
      required: true,
      defaultValue: 'ASC',
      description: 'Which end comes first.',
    }),
  }),
});
