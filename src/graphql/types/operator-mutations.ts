import type { SequencedEvent } from '../../domain/cache-event.ts';
import type { Micros } from '../../domain/money.ts';
import type { Price } from '../../domain/price.ts';
import { encodeCursor } from '../../live/cursor.ts';
import type { Cached } from '../../market/types.ts';
import { builder } from '../builder.ts';
import { command } from '../command.ts';
import { present } from '../loaders.ts';
import { InvalidateCacheInput, UpdatePricingInput } from './operator-inputs.ts';
import { CacheEventRef, PriceRef } from './refs.ts';
import { resultUnion } from './result-union.ts';
import { InvalidInputErrorRef, NotFoundErrorRef } from './user-errors.ts';

interface UpdatePricingOutcome {
  readonly price: Cached<Price>;
  readonly previousMicros: Micros;
}

const UpdatePricingSuccess = builder
  .objectRef<UpdatePricingOutcome>('UpdatePricingSuccess')
  .implement({
    description: 'The price is set.',
    fields: (t) => ({
      price: t.expose('price', { type: PriceRef, description: 'The price as it is now.' }),
      previousUsdPerGpuHour: t.field({
        type: 'Decimal',
        description: 'The reference price before, per GPU per hour.',
        resolve: (outcome) => outcome.previousMicros,
      }),
    }),
  });

const UpdatePricingResult = resultUnion(
  'UpdatePricingResult',
  'A new reference price, or why it was refused.',
  UpdatePricingSuccess,
  [InvalidInputErrorRef, NotFoundErrorRef],
);

builder.mutationField('updatePricing', (t) =>
  t.field({
    type: UpdatePricingResult.type,
    description:
      'Sets a reference price by hand and holds it for 300 s; DYNAMIC offers follow, bookings and quotes keep theirs.\n\n' +
      'Requires OPERATOR.\nPublishes PRICING_UPDATED, ORDER_BOOK_UPDATED.',
    args: {
      input: t.arg({ type: UpdatePricingInput, required: true, description: 'What to set.' }),
    },
    resolve: (_root, { input }, context) =>
      UpdatePricingResult.settle(async () => {
        const { gpuType, region, usdPerGpuHour, reason } = input;
        const { previousMicros } = await command(context, 'OPERATOR', (viewer) =>
          context.market.updatePricing(viewer, {
            gpuType,
            region,
            rateMicros: usdPerGpuHour,
            reason,
          }),
        );
        const price = present(await context.loaders.prices.load({ gpuType, region }));
        if (!price) throw new Error(`${gpuType} in ${region} was priced but has no price`);
        return { price, previousMicros };
      }),
  }),
);

interface InvalidateCacheOutcome {
  readonly event: SequencedEvent;
  readonly l2KeysDeleted: number;
  readonly nodesNotified: number;
}

const InvalidateCacheSuccess = builder
  .objectRef<InvalidateCacheOutcome>('InvalidateCacheSuccess')
  .implement({
    description: 'Every node forgets what was named.',
    fields: (t) => ({
      event: t.field({
        type: CacheEventRef,
        description: 'The event that tells the nodes.',
        resolve: ({ event }) => ({
          change: event,
          sequence: event.sequence,
          cursor: encodeCursor(new Map([[event.partition, event]])),
          at: event.event.timestamp,
        }),
      }),
      l2KeysDeleted: t.exposeInt('l2KeysDeleted', {
        description: 'Values dropped from the cache that the nodes share.',
      }),
      nodesNotified: t.exposeInt('nodesNotified', {
        description: 'Nodes that were listening, this one included.',
      }),
    }),
  });

const InvalidateCacheResult = resultUnion(
  'InvalidateCacheResult',
  'What was invalidated, or why nothing was.',
  InvalidateCacheSuccess,
  [InvalidInputErrorRef],
);

builder.mutationField('invalidateCache', (t) =>
  t.field({
    type: InvalidateCacheResult.type,
    description:
      'Makes every node forget a namespace, one resource or single keys.\n\n' +
      'Requires OPERATOR.\nPublishes MANUAL_INVALIDATION.',
    args: {
      input: t.arg({ type: InvalidateCacheInput, required: true, description: 'What to forget.' }),
    },
    resolve: (_root, { input }, context) =>
      InvalidateCacheResult.settle(() =>
        command(context, 'OPERATOR', (viewer) =>
          context.market.invalidateCache(viewer, {
            namespace: input.namespace,
            resourceId: input.resourceId ?? null,
            keys: input.keys ?? null,
            reason: input.reason,
          }),
        ),
      ),
  }),
);
