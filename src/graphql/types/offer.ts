import { encodeGlobalId } from '../global-id.ts';
import { unitOf } from '../find.ts';
import { OfferStatusEnum, PricingModeEnum } from './enums.ts';
import { NodeRef } from './node.ts';
import { GpuRef, OfferRef } from './refs.ts';

OfferRef.implement({
  description: "A provider's ask for one Gpu.",
  interfaces: [NodeRef],
  fields: (t) => ({
    id: t.id({
      description: 'Opaque id of the offer.',
      resolve: (offer) => encodeGlobalId('Offer', offer.gpuId),
    }),
    gpu: t.field({
      type: GpuRef,
      description: 'The unit that is offered.',
      resolve: (offer, _args, context) => unitOf(context, offer.gpuId),
    }),
    mode: t.expose('mode', { type: PricingModeEnum, description: 'How it is priced.' }),
    usdPerGpuHour: t.field({
      type: 'Decimal',
      description: 'What a booking made now pays, per GPU per hour.',
      resolve: (offer) => offer.rateMicros,
    }),
    baseUsdPerGpuHour: t.field({
      type: 'Decimal',
      description: 'What the provider asked for, per GPU per hour.',
      resolve: (offer) => offer.baseMicros,
    }),
    floorUsdPerGpuHour: t.field({
      type: 'Decimal',
      description: 'A DYNAMIC offer never costs less than this.',
      resolve: (offer) => offer.floorMicros,
    }),
    capUsdPerGpuHour: t.field({
      type: 'Decimal',
      description: 'A DYNAMIC offer never costs more than this.',
      resolve: (offer) => offer.capMicros,
    }),
    minDurationMinutes: t.exposeInt('minDurationMinutes', {
      description: 'The shortest period that can be booked.',
    }),
    maxDurationMinutes: t.exposeInt('maxDurationMinutes', {
      description: 'The longest period that can be booked.',
    }),
    status: t.expose('status', { type: OfferStatusEnum, description: 'Whether it stands.' }),
    version: t.exposeInt('version', {
      description: 'Optimistic-lock version; pass it to upsertOffer as ifVersion.',
    }),
  }),
});
