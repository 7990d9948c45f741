import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DAY_MS } from '../../src/domain/time.ts';
import type { TokenRole } from '../../src/domain/viewer.ts';
import {
  startStranger,
  windowFrom,
  type KnownUnit,
  type Stranger,
  type Token,
} from './stranger.ts';

let stranger: Stranger;

beforeAll(async () => {
  stranger = await startStranger();
});

afterAll(async () => {
  expect(await stranger.stop()).toEqual([]);
});

describe('the roles', () => {
  const BOOKERS = ['holdGpu', 'createBooking', 'cancelBooking', 'extendBooking'];
  const RENTERS = [...BOOKERS, 'placeOrder', 'cancelOrder'];
  const PROVIDERS = ['upsertOffer', 'setGpuStatus', 'setProviderStatus'];
  const OPERATORS = ['updatePricing', 'invalidateCache'];
  const inputs: Readonly<Record<string, string>> = {
    holdGpu: 'idempotencyKey: "k", gpuId: "x", period: $period',
    createBooking: 'idempotencyKey: "k", gpuId: "x", period: $period',
    cancelBooking: 'idempotencyKey: "k", bookingId: "x"',
    extendBooking: 'idempotencyKey: "k", bookingId: "x", newEnd: "2026-11-24T00:00:00Z"',
    placeOrder:
      'idempotencyKey: "k", gpuType: "x", region: "x", limitUsdPerGpuHour: "1", period: $period',
    cancelOrder: 'idempotencyKey: "k", orderId: "x"',
    upsertOffer: 'idempotencyKey: "k", gpuId: "x", mode: FIXED, baseUsdPerGpuHour: "1"',
    setGpuStatus: 'gpuId: "x", status: OFFLINE',
    setProviderStatus: 'providerId: "x", status: OFFLINE',
    updatePricing: 'gpuType: "x", region: "x", usdPerGpuHour: "1", reason: "r"',
    invalidateCache: 'namespace: HISTORICAL, reason: "r"',
  };

  test.each([
    ...[...RENTERS, ...PROVIDERS, ...OPERATORS].map((name) => [name, undefined] as const),
    ...[...RENTERS, ...OPERATORS].map((name) => [name, 'PROVIDER'] as const),
    ...[...PROVIDERS, ...OPERATORS].map((name) => [name, 'RENTER'] as const),
  ])('%s is not for %s', async (name, as) => {
    const input = inputs[name] ?? '';
    const declared = input.includes('$period') ? '($period: TimeWindowInput!)' : '';
    const query = `mutation ${declared} { ${name}(input: { ${input} }) { __typename } }`;
    const { errors } = await stranger.ask(query, { period: windowFrom(DAY_MS) }, as);
    const code = as === undefined ? 'UNAUTHENTICATED' : 'FORBIDDEN';
    expect(errors).toMatchObject([{ path: [name], extensions: { code } }]);
  });

  test("a provider's units and status are not another provider's", async () => {
    const unit = stranger.units[0] as KnownUnit;
    const other = await stranger.token('PROVIDER', 'somebody-else');
    const offer = { gpuId: unit.id, mode: 'FIXED', baseUsdPerGpuHour: '1' };
    const refusals = [
      await stranger.mutate('upsertOffer', offer, other),
      await stranger.mutate('setGpuStatus', { gpuId: unit.id, status: 'OFFLINE' }, other),
      await stranger.mutate(
        'setProviderStatus',
        { providerId: unit.provider.id, status: 'OFFLINE' },
        other,
      ),
    ];
    for (const refusal of refusals) {
      expect(refusal).toMatchObject({ __typename: 'ForbiddenError', code: 'FORBIDDEN' });
    }
  });

  test("a booking is its renter's, its provider's and the operator's", async () => {
    const unit = stranger.units[1] as KnownUnit;
    const input = { gpuId: unit.id, period: windowFrom(DAY_MS) };
    const made = await stranger.mutate('createBooking', input, 'RENTER');
    const { id } = made['booking'] as { id: string };
    const query = `query ($id: ID!, $gpuId: ID!) { booking(id: $id) { id } node(id: $id) { id }
      bookings(gpuId: $gpuId) { nodes { id } } }`;
    const seen = { booking: { id }, node: { id }, bookings: { nodes: [{ id }] } };
    const unseen = { booking: null, node: null, bookings: { nodes: [] } };
    const provider = await stranger.token('PROVIDER', unit.provider.slug);
    const other = await stranger.token('RENTER', 'somebody-else');
    const ask = async (as: Token | TokenRole): Promise<unknown> =>
      (await stranger.ask(query, { id, gpuId: unit.id }, as)).data;
    for (const as of ['RENTER', 'OPERATOR', provider] as const) expect(await ask(as)).toEqual(seen);
    expect(await ask(other)).toEqual(unseen);
  });
});
