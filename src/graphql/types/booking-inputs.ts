import { builder } from '../builder.ts';
import { TimeWindowInput } from './time-window.ts';

export const KEY_DESCRIPTION =
  '1-255 characters, unique per account for 24 h. The same key and input returns the first answer; the same key with other input is an error.';

export const HoldGpuInput = builder.inputType('HoldGpuInput', {
  description: 'What to hold.',
  fields: (t) => ({
    idempotencyKey: t.string({ required: true, description: KEY_DESCRIPTION }),
    gpuId: t.id({ required: true, description: 'Id of the unit.' }),
    period: t.field({
      type: TimeWindowInput,
      required: true,
      description: 'When it is wanted, in whole minutes, at most 90 days ahead.',
    }),
    ttlSeconds: t.int({ defaultValue: 120, description: '30-900, default 120.' }),
  }),
});

export const CreateBookingInput = builder.inputType('CreateBookingInput', {
  description: 'What to book.',
  fields: (t) => ({
    idempotencyKey: t.string({ required: true, description: KEY_DESCRIPTION }),
    gpuId: t.id({ description: 'Exactly one of gpuId, quoteId or holdId.' }),
    quoteId: t.id({ description: 'A quote to accept: its unit, period and price.' }),
    holdId: t.id({ description: 'Id of your HELD booking to confirm.' }),
    period: t.field({
      type: TimeWindowInput,
      description: 'Required with gpuId, not allowed otherwise.',
    }),
    maxUsdPerGpuHour: t.field({
      type: 'Decimal',
      description: 'Refuse when the price is above this.',
    }),
    ifVersion: t.int({ description: 'Refuse when the unit has another version than this.' }),
  }),
});

export const CancelBookingInput = builder.inputType('CancelBookingInput', {
  description: 'What to cancel.',
  fields: (t) => ({
    idempotencyKey: t.string({ required: true, description: KEY_DESCRIPTION }),
    bookingId: t.id({ required: true, description: 'Id of your booking or hold.' }),
    reason: t.string({ description: 'Why, at most 500 characters; kept for the operator.' }),
    maxFeeUsd: t.field({ type: 'Decimal', description: 'Refuse when the fee is above this.' }),
  }),
});

export const ExtendBookingInput = builder.inputType('ExtendBookingInput', {
  description: 'What to extend.',
  fields: (t) => ({
    idempotencyKey: t.string({ required: true, description: KEY_DESCRIPTION }),
    bookingId: t.id({ required: true, description: 'Id of your booking.' }),
    newEnd: t.field({
      type: 'DateTime',
      required: true,
      description: 'The later end of its period, in whole minutes, at most 90 days ahead.',
    }),
    maxUsdPerGpuHour: t.field({
      type: 'Decimal',
      description: 'Refuse when the price of the added time is above this.',
    }),
    ifVersion: t.int({ description: 'Refuse when the booking has another version than this.' }),
  }),
});
