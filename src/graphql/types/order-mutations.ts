import type { Order } from '../../domain/order.ts';
import type { PlaceOrderOutcome } from '../../market/types.ts';
import { builder } from '../builder.ts';
import { command } from '../command.ts';
import { inputId } from '../global-id.ts';
import { CancelOrderInput, PlaceOrderInput } from './order-inputs.ts';
import { BookingRef, FillRef, OrderRef } from './refs.ts';
import { resultUnion } from './result-union.ts';
import {
  IdempotencyErrorRef,
  InvalidInputErrorRef,
  NotFoundErrorRef,
  StateConflictErrorRef,
} from './user-errors.ts';

const REPLAYED = 'True when the key was used before and this is the answer of that time.';

const PlaceOrderSuccess = builder.objectRef<PlaceOrderOutcome>('PlaceOrderSuccess').implement({
  description: 'The order was taken; what it could fill at once is booked.',
  fields: (t) => ({
    order: t.expose('order', { type: OrderRef, description: 'The order as it is now.' }),
    fills: t.field({
      type: [FillRef],
      description: 'What it got at once, in the order of execution.',
      resolve: ({ fills }) => fills,
    }),
    bookings: t.field({
      type: [BookingRef],
      description: 'The bookings of those fills, in the same order.',
      resolve: ({ bookings }) => bookings,
    }),
    replayed: t.exposeBoolean('replayed', { description: REPLAYED }),
  }),
});

interface CancelOrderOutcome {
  readonly order: Order;
  readonly replayed: boolean;
}

const CancelOrderSuccess = builder.objectRef<CancelOrderOutcome>('CancelOrderSuccess').implement({
  description: 'The rest of the order is cancelled; what it got stays booked.',
  fields: (t) => ({
    order: t.expose('order', { type: OrderRef, description: 'The order as it is now.' }),
    replayed: t.exposeBoolean('replayed', { description: REPLAYED }),
  }),
});

const PlaceOrderResult = resultUnion(
  'PlaceOrderResult',
  'An order, or why there is none.',
  PlaceOrderSuccess,
  [IdempotencyErrorRef, InvalidInputErrorRef, NotFoundErrorRef],
);

const CancelOrderResult = resultUnion(
  'CancelOrderResult',
  'A cancelled order, or why it is not.',
  CancelOrderSuccess,
  [StateConflictErrorRef, IdempotencyErrorRef, InvalidInputErrorRef, NotFoundErrorRef],
);

builder.mutationField('placeOrder', (t) =>
  t.field({
    type: PlaceOrderResult.type,
    description:
      'Bids for whole units of one market in one period: fills at the lowest asks within the limit, then rests.\n\n' +
      'Requires RENTER.\n' +
      'Publishes ORDER_BOOK_UPDATED; may publish BOOKING_CREATED, GPU_AVAILABILITY_CHANGED, PRICING_UPDATED, MARKET_STATS_UPDATED.',
    args: {
      input: t.arg({ type: PlaceOrderInput, required: true, description: 'What to bid for.' }),
    },
    resolve: (_root, { input }, context) =>
      PlaceOrderResult.settle(() =>
        command(context, 'RENTER', (viewer) =>
          context.market.placeOrder(viewer, {
            idempotencyKey: input.idempotencyKey,
            gpuType: input.gpuType,
            region: input.region,
            quantity: input.quantity,
            gpusPerUnit: input.gpusPerUnit ?? null,
            limitMicros: input.limitUsdPerGpuHour,
            period: input.period,
            timeInForce: input.timeInForce,
            expiresAt: input.expiresAt ?? null,
            minTrustTier: input.minTrustTier ?? null,
          }),
        ),
      ),
  }),
);

builder.mutationField('cancelOrder', (t) =>
  t.field({
    type: CancelOrderResult.type,
    description:
      'Takes an order out of its book; what it got stays booked.\n\n' +
      'Requires RENTER.\nPublishes ORDER_BOOK_UPDATED.',
    args: {
      input: t.arg({ type: CancelOrderInput, required: true, description: 'What to cancel.' }),
    },
    resolve: (_root, { input }, context) =>
      CancelOrderResult.settle(() =>
        command(context, 'RENTER', (viewer) =>
          context.market.cancelOrder(viewer, {
            idempotencyKey: input.idempotencyKey,
            orderId: inputId('Order', input.orderId, ['input', 'orderId']),
          }),
        ),
      ),
  }),
);
