import { gpuHours } from '../../domain/money.ts';
import { builder } from '../builder.ts';
import { unitOf } from '../find.ts';
import { encodeGlobalId, inputId } from '../global-id.ts';
import { NodeRef } from './node.ts';
import { GpuRef, QuoteRef, TimeWindowRef } from './refs.ts';
import { resultUnion } from './result-union.ts';
import { TimeWindowInput } from './time-window.ts';
import { GpuUnavailableErrorRef, InvalidInputErrorRef, NotFoundErrorRef } from './user-errors.ts';

QuoteRef.implement({
  description: 'A price promised for one unit and period; it reserves nothing.',
  interfaces: [NodeRef],
  fields: (t) => ({
    id: t.id({
      description: 'Opaque id; pass it to createBooking as quoteId.',
      resolve: (quote) => encodeGlobalId('Quote', quote.id),
    }),
    gpu: t.field({
      type: GpuRef,
      description: 'The unit that it is for.',
      resolve: (quote, _args, context) => unitOf(context, quote.gpuId),
    }),
    period: t.expose('period', { type: TimeWindowRef, description: 'The period that it is for.' }),
    usdPerGpuHour: t.field({
      type: 'Decimal',
      description: 'The promised price, per GPU per hour.',
      resolve: (quote) => quote.rateMicros,
    }),
    gpuHours: t.float({
      description: 'Cards times hours of the period.',
      resolve: ({ gpuCount, period }) => gpuHours(gpuCount, period.end - period.start),
    }),
    totalUsd: t.field({
      type: 'Decimal',
      description: 'What the whole period costs.',
      resolve: (quote) => quote.totalMicros,
    }),
    validUntil: t.expose('validUntil', {
      type: 'DateTime',
      description: 'The price is honoured until then (60 s).',
    }),
  }),
});

const QuoteResult = resultUnion('QuoteResult', 'A quote, or why there is none.', QuoteRef, [
  GpuUnavailableErrorRef,
  InvalidInputErrorRef,
  NotFoundErrorRef,
]);

builder.queryField('quote', (t) =>
  t.field({
    type: QuoteResult.type,
    description: 'Price check without side effects; a quote id locks the price for 60 s.',
    args: {
      gpuId: t.arg.id({ required: true, description: 'Id of the unit.' }),
      period: t.arg({
        type: TimeWindowInput,
        required: true,
        description: 'When it is wanted, in whole minutes, at most 90 days ahead.',
      }),
    },
    resolve: (_root, { gpuId, period }, { market, viewer }) =>
      QuoteResult.settle(() => market.quote(viewer, inputId('Gpu', gpuId, ['gpuId']), period)),
  }),
);
