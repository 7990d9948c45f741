import type { ExecutionResult } from 'graphql';
import { describe, expect, test } from 'vitest';
import { providerKey } from '../../../src/domain/cache-key.ts';
import { availabilityToJson, pricingToJson } from '../../../src/domain/event-data.ts';
import { GLOBAL_REGION } from '../../../src/domain/partition.ts';
import { DAY_MS } from '../../../src/domain/time.ts';
import { encodeCursor } from '../../../src/live/cursor.ts';
import { clientError } from '../../../src/graphql/errors.ts';
import { encodeGlobalId } from '../../../src/graphql/global-id.ts';
import { open, publish, stream, UNIT } from './streaming.ts';
import { contextOf, createWorld, NOON, unit, viewer, type World } from './world.ts';

function withUnit(parts: Partial<World> = {}): World {
  return createWorld({ units: [unit(UNIT)], ...parts });
}

describe('availabilityChanged', () => {
  test('starts, then pushes the unit as of its version and the newest windows and counts', async () => {
    const world = withUnit();
    const context = contextOf(world);
    const { next } = await stream(
      context,
      `subscription { availabilityChanged {
        __typename
        ... on StreamStart { resumed }
        ... on AvailabilityChange {
          gpu { name version offer { usdPerGpuHour } freeWindows(from: "2026-06-01T12:00:00Z", to: "2026-06-02T12:00:00Z") { end } }
          previousStatus status reason summary { total }
        }
      } }`,
    );
    expect(await next()).toEqual({
      availabilityChanged: { __typename: 'StreamStart', resumed: false },
    });
    const { busy: _busy, ...pushed } = unit(UNIT, { status: 'BOOKED', version: 2 });
    const data = availabilityToJson({
      unit: pushed,
      previousStatus: 'AVAILABLE',
      reason: 'BOOKED',
    });
    world.units = [
      unit(UNIT, { version: 3, busy: [{ start: NOON + 60_000, end: NOON + 2 * DAY_MS }] }),
    ];
    publish(context, { data });
    expect(await next()).toEqual({
      availabilityChanged: {
        __typename: 'AvailabilityChange',
        gpu: {
          name: UNIT,
          version: 2,
          offer: { usdPerGpuHour: '1.00' },
          freeWindows: [{ end: '2026-06-01T12:01:00.000Z' }],
        },
        previousStatus: 'AVAILABLE',
        status: 'BOOKED',
        reason: 'BOOKED',
        summary: { total: 1 },
      },
    });
  });

  test('reads anew at every event', async () => {
    const world = withUnit();
    const context = contextOf(world);
    const { next } = await stream(
      context,
      'subscription { availabilityChanged { ... on AvailabilityChange { summary { total } } } }',
    );
    const { busy: _busy, ...pushed } = unit(UNIT);
    const data = availabilityToJson({ unit: pushed, previousStatus: 'AVAILABLE', reason: 'HELD' });
    await next();
    publish(context, { data });
    expect(await next()).toEqual({ availabilityChanged: { summary: { total: 1 } } });
    world.units = [unit(UNIT), unit('east/a100/0002')];
    publish(context, { data });
    expect(await next()).toEqual({ availabilityChanged: { summary: { total: 2 } } });
  });
});

