import { builder } from '../builder.ts';
import { CacheNamespaceEnum } from './enums.ts';

export const UpdatePricingInput = builder.inputType('UpdatePricingInput', {
  description: 'Which reference price to set, and to what.',
  fields: (t) => ({
    gpuType: t.string({ required: true, description: 'Slug of the model.' }),
    region: t.string({ required: true, description: 'Code of the region.' }),
    usdPerGpuHour: t.field({
      type: 'Decimal',
      required: true,
      description: 'The new price, per GPU per hour.',
    }),
    reason: t.string({
      required: true,
      description: 'Why, at most 500 characters; kept with your account in the audit.',
    }),
  }),
});

export const InvalidateCacheInput = builder.inputType('InvalidateCacheInput', {
  description:
    'What every node shall forget: the whole namespace unless a resource or keys are named.',
  fields: (t) => ({
    namespace: t.field({
      type: CacheNamespaceEnum,
      required: true,
      description: 'The kind of cached data.',
    }),
    resourceId: t.string({
      description: 'Only what is kept of this unit, pair, region, GPU type or provider.',
    }),
    keys: t.stringList({ description: 'Only these keys, as Invalidation.keys has them.' }),
    reason: t.string({
      required: true,
      description: 'Why, at most 500 characters; kept with your account in the audit.',
    }),
  }),
});
