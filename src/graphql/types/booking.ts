import { gpuHours } from '../../domain/money.ts';
import { builder } from '../builder.ts';
import { connectionType } from '../connection.ts';
import { findBooking, findOrder, unitOf } from '../find.ts';
import { decodeGlobalId, encodeGlobalId } from '../global-id.ts';
import { listBookings } from '../list-bookings.ts';
import { DEFAULT_PAGE_SIZE } from '../paging.ts';
import { requireViewer } from '../roles.ts';
import { BookingStatusEnum } from './enums.ts';
import { NodeRef } from './node.ts';
import {
  AccountRef,
  BookingRef,
  CancellationQuoteRef,
  GpuRef,
  OrderRef,
  TimeWindowRef,
} from './refs.ts';

BookingRef.implement({
  description: 'A unit taken by a renter for a period: a hold, a booking, or what became of it.',
  interfaces: [NodeRef],
  fields: (t) => ({
    id: t.id({
      description: 'Opaque id; pass that of a hold to createBooking as holdId.',
      resolve: (booking) => encodeGlobalId('Booking', booking.id),
    }),
    gpu: t.field({
      type: GpuRef,
      description: 'The unit that is taken.',
      resolve: (booking, _args, context) => unitOf(context, booking.gpuId),
    }),
    renter: t.field({
      type: AccountRef,
      description: 'Who took it.',
      resolve: async ({ accountId }, _args, { loaders }) => {
        const account = await loaders.accounts.load(accountId);
        if (!account) throw new Error(`account ${accountId} has bookings but does not exist`);
        return account;
      },
    }),
    status: t.expose('status', { type: BookingStatusEnum, description: 'Its state now.' }),
    period: t.expose('period', { type: TimeWindowRef, description: 'When it takes the unit.' }),
    usdPerGpuHour: t.field({
      type: 'Decimal',
      description: 'Price locked when the booking was made.',
      resolve: (booking) => booking.rateMicros,
    }),
    gpuHours: t.float({
      description: 'Cards times hours of the period.',
      resolve: ({ gpuCount, period }) => gpuHours(gpuCount, period.end - period.start),
    }),
    totalUsd: t.field({
      type: 'Decimal',
      description: 'What the whole period costs.',
      resolve: (booking) => booking.totalMicros,
    }),
    refundedUsd: t.field({
      type: 'Decimal',
      description: 'What was given back when it was cancelled.',
      resolve: (booking) => booking.refundedMicros,
    }),
    holdExpiresAt: t.expose('holdExpiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Until when a hold lasts; null for anything but a hold.',
    }),
    order: t.field({
      type: OrderRef,
      nullable: true,
      description:
        'The order that it filled; null for a booking made directly, and for its provider.',
      resolve: ({ orderId }, _args, context) =>
        orderId === null ? null : findOrder(context, orderId),
    }),
    version: t.exposeInt('version', {
      description: 'Optimistic-lock version; pass it to extendBooking as ifVersion.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    cancelledAt: t.expose('cancelledAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was cancelled; null if it was not.',
    }),
    cancellationQuote: t.field({
      type: CancellationQuoteRef,
      description: 'What cancelling it costs now.',
      resolve: (booking, _args, { market }) => market.cancellationTerms(booking),
    }),
  }),
});

CancellationQuoteRef.implement({
  description: 'What cancelling a booking costs at this moment.',
  fields: (t) => ({
    feeUsd: t.field({
      type: 'Decimal',
      description: 'What is kept.',
      resolve: (terms) => terms.feeMicros,
    }),
    refundUsd: t.field({
      type: 'Decimal',
      description: 'What is given back.',
      resolve: (terms) => terms.refundMicros,
    }),
    freeUntil: t.expose('freeUntil', {
      type: 'DateTime',
      nullable: true,
      description: 'Until when cancelling is free; null when that is over.',
    }),
    validUntil: t.expose('validUntil', {
      type: 'DateTime',
      description: 'Until when these amounts hold.',
    }),
  }),
});

export const BookingConnectionRef = connectionType('Booking', 'bookings', BookingRef);

builder.queryFields((t) => ({
  booking: t.field({
    type: BookingRef,
    nullable: true,
    description:
      'One booking; null when there is none of that id for you. A provider sees those of its units, ' +
      'the operator all.\n\nRequires RENTER.',
    args: { id: t.arg.id({ required: true, description: 'Id of the booking.' }) },
    resolve: (_root, { id }, context) => {
      requireViewer(context);
      const rawId = decodeGlobalId('Booking', id);
      return rawId === null ? null : findBooking(context, rawId);
    },
  }),
  bookings: t.field({
    type: BookingConnectionRef,
    description:
      'Your bookings, newest first. A provider sees those of its units, the operator all.\n\n' +
      'Requires RENTER.',
    args: {
      first: t.arg.int({ defaultValue: DEFAULT_PAGE_SIZE, description: 'Page size, 1-100.' }),
      after: t.arg.string({ description: 'Cursor that the page follows.' }),
      status: t.arg({ type: [BookingStatusEnum], description: 'Only those in these states.' }),
      gpuId: t.arg.id({ description: 'Only those of this unit.' }),
    },
    resolve: (_root, args, context) => listBookings(context, args),
  }),
}));
