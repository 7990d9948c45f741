import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS, toIso } from '../../src/domain/time.ts';
import { idOf, NOBODYS_UUID, startStranger, windowFrom } from './stranger.ts';
import type { Member, Stranger } from './stranger.ts';

const FAR = 20 * DAY_MS;
const period = windowFrom(FAR, 3 * HOUR_MS);
const withSeconds = { ...period, start: toIso(Date.parse(period.start) + 40_000) };

let stranger: Stranger;

beforeAll(async () => {
  stranger = await startStranger();
});

afterAll(async () => {
  expect(await stranger.stop()).toEqual([]);
});

function place(change: object): Promise<Member> {
  const unit = stranger.units[0];
  const pair = { gpuType: unit?.gpuType.slug, region: unit?.region.code };
  return stranger.mutate(
    'placeOrder',
    { ...pair, period, limitUsdPerGpuHour: '0.01', ...change },
    'RENTER',
  );
}

const RATE = '0 < price <= 1000000';

describe('an order out of its range', () => {
  test.each<[change: object, at: string, constraint: string]>([
    ...[0, -1, 101].map(
      (quantity) => [{ quantity }, 'quantity', '1-100'] as [object, string, string],
    ),
    [{ gpusPerUnit: 0 }, 'gpusPerUnit', '1-1024'],
    [{ limitUsdPerGpuHour: '0' }, 'limitUsdPerGpuHour', RATE],
    [{ limitUsdPerGpuHour: '1000000.000001' }, 'limitUsdPerGpuHour', RATE],
    [{ idempotencyKey: '' }, 'idempotencyKey', '1-255 characters'],
    [{ period: withSeconds }, 'period.start', 'whole minutes'],
    [{ period: windowFrom(FAR, 0) }, 'period.end', 'start < end'],
    [{ period: windowFrom(-DAY_MS) }, 'period.start', 'start >= the previous full minute'],
    [{ period: windowFrom(91 * DAY_MS) }, 'period.end', 'end <= now + 90 days'],
    [{ expiresAt: toIso(0) }, 'expiresAt', 'expiresAt > now'],
  ])('%j: %s must be %s', async (change, at, constraint) => {
    expect(await place(change)).toEqual({
      __typename: 'InvalidInputError',
      message: expect.stringMatching(/^[A-Za-z].{10,}\.$/),
      code: 'INVALID_INPUT',
      path: ['input', ...at.split('.')],
      constraint,
      retryable: false,
    });
  });

  test('a period that no offer is for is told what they are for', async () => {
    expect(await place({ period: windowFrom(FAR, MINUTE_MS) })).toMatchObject({
      path: ['input', 'period'],
      constraint: expect.stringMatching(/^\d+-\d+ minutes$/),
    });
  });

  test('half a unit is no quantity', async () => {
    const query =
      'mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { __typename } }';
    const { errors } = await stranger.ask(query, { input: { quantity: 1.5 } }, 'RENTER');
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
  });
});

describe('an order of what is not there', () => {
  test.each(['', 'garbage', '\0', '*', '%', "';--", 'h100@us', 'x'.repeat(300)])(
    'in the market %j answers NOT_FOUND',
    async (name) => {
      for (const change of [{ gpuType: name }, { region: name }])
        expect(await place(change)).toMatchObject({ __typename: 'NotFoundError' });
    },
  );

  test.each(['', 'garbage', '\0', '\ud800', idOf('Booking', NOBODYS_UUID), idOf('Order', 'x')])(
    'cancelled by the id %j answers NOT_FOUND',
    async (orderId) => {
      expect(await stranger.mutate('cancelOrder', { orderId }, 'RENTER')).toMatchObject({
        __typename: 'NotFoundError',
        path: ['input', 'orderId'],
      });
    },
  );
});

test('an order that is over is not cancelled again', async () => {
  const { order } = (await place({ timeInForce: 'FOK' })) as unknown as {
    order: { id: string; status: string };
  };
  expect(order.status).toBe('CANCELLED');
  expect(await stranger.mutate('cancelOrder', { orderId: order.id }, 'RENTER')).toMatchObject({
    __typename: 'StateConflictError',
    currentStatus: 'CANCELLED',
  });
});
