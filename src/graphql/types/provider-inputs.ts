import { builder } from '../builder.ts';
import { GpuStatusEnum, OfferStatusEnum, PricingModeEnum, ProviderStatusEnum } from './enums.ts';

export const UpsertOfferInput = builder.inputType('UpsertOfferInput', {
  description: 'What to offer.',
  fields: (t) => ({
    idempotencyKey: t.string({
      required: true,
      description:
        '1-255 characters, unique per account for 24 h. The same key and input returns the first answer; the same key with other input is an error.',
    }),
    gpuId: t.id({ required: true, description: 'Id of your unit.' }),
    mode: t.field({ type: PricingModeEnum, required: true, description: 'How it is priced.' }),
    baseUsdPerGpuHour: t.field({
      type: 'Decimal',
      required: true,
      description: 'The price asked for, per GPU per hour.',
    }),
    floorUsdPerGpuHour: t.field({
      type: 'Decimal',
      description: 'A DYNAMIC offer never costs less; absent = half the base.',
    }),
    capUsdPerGpuHour: t.field({
      type: 'Decimal',
      description: 'A DYNAMIC offer never costs more; absent = three times the base.',
    }),
    minDurationMinutes: t.int({ defaultValue: 60, description: 'The shortest period to book.' }),
    maxDurationMinutes: t.int({ defaultValue: 43_200, description: 'The longest period to book.' }),
    status: t.field({
      type: OfferStatusEnum,
      defaultValue: 'ACTIVE',
      description: 'Whether it stands.',
    }),
    ifVersion: t.int({ description: 'Refuse when the offer has another version than this.' }),
  }),
});

export const SetGpuStatusInput = builder.inputType('SetGpuStatusInput', {
  description: 'Which unit to switch, and to what.',
  fields: (t) => ({
    gpuId: t.id({ required: true, description: 'Id of your unit.' }),
    status: t.field({
      type: GpuStatusEnum,
      required: true,
      description: 'AVAILABLE, OFFLINE or MAINTENANCE; the others follow from bookings.',
    }),
    reason: t.string({ description: 'Why, at most 500 characters; told to live clients.' }),
    ifVersion: t.int({ description: 'Refuse when the unit has another version than this.' }),
  }),
});

export const SetProviderStatusInput = builder.inputType('SetProviderStatusInput', {
  description: 'Which provider to switch, and to what.',
  fields: (t) => ({
    providerId: t.id({ required: true, description: 'Id of the provider.' }),
    status: t.field({ type: ProviderStatusEnum, required: true, description: 'The new status.' }),
    reason: t.string({ description: 'Why, at most 500 characters; kept for the operator.' }),
  }),
});
