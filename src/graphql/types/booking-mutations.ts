import { builder } from '../builder.ts';
import { command } from '../command.ts';
import { inputId, type NodeType } from '../global-id.ts';
import {
  CancelBookingInput,
  CreateBookingInput,
  ExtendBookingInput,
  HoldGpuInput,
} from './booking-inputs.ts';
import {
  CancelBookingResult,
  CreateBookingResult,
  ExtendBookingResult,
  HoldGpuResult,
} from './booking-results.ts';

const DEFAULT_HOLD_SECONDS = 120;

function optionalId(type: NodeType, id: string | null | undefined, name: string): string | null {
  return id === null || id === undefined ? null : inputId(type, id, ['input', name]);
}

builder.mutationField('holdGpu', (t) =>
  t.field({
    type: HoldGpuResult.type,
    description:
      'Reserves a unit for a moment, free of charge, while the renter decides.\n\n' +
      'Requires RENTER.\nPublishes GPU_AVAILABILITY_CHANGED, ORDER_BOOK_UPDATED.',
    args: { input: t.arg({ type: HoldGpuInput, required: true, description: 'What to hold.' }) },
    resolve: (_root, { input }, context) =>
      HoldGpuResult.settle(() =>
        command(context, 'RENTER', (viewer) =>
          context.market.holdGpu(viewer, {
            idempotencyKey: input.idempotencyKey,
            gpuId: inputId('Gpu', input.gpuId, ['input', 'gpuId']),
            period: input.period,
            ttlSeconds: input.ttlSeconds ?? DEFAULT_HOLD_SECONDS,
          }),
        ),
      ),
  }),
);

builder.mutationField('createBooking', (t) =>
  t.field({
    type: CreateBookingResult.type,
    description:
      'Books a unit: at its current price, at the price of a quote, or by confirming a hold.\n\n' +
      'Requires RENTER.\n' +
      'Publishes BOOKING_CREATED, GPU_AVAILABILITY_CHANGED, ORDER_BOOK_UPDATED, MARKET_STATS_UPDATED; may publish PRICING_UPDATED.',
    args: {
      input: t.arg({ type: CreateBookingInput, required: true, description: 'What to book.' }),
    },
    resolve: (_root, { input }, context) =>
      CreateBookingResult.settle(() =>
        command(context, 'RENTER', (viewer) =>
          context.market.createBooking(viewer, {
            idempotencyKey: input.idempotencyKey,
            gpuId: optionalId('Gpu', input.gpuId, 'gpuId'),
            quoteId: optionalId('Quote', input.quoteId, 'quoteId'),
            holdId: optionalId('Booking', input.holdId, 'holdId'),
            period: input.period ?? null,
            maxRateMicros: input.maxUsdPerGpuHour ?? null,
            ifVersion: input.ifVersion ?? null,
          }),
        ),
      ),
  }),
);

builder.mutationField('cancelBooking', (t) =>
  t.field({
    type: CancelBookingResult.type,
    description:
      'Cancels a booking or gives a hold back; `Booking.cancellationQuote` tells the fee beforehand.\n\n' +
      'Requires RENTER.\n' +
      'Publishes BOOKING_CANCELLED, GPU_AVAILABILITY_CHANGED, ORDER_BOOK_UPDATED, MARKET_STATS_UPDATED; may publish PRICING_UPDATED, BOOKING_CREATED.',
    args: {
      input: t.arg({ type: CancelBookingInput, required: true, description: 'What to cancel.' }),
    },
    resolve: (_root, { input }, context) =>
      CancelBookingResult.settle(() =>
        command(context, 'RENTER', (viewer) =>
          context.market.cancelBooking(viewer, {
            idempotencyKey: input.idempotencyKey,
            bookingId: inputId('Booking', input.bookingId, ['input', 'bookingId']),
            reason: input.reason ?? null,
            maxFeeMicros: input.maxFeeUsd ?? null,
          }),
        ),
      ),
  }),
);

builder.mutationField('extendBooking', (t) =>
  t.field({
    type: ExtendBookingResult.type,
    description:
      'Moves the end of a booking to a later time, if the unit is free until then.\n\n' +
      'Requires RENTER.\n' +
      'Publishes GPU_AVAILABILITY_CHANGED, ORDER_BOOK_UPDATED, MARKET_STATS_UPDATED; may publish PRICING_UPDATED.',
    args: {
      input: t.arg({ type: ExtendBookingInput, required: true, description: 'What to extend.' }),
    },
    resolve: (_root, { input }, context) =>
      ExtendBookingResult.settle(() =>
        command(context, 'RENTER', (viewer) =>
          context.market.extendBooking(viewer, {
            idempotencyKey: input.idempotencyKey,
            bookingId: inputId('Booking', input.bookingId, ['input', 'bookingId']),
            newEnd: input.newEnd,
            maxRateMicros: input.maxUsdPerGpuHour ?? null,
            ifVersion: input.ifVersion ?? null,
          }),
        ),
      ),
  }),
);
