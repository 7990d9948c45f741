import { builder } from '../builder.ts';
import { KEY_DESCRIPTION } from './booking-inputs.ts';
import { TimeInForceEnum, TrustTierEnum } from './enums.ts';
import { TimeWindowInput } from './time-window.ts';

export const PlaceOrderInput = builder.inputType('PlaceOrderInput', {
  description: 'A limit bid.',
  fields: (t) => ({
    idempotencyKey: t.string({ required: true, description: KEY_DESCRIPTION }),
    gpuType: t.string({ required: true, description: 'Slug of the model.' }),
    region: t.string({ required: true, description: 'Code of the region.' }),
    quantity: t.int({
      required: true,
      defaultValue: 1,
      description: 'Whole units, 1-100.',
    }),
    gpusPerUnit: t.int({ description: 'Cards a unit must have; absent = any.' }),
    limitUsdPerGpuHour: t.field({
      type: 'Decimal',
      required: true,
      description: 'The highest price to pay, per GPU per hour.',
    }),
    period: t.field({
      type: TimeWindowInput,
      required: true,
      description: 'When they are wanted, in whole minutes, at most 90 days ahead.',
    }),
    timeInForce: t.field({
      type: TimeInForceEnum,
      required: true,
      defaultValue: 'GTC',
      description: 'How long to wait.',
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'When to stop resting; absent = with the start of the period.',
    }),
    minTrustTier: t.field({
      type: TrustTierEnum,
      description: 'The least tier of a unit; absent = any.',
    }),
  }),
});

export const CancelOrderInput = builder.inputType('CancelOrderInput', {
  description: 'What to cancel.',
  fields: (t) => ({
    idempotencyKey: t.string({ required: true, description: KEY_DESCRIPTION }),
    orderId: t.id({ required: true, description: 'Id of your order.' }),
  }),
});
