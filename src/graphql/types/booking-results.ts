import type { Micros } from '../../domain/money.ts';
import type { BookingOutcome } from '../../market/types.ts';
import { builder } from '../builder.ts';
import { BookingRef } from './refs.ts';
import { resultUnion } from './result-union.ts';
import {
  GpuUnavailableErrorRef,
  IdempotencyErrorRef,
  InvalidInputErrorRef,
  NotFoundErrorRef,
  PriceChangedErrorRef,
  StateConflictErrorRef,
  VersionConflictErrorRef,
} from './user-errors.ts';

const REPLAYED = 'True when the key was used before and this is the answer of that time.';

const HoldGpuSuccess = builder.objectRef<BookingOutcome>('HoldGpuSuccess').implement({
  description: 'The unit is held.',
  fields: (t) => ({
    booking: t.expose('booking', { type: BookingRef, description: 'The hold, in state HELD.' }),
    replayed: t.exposeBoolean('replayed', { description: REPLAYED }),
  }),
});

const CreateBookingSuccess = builder.objectRef<BookingOutcome>('CreateBookingSuccess').implement({
  description: 'The unit is booked.',
  fields: (t) => ({
    booking: t.expose('booking', { type: BookingRef, description: 'The booking.' }),
    replayed: t.exposeBoolean('replayed', { description: REPLAYED }),
  }),
});

interface CancelOutcome extends BookingOutcome {
  readonly feeMicros: Micros;
  readonly refundMicros: Micros;
}

const CancelBookingSuccess = builder.objectRef<CancelOutcome>('CancelBookingSuccess').implement({
  description: 'The booking is cancelled.',
  fields: (t) => ({
    booking: t.expose('booking', { type: BookingRef, description: 'The booking as it is now.' }),
    feeUsd: t.field({
      type: 'Decimal',
      description: 'What was kept.',
      resolve: (outcome) => outcome.feeMicros,
    }),
    refundUsd: t.field({
      type: 'Decimal',
      description: 'What was given back.',
      resolve: (outcome) => outcome.refundMicros,
    }),
    replayed: t.exposeBoolean('replayed', { description: REPLAYED }),
  }),
});

interface ExtendOutcome extends BookingOutcome {
  readonly additionalMicros: Micros;
}

const ExtendBookingSuccess = builder.objectRef<ExtendOutcome>('ExtendBookingSuccess').implement({
  description: 'The booking is extended.',
  fields: (t) => ({
    booking: t.expose('booking', { type: BookingRef, description: 'The booking as it is now.' }),
    additionalUsd: t.field({
      type: 'Decimal',
      description: 'What the added time costs.',
      resolve: (outcome) => outcome.additionalMicros,
    }),
    replayed: t.exposeBoolean('replayed', { description: REPLAYED }),
  }),
});

export const HoldGpuResult = resultUnion(
  'HoldGpuResult',
  'A hold, or why there is none.',
  HoldGpuSuccess,
  [GpuUnavailableErrorRef, IdempotencyErrorRef, InvalidInputErrorRef, NotFoundErrorRef],
);

export const CreateBookingResult = resultUnion(
  'CreateBookingResult',
  'A booking, or why there is none.',
  CreateBookingSuccess,
  [
    GpuUnavailableErrorRef,
    PriceChangedErrorRef,
    VersionConflictErrorRef,
    StateConflictErrorRef,
    IdempotencyErrorRef,
    InvalidInputErrorRef,
    NotFoundErrorRef,
  ],
);

export const CancelBookingResult = resultUnion(
  'CancelBookingResult',
  'A cancelled booking, or why it is not.',
  CancelBookingSuccess,
  [
    StateConflictErrorRef,
    PriceChangedErrorRef,
    IdempotencyErrorRef,
    InvalidInputErrorRef,
    NotFoundErrorRef,
  ],
);

export const ExtendBookingResult = resultUnion(
  'ExtendBookingResult',
  'An extended booking, or why it is not.',
  ExtendBookingSuccess,
  [
    GpuUnavailableErrorRef,
    PriceChangedErrorRef,
    VersionConflictErrorRef,
    StateConflictErrorRef,
    IdempotencyErrorRef,
    InvalidInputErrorRef,
    NotFoundErrorRef,
  ],
);