describe('priceTicker', () => {
  const data = pricingToJson({
    gpuType: 'a100',
    region: 'east',
    rateMicros: 2_000_000n,
    previousMicros: null,
  });

  test('pushes a new price with its market', async () => {
    const context = contextOf(withUnit());
    const { next } = await stream(
      context,
      'subscription { priceTicker(minIntervalMs: 100) { __typename ... on PriceTick { gpuType { slug } region { code } usdPerGpuHour previousUsdPerGpuHour bestAsk bestBid utilisation } } }',
    );
    await next();
    publish(context, { type: 'PRICING_UPDATED', resourceId: 'a100@east', data });
    expect(await next()).toEqual({
      priceTicker: {
        __typename: 'PriceTick',
        gpuType: { slug: 'a100' },
        region: { code: 'east' },
        usdPerGpuHour: '2.00',
        previousUsdPerGpuHour: null,
        bestAsk: '1.40',
        bestBid: null,
        utilisation: 0,
      },
    });
  });

  test.each([99, 60_001, -1])('refuses an interval of %i ms', async (minIntervalMs) => {
    const source = `subscription { priceTicker(minIntervalMs: ${minIntervalMs}) { __typename } }`;
    const { errors } = (await open(contextOf(withUnit()), source)) as ExecutionResult;
    expect(errors?.[0]?.message).toBe('`minIntervalMs` must be from 100 to 60000.');
    expect(errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
  });
});

describe('providerStatusChanged', () => {
  test('tells the current state of each asked provider first, then changes', async () => {
    const world = withUnit();
    const context = contextOf(world);
    const list = JSON.stringify([encodeGlobalId('Provider', 'zeta'), 'garbage']);
    const { next } = await stream(
      context,
      `subscription { providerStatusChanged(providerIds: ${list}) { slug status } }`,
    );
    expect(await next()).toEqual({ providerStatusChanged: { slug: 'zeta', status: 'ONLINE' } });
    const change = { type: 'PROVIDER_STATUS_CHANGED', region: GLOBAL_REGION } as const;
    publish(context, { ...change, resourceId: 'acme', keys: [providerKey('acme')] });
    publish(context, { ...change, resourceId: 'zeta', keys: [providerKey('zeta')] });
    expect(await next()).toEqual({ providerStatusChanged: { slug: 'zeta', status: 'ONLINE' } });
  });
});

describe('cacheInvalidated', () => {
  test('names public objects and keys', async () => {
    const context = contextOf(withUnit());
    const { next } = await stream(
      context,
      'subscription { cacheInvalidated { __typename ... on Invalidation { eventType namespaces nodeIds keys } } }',
    );
    await next();
    publish(context, {});
    expect(await next()).toEqual({
      cacheInvalidated: {
        __typename: 'Invalidation',
        eventType: 'GPU_AVAILABILITY_CHANGED',
        namespaces: ['GPU_AVAILABILITY'],
        nodeIds: [encodeGlobalId('Gpu', UNIT), encodeGlobalId('Offer', UNIT)],
        keys: [`gpu_avail:gpu:${UNIT}`],
      },
    });
  });
});

describe('private streams', () => {
  const cursor = encodeCursor(new Map());

  test.each([
    ['bookingChanged { change }', null, 'UNAUTHENTICATED'],
    ['bookingChanged { change }', viewer('PROVIDER'), 'FORBIDDEN'],
    ['cacheEvents { eventId }', viewer('RENTER'), 'FORBIDDEN'],
    ['orderChanged { id }', null, 'UNAUTHENTICATED'],
    ['orderChanged { id }', viewer('PROVIDER'), 'FORBIDDEN'],
    [`bookingChanged(after: "${cursor}") { change }`, viewer('RENTER'), 'CURSOR_EXPIRED'],
    [`cacheEvents(after: "${cursor}") { eventId }`, viewer('OPERATOR'), 'CURSOR_EXPIRED'],
  ])('%s refuses %o with %s', async (field, who, code) => {
    const context = contextOf(withUnit({ viewer: who }));
    const { errors } = (await open(context, `subscription { ${field} }`)) as ExecutionResult;
    expect(clientError(errors?.[0])?.extensions['code']).toBe(code);
  });

  test('cacheEvents tells the operator everything', async () => {
    const context = contextOf(withUnit({ viewer: viewer('OPERATOR') }));
    const { next } = await stream(
      context,
      'subscription { cacheEvents { eventType resourceId data } }',
    );
    publish(context, { data: { note: 'x' } });
    expect(await next()).toEqual({
      cacheEvents: {
        eventType: 'GPU_AVAILABILITY_CHANGED',
        resourceId: UNIT,
        data: { note: 'x' },
      },
    });
  });
});
