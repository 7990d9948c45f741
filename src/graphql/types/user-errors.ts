import { UserError } from '../../domain/errors.ts';
import type {
  ForbiddenError,
  GpuUnavailableError,
  IdempotencyError,
  InvalidInputError,
  NotFoundError,
  PriceChangedError,
  StateConflictError,
  VersionConflictError,
} from '../../domain/errors.ts';
import type { Quote } from '../../domain/quote.ts';
import { builder } from '../builder.ts';
import type { GraphqlContext } from '../context.ts';
import { findUnit, unitOf } from '../find.ts';
import { pageSize } from '../paging.ts';
import { ErrorCodeEnum, RoleEnum } from './enums.ts';
import { GpuRef, QuoteRef, TimeWindowRef } from './refs.ts';

const UserErrorRef = builder.interfaceRef<UserError>('UserError').implement({
  description: 'An expected refusal: select it on every result and show its message.',
  fields: (t) => ({
    message: t.exposeString('message', {
      description: 'One sentence for people; it says what is allowed.',
    }),
    code: t.expose('code', { type: ErrorCodeEnum, description: 'The reason, for programs.' }),
    path: t.field({
      type: ['String'],
      nullable: true,
      description: 'The argument in question, e.g. ["input", "period", "start"].',
      resolve: (error) => error.path,
    }),
    retryable: t.exposeBoolean('retryable', {
      description: 'Whether the same call, unchanged, may succeed later.',
    }),
  }),
});

export const InvalidInputErrorRef = builder
  .objectRef<InvalidInputError>('InvalidInputError')
  .implement({
    description: 'An argument is out of its range.',
    interfaces: [UserErrorRef],
    fields: (t) => ({
      constraint: t.exposeString('constraint', {
        nullable: true,
        description: 'The rule that was broken, in a few words.',
      }),
    }),
  });

export const NotFoundErrorRef = builder.objectRef<NotFoundError>('NotFoundError').implement({
  description: 'Nothing of that id is there for you.',
  interfaces: [UserErrorRef],
});

export const ForbiddenErrorRef = builder.objectRef<ForbiddenError>('ForbiddenError').implement({
  description: 'It is there, but it belongs to somebody else.',
  interfaces: [UserErrorRef],
  fields: (t) => ({
    requires: t.expose('requires', { type: RoleEnum, description: 'The role that may do it.' }),
  }),
});

export const GpuUnavailableErrorRef = builder
  .objectRef<GpuUnavailableError>('GpuUnavailableError')
  .implement({
    description:
      'The unit was taken between your read and this write. Carries what a client needs to go on without another search.',
    interfaces: [UserErrorRef],
    fields: (t) => ({
      gpu: t.field({
        type: GpuRef,
        nullable: true,
        description: 'The unit as it is now.',
        resolve: ({ gpuId }, _args, context) => findUnit(context, gpuId),
      }),
      conflictingUntil: t.expose('conflictingUntil', {
        type: 'DateTime',
        nullable: true,
        description: 'When the last booking in the way ends; null when no booking is in the way.',
      }),
      nextFreeWindow: t.expose('nextFreeWindow', {
        type: TimeWindowRef,
        nullable: true,
        description: 'The next window that is long enough; null = none within 90 days.',
      }),
      alternatives: t.field({
        type: [GpuRef],
        description: 'Units that are free in the refused period, best first.',
        args: { first: t.arg.int({ defaultValue: 5, description: 'How many, 1-100.' }) },
        resolve: async (refusal, { first }, context) => {
          const size = pageSize('first', first);
          const units = await context.market.alternatives(refusal, size);
          return Promise.all(units.map(({ id }) => unitOf(context, id)));
        },
      }),
    }),
  });

export const PriceChangedErrorRef = builder
  .objectRef<PriceChangedError>('PriceChangedError')
  .implement({
    description: 'The price, or a fee, is above what you agreed to, or your quote has run out.',
    interfaces: [UserErrorRef],
    fields: (t) => ({
      quotedUsdPerGpuHour: t.field({
        type: 'Decimal',
        description: 'What you agreed to; for a fee the total in USD.',
        resolve: (error) => error.quotedMicros,
      }),
      currentUsdPerGpuHour: t.field({
        type: 'Decimal',
        description: 'What it costs now; for a fee the total in USD.',
        resolve: (error) => error.currentMicros,
      }),
      newQuote: t.field({
        type: QuoteRef,
        nullable: true,
        description: 'A fresh quote to accept; null where none can be made.',
        resolve: ({ requote }, _args, context) => requote && quoteOrNull(context, requote),
      }),
    }),
  });

async function quoteOrNull(
  { market, viewer }: GraphqlContext,
  { gpuId, period }: NonNullable<PriceChangedError['requote']>,
): Promise<Quote | null> {
  try {
    return await market.quote(viewer, gpuId, period);
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

export const VersionConflictErrorRef = builder
  .objectRef<VersionConflictError>('VersionConflictError')
  .implement({
    description: 'It changed since you read it: read it again, then decide.',
    interfaces: [UserErrorRef],
    fields: (t) => ({
      currentVersion: t.exposeInt('currentVersion', { description: 'Its version now.' }),
    }),
  });

export const IdempotencyErrorRef = builder
  .objectRef<IdempotencyError>('IdempotencyError')
  .implement({
    description:
      'The idempotency key was used with other input, or its first call is still running.',
    interfaces: [UserErrorRef],
    fields: (t) => ({
      firstUsedAt: t.expose('firstUsedAt', {
        type: 'DateTime',
        description: 'When the key was first used.',
      }),
    }),
  });

export const StateConflictErrorRef = builder
  .objectRef<StateConflictError>('StateConflictError')
  .implement({
    description: 'Its status does not allow the step.',
    interfaces: [UserErrorRef],
    fields: (t) => ({
      currentStatus: t.exposeString('currentStatus', { description: 'Its status now.' }),
    }),
  });
