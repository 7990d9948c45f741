import type { Provider } from '../../domain/catalog.ts';
import type { PushedUnit } from '../../domain/event-data.ts';
import type { Offer } from '../../domain/offer.ts';
import type { Cached } from '../../market/types.ts';
import { builder } from '../builder.ts';
import { command } from '../command.ts';
import { providerOf, unitOf } from '../find.ts';
import { inputId } from '../global-id.ts';
import { SetGpuStatusInput, SetProviderStatusInput, UpsertOfferInput } from './provider-inputs.ts';
import { GpuRef, OfferRef, ProviderRef } from './refs.ts';
import { resultUnion } from './result-union.ts';
import {
  ForbiddenErrorRef,
  IdempotencyErrorRef,
  InvalidInputErrorRef,
  NotFoundErrorRef,
  StateConflictErrorRef,
  VersionConflictErrorRef,
} from './user-errors.ts';

const MIN_DURATION_MINUTES = 60;
const MAX_DURATION_MINUTES = 43_200;

interface UpsertOfferOutcome {
  readonly offer: Offer;
  readonly replayed: boolean;
}

const UpsertOfferSuccess = builder.objectRef<UpsertOfferOutcome>('UpsertOfferSuccess').implement({
  description: 'The offer stands.',
  fields: (t) => ({
    offer: t.expose('offer', { type: OfferRef, description: 'The offer as it is now.' }),
    replayed: t.exposeBoolean('replayed', {
      description: 'True when the key was used before and this is the answer of that time.',
    }),
  }),
});

const UpsertOfferResult = resultUnion(
  'UpsertOfferResult',
  'An offer, or why it was refused.',
  UpsertOfferSuccess,
  [
    VersionConflictErrorRef,
    IdempotencyErrorRef,
    InvalidInputErrorRef,
    NotFoundErrorRef,
    ForbiddenErrorRef,
  ],
);

builder.mutationField('upsertOffer', (t) =>
  t.field({
    type: UpsertOfferResult.type,
    description:
      'Makes or changes the offer of one of your units; existing bookings keep their price.\n\n' +
      'Requires PROVIDER.\n' +
      'Publishes PRICING_UPDATED, ORDER_BOOK_UPDATED; may publish GPU_AVAILABILITY_CHANGED, MARKET_STATS_UPDATED, BOOKING_CREATED.',
    args: {
      input: t.arg({ type: UpsertOfferInput, required: true, description: 'What to offer.' }),
    },
    resolve: (_root, { input }, context) =>
      UpsertOfferResult.settle(async () => {
        const { gpuId, replayed } = await command(context, 'PROVIDER', (viewer) =>
          context.market.upsertOffer(viewer, {
            idempotencyKey: input.idempotencyKey,
            gpuId: inputId('Gpu', input.gpuId, ['input', 'gpuId']),
            mode: input.mode,
            baseMicros: input.baseUsdPerGpuHour,
            floorMicros: input.floorUsdPerGpuHour ?? null,
            capMicros: input.capUsdPerGpuHour ?? null,
            minDurationMinutes: input.minDurationMinutes ?? MIN_DURATION_MINUTES,
            maxDurationMinutes: input.maxDurationMinutes ?? MAX_DURATION_MINUTES,
            status: input.status ?? 'ACTIVE',
            ifVersion: input.ifVersion ?? null,
          }),
        );
        const { offer } = (await unitOf(context, gpuId)).value;
        if (!offer) throw new Error(`unit ${gpuId} was offered but has no offer`);
        return { offer, replayed };
      }),
  }),
);

const SetGpuStatusSuccess = builder
  .objectRef<{ readonly gpu: Cached<PushedUnit> }>('SetGpuStatusSuccess')
  .implement({
    description: 'The status is set.',
    fields: (t) => ({
      gpu: t.expose('gpu', { type: GpuRef, description: 'The unit as it is now.' }),
    }),
  });

const SetGpuStatusResult = resultUnion(
  'SetGpuStatusResult',
  'A unit with its new status, or why it was refused.',
  SetGpuStatusSuccess,
  [
    StateConflictErrorRef,
    VersionConflictErrorRef,
    InvalidInputErrorRef,
    NotFoundErrorRef,
    ForbiddenErrorRef,
  ],
);

builder.mutationField('setGpuStatus', (t) =>
  t.field({
    type: SetGpuStatusResult.type,
    description:
      'Switches one of your units on, off or to maintenance; its bookings stay.\n\n' +
      'Requires PROVIDER.\n' +
      'Publishes GPU_AVAILABILITY_CHANGED, ORDER_BOOK_UPDATED, MARKET_STATS_UPDATED; may publish PRICING_UPDATED.',
    args: {
      input: t.arg({ type: SetGpuStatusInput, required: true, description: 'What to set.' }),
    },
    resolve: (_root, { input }, context) =>
      SetGpuStatusResult.settle(async () => {
        const { gpuId } = await command(context, 'PROVIDER', (viewer) =>
          context.market.setGpuStatus(viewer, {
            gpuId: inputId('Gpu', input.gpuId, ['input', 'gpuId']),
            status: input.status,
            reason: input.reason ?? null,
            ifVersion: input.ifVersion ?? null,
          }),
        );
        return { gpu: await unitOf(context, gpuId) };
      }),
  }),
);

interface SetProviderStatusOutcome {
  readonly provider: Cached<Provider>;
  readonly affectedGpus: number;
}

const SetProviderStatusSuccess = builder
  .objectRef<SetProviderStatusOutcome>('SetProviderStatusSuccess')
  .implement({
    description: 'The status is set.',
    fields: (t) => ({
      provider: t.expose('provider', {
        type: ProviderRef,
        description: 'The provider as it is now.',
      }),
      affectedGpus: t.exposeInt('affectedGpus', {
        description: 'Units whose status changed with it.',
      }),
    }),
  });

const SetProviderStatusResult = resultUnion(
  'SetProviderStatusResult',
  'A provider with its new status, or why it was refused.',
  SetProviderStatusSuccess,
  [InvalidInputErrorRef, NotFoundErrorRef, ForbiddenErrorRef],
);

builder.mutationField('setProviderStatus', (t) =>
  t.field({
    type: SetProviderStatusResult.type,
    description:
      'Sets your status; OFFLINE and SUSPENDED take all units with them, bookings stay.\n\n' +
      'Requires PROVIDER.\n' +
      'Publishes PROVIDER_STATUS_CHANGED; may publish GPU_AVAILABILITY_CHANGED, ORDER_BOOK_UPDATED, MARKET_STATS_UPDATED.',
    args: {
      input: t.arg({ type: SetProviderStatusInput, required: true, description: 'What to set.' }),
    },
    resolve: (_root, { input }, context) =>
      SetProviderStatusResult.settle(async () => {
        const { providerId, status, reason = null } = input;
        const { slug, affectedGpus } = await command(context, 'PROVIDER', async (viewer) => {
          const provider = inputId('Provider', providerId, ['input', 'providerId']);
          const outcome = await context.market.setProviderStatus(viewer, {
            provider,
            status,
            reason,
          });
          return { ...outcome, slug: provider };
        });
        return { provider: await providerOf(context, slug), affectedGpus };
      }),
  }),
);
