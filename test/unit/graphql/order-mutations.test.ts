import { expect, test } from 'vitest';
import {
  IdempotencyError,
  InvalidInputError,
  NotFoundError,
  StateConflictError,
  type UserError,
} from '../../../src/domain/errors.ts';
import { encodeGlobalId } from '../../../src/graphql/global-id.ts';
import type { PlaceOrderCommand } from '../../../src/market/command-types.ts';
import { ORDER } from './exchange-world.ts';
import { ask, createWorld, NOON, viewer } from './world.ts';

const PLACE = `mutation ($input: PlaceOrderInput!) {
  placeOrder(input: $input) {
    __typename
    ... on PlaceOrderSuccess { order { id status } fills { id } bookings { id } replayed }
    ... on UserError { code message path }
  }
}`;
const CANCEL = `mutation ($input: CancelOrderInput!) {
  cancelOrder(input: $input) {
    __typename
    ... on CancelOrderSuccess { order { id } replayed }
    ... on UserError { code path }
    ... on StateConflictError { currentStatus }
  }
}`;
const INPUT = {
  idempotencyKey: 'key',
  gpuType: 'a100',
  region: 'east',
  limitUsdPerGpuHour: '2.5',
  period: { start: '2026-06-01T14:00:00+02:00', end: '2026-06-01T13:00:00Z' },
};
const RENTER = viewer('RENTER');
const id = encodeGlobalId('Order', ORDER.id);

test('placeOrder hands the command over with its defaults and shows the order', async () => {
  const commands: PlaceOrderCommand[] = [];
  const world = createWorld({
    viewer: RENTER,
    market: {
      placeOrder: (_viewer, command) => {
        commands.push(command);
        return Promise.resolve({ order: ORDER, fills: [], bookings: [], replayed: false });
      },
    },
  });
  const { data } = await ask(world, PLACE, { input: INPUT });
  const order = { id, status: 'OPEN' };
  expect(data?.['placeOrder']).toEqual({
    __typename: 'PlaceOrderSuccess',
    order,
    fills: [],
    bookings: [],
    replayed: false,
  });
  expect(commands).toEqual([
    {
      idempotencyKey: 'key',
      gpuType: 'a100',
      region: 'east',
      quantity: 1,
      gpusPerUnit: null,
      limitMicros: 2_500_000n,
      period: { start: NOON, end: NOON + 3_600_000 },
      timeInForce: 'GTC',
      expiresAt: null,
      minTrustTier: null,
    },
  ]);
});

test.each<[UserError, string]>([
  [new InvalidInputError('1 to 100.', ['input', 'quantity'], '1-100'), 'INVALID_INPUT'],
  [new NotFoundError('The market', ['input', 'gpuType']), 'NOT_FOUND'],
  [new IdempotencyError('IDEMPOTENCY_KEY_REUSED', NOON), 'IDEMPOTENCY_KEY_REUSED'],
])('placeOrder answers %s as a member of its union', async (refusal, code) => {
  const placeOrder = (): Promise<never> => Promise.reject(refusal);
  const world = createWorld({ viewer: RENTER, market: { placeOrder } });
  const { data } = await ask(world, PLACE, { input: INPUT });
  expect(data?.['placeOrder']).toMatchObject({ __typename: refusal.name, code });
});

test('cancelOrder shows the order, or the status that does not allow it', async () => {
  const input = { idempotencyKey: 'key', orderId: id };
  const done = createWorld({
    viewer: RENTER,
    market: { cancelOrder: () => Promise.resolve({ order: ORDER, replayed: true }) },
  });
  expect((await ask(done, CANCEL, { input })).data).toEqual({
    cancelOrder: { __typename: 'CancelOrderSuccess', order: { id }, replayed: true },
  });
  const refusal = new StateConflictError('It is filled.', 'FILLED', ['input', 'orderId']);
  const refused = createWorld({
    viewer: RENTER,
    market: { cancelOrder: () => Promise.reject(refusal) },
  });
  expect((await ask(refused, CANCEL, { input })).data).toMatchObject({
    cancelOrder: { __typename: 'StateConflictError', currentStatus: 'FILLED' },
  });
});

test('cancelOrder finds nothing under an id that names no order', async () => {
  const orderId = encodeGlobalId('Booking', ORDER.id);
  const input = { idempotencyKey: 'key', orderId };
  expect((await ask(createWorld({ viewer: RENTER }), CANCEL, { input })).data).toEqual({
    cancelOrder: { __typename: 'NotFoundError', code: 'NOT_FOUND', path: ['input', 'orderId'] },
  });
});

test.each([
  [null, 'UNAUTHENTICATED'],
  [viewer('PROVIDER'), 'FORBIDDEN'],
])('orders of %o are refused with %s', async (who, code) => {
  const world = createWorld({ viewer: who });
  const inputs = { [PLACE]: INPUT, [CANCEL]: { idempotencyKey: 'key', orderId: id } };
  for (const [source, input] of Object.entries(inputs))
    expect((await ask(world, source, { input })).errors).toMatchObject([{ code }]);
});
