import { describe, expect, test } from 'vitest';
import type { Booking } from '../../../src/domain/booking.ts';
import {
  GpuUnavailableError,
  IdempotencyError,
  NotFoundError,
  PriceChangedError,
  StateConflictError,
  VersionConflictError,
} from '../../../src/domain/errors.ts';
import type { UserError } from '../../../src/domain/errors.ts';
import { HOUR_MS } from '../../../src/domain/time.ts';
import { encodeGlobalId } from '../../../src/graphql/global-id.ts';
import type { CreateBookingCommand } from '../../../src/market/command-types.ts';
import { ask, createWorld, NOON, unit, viewer } from './world.ts';

const UUID = '0f8fad5b-d9cb-469f-a165-70867728950e';
const UNIT = 'east/a100/0001';
const gpuId = encodeGlobalId('Gpu', UNIT);
const period = { start: NOON, end: NOON + HOUR_MS };
const input = {
  idempotencyKey: 'key',
  gpuId,
  period: { start: '2026-06-01T14:00:00+02:00', end: '2026-06-01T13:00:00Z' },
};

const BOOKING: Booking = {
  id: UUID,
  gpuId: UNIT,
  accountId: 'renter',
  status: 'CONFIRMED',
  period,
  rateMicros: 1_000_000n,
  gpuCount: 1,
  totalMicros: 1_000_000n,
  refundedMicros: 0n,
  holdExpiresAt: null,
  version: 1,
  createdAt: NOON,
  cancelledAt: null,
  orderId: null,
};

const CREATE = `mutation ($input: CreateBookingInput!) {
  createBooking(input: $input) {
    __typename
    ... on CreateBookingSuccess { booking { id gpu { version } totalUsd } replayed }
    ... on UserError { code message path retryable }
    ... on GpuUnavailableError { gpu { name } conflictingUntil alternatives { name } }
    ... on PriceChangedError { quotedUsdPerGpuHour currentUsdPerGpuHour newQuote { id } }
    ... on VersionConflictError { currentVersion }
    ... on IdempotencyError { firstUsedAt }
  }
}`;

function refusing(refusal: Error) {
  return createWorld({
    viewer: viewer('RENTER'),
    units: [unit(UNIT)],
    market: {
      createBooking: () => Promise.reject(refusal),
      alternatives: () => Promise.resolve([unit(UNIT)]),
      quote: () => Promise.reject(new NotFoundError('The GPU')),
    },
  });
}

function setStatus(status: string): string {
  const argument = `{ gpuId: "${gpuId}", status: ${status} }`;
  return `setGpuStatus(input: ${argument}) { ... on SetGpuStatusSuccess { gpu { status version } } }`;
}

describe('a command', () => {
  test('reaches the market with raw ids, milliseconds and nulls for what was left out', async () => {
    const seen: CreateBookingCommand[] = [];
    const world = createWorld({
      viewer: viewer('RENTER'),
      units: [unit(UNIT)],
      market: {
        createBooking: (_viewer, command) => {
          seen.push(command);
          return Promise.resolve({ booking: BOOKING, replayed: false });
        },
      },
    });
    const { data } = await ask(world, CREATE, { input });
    expect(data).toMatchObject({
      createBooking: { __typename: 'CreateBookingSuccess', replayed: false },
    });
    const absent = { quoteId: null, holdId: null, maxRateMicros: null, ifVersion: null };
    expect(seen).toEqual([{ idempotencyKey: 'key', gpuId: UNIT, period, ...absent }]);
  });

  test('is answered with what is true after it, also for the second one of a document', async () => {
    const world = createWorld({
      viewer: viewer('PROVIDER', 'acme'),
      units: [unit(UNIT)],
      market: {
        setGpuStatus: (_viewer, { gpuId: id, status }) => {
          const before = world.units[0]?.version ?? 0;
          world.units = [unit(id, { status, version: before + 1 })];
          return Promise.resolve({ gpuId: id });
        },
      },
    });
    const source = `mutation { off: ${setStatus('OFFLINE')} on: ${setStatus('AVAILABLE')} }`;
    expect((await ask(world, source)).data).toEqual({
      off: { gpu: { status: 'OFFLINE', version: 2 } },
      on: { gpu: { status: 'AVAILABLE', version: 3 } },
    });
  });

  test.each([
    ['a stranger', null, 'UNAUTHENTICATED'],
    ['a provider', viewer('PROVIDER'), 'FORBIDDEN'],
  ])('is refused to %s before anything else is looked at', async (_who, who, code) => {
    const world = createWorld({ viewer: who });
    const { errors } = await ask(world, CREATE, { input: { ...input, gpuId: 'garbage' } });
    expect(errors).toMatchObject([{ code, path: 'createBooking' }]);
  });
});

describe('a refusal is a member of the result', () => {
  test.each<[UserError, Record<string, unknown>]>([
    [
      new GpuUnavailableError('Taken.', {
        gpuId: UNIT,
        period,
        conflictingUntil: NOON,
        nextFreeWindow: null,
      }),
      {
        gpu: { name: UNIT },
        conflictingUntil: '2026-06-01T12:00:00.000Z',
        alternatives: [{ name: UNIT }],
      },
    ],
    [
      new PriceChangedError('QUOTE_EXPIRED', 'Old.', {
        quotedMicros: 1_000_000n,
        currentMicros: 1_250_000n,
        requote: { gpuId: UNIT, period },
      }),
      {
        code: 'QUOTE_EXPIRED',
        quotedUsdPerGpuHour: '1.00',
        currentUsdPerGpuHour: '1.25',
        newQuote: null,
      },
    ],
    [new VersionConflictError('The GPU', 4), { currentVersion: 4, path: ['input', 'ifVersion'] }],
    [
      new IdempotencyError('IDEMPOTENCY_IN_PROGRESS', NOON),
      { retryable: true, firstUsedAt: '2026-06-01T12:00:00.000Z' },
    ],
    [new StateConflictError('No.', 'CANCELLED'), { code: 'STATE_CONFLICT', path: null }],
  ])('%s', async (error, fields) => {
    const { data, errors } = await ask(refusing(error), CREATE, { input });
    expect(errors).toEqual([]);
    expect(data?.['createBooking']).toMatchObject({
      __typename: error.name,
      message: error.message,
      ...fields,
    });
  });

  test('also for an id that names nothing, without reaching the market', async () => {
    const world = createWorld({ viewer: viewer('RENTER') });
    const { data } = await ask(world, CREATE, { input: { ...input, gpuId: 'garbage' } });
    expect(data?.['createBooking']).toEqual({
      __typename: 'NotFoundError',
      code: 'NOT_FOUND',
      message: 'The GPU was not found.',
      path: ['input', 'gpuId'],
      retryable: false,
    });
  });

  test('and a bug when the result has no such member', async () => {
    const world = createWorld({
      viewer: viewer('RENTER'),
      market: { holdGpu: () => Promise.reject(new StateConflictError('No.', 'HELD')) },
    });
    const source = 'mutation ($input: HoldGpuInput!) { holdGpu(input: $input) { __typename } }';
    const { errors } = await ask(world, source, { input });
    expect(errors).toMatchObject([{ message: 'HoldGpuResult has no StateConflictError' }]);
  });
});
