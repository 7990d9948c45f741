import { describe, expect, test } from 'vitest';
import type { Unit } from '../../../src/domain/gpu.ts';
import { HOUR_MS } from '../../../src/domain/time.ts';
import {
  decodeUnitCursor,
  encodeUnitCursor,
  GPU_ORDER_FIELDS,
  sortValue,
  unitComparator,
  unitMatcher,
  type GpuOrder,
  type UnitFilter,
} from '../../../src/graphql/gpu-query.ts';
import { NOON, offer, unit } from './world.ts';

const vramOf = (gpuType: string): number => (gpuType === 'a100' ? 80 : 24);
const passes = (filter: UnitFilter, candidate: Unit): boolean =>
  unitMatcher(filter, vramOf)(candidate);

describe('a filter', () => {
  const card = unit('east/a100/0001', {
    gpuCount: 4,
    reliability: 0.95,
    offer: offer('east/a100/0001', 2_000_000n),
    busy: [{ start: NOON, end: NOON + HOUR_MS }],
  });

  test('without parts lets everything pass', () => {
    expect(passes({}, card)).toBe(true);
  });

  test.each<[string, UnitFilter, UnitFilter]>([
    ['status', { status: ['AVAILABLE'] }, { status: ['BOOKED', 'HELD'] }],
    ['an empty list', { status: null }, { status: [] }],
    ['trust tier', { trustTier: ['VERIFIED'] }, { trustTier: ['DATACENTER'] }],
    ['memory', { vramGb: { gte: 80, lte: 80 } }, { vramGb: { gte: 81 } }],
    ['cards', { gpuCount: { lte: 4 } }, { gpuCount: { lte: 3 } }],
    ['price', { usdPerGpuHour: { lte: 2_000_000n } }, { usdPerGpuHour: { lte: 1_999_999n } }],
    ['reliability', { minReliability: 0.95 }, { minReliability: 0.96 }],
    ['provider', { providers: new Set(['acme']) }, { providers: new Set([null, 'zeta']) }],
    ['owner', { owner: 'acme' }, { owner: 'zeta' }],
    [
      'a free window',
      { freeDuring: { start: NOON + HOUR_MS, end: NOON + 2 * HOUR_MS } },
      { freeDuring: { start: NOON - HOUR_MS, end: NOON + 1 } },
    ],
  ])('by %s keeps what fits and drops what does not', (_what, fits, misses) => {
    expect(passes(fits, card)).toBe(true);
    expect(passes(misses, card)).toBe(false);
  });

  test('by price drops a unit that nobody offers', () => {
    const unoffered = unit('east/a100/0001', { offer: null });
    expect(passes({ usdPerGpuHour: { gte: 0n } }, unoffered)).toBe(false);
  });

  test('by reliability drops a unit that nobody measured', () => {
    expect(passes({ minReliability: 0 }, unit('east/a100/0001', { reliability: null }))).toBe(
      false,
    );
  });

  test.each(['OFFLINE', 'MAINTENANCE'] as const)('never calls an %s unit free', (status) => {
    const freeDuring = { start: NOON, end: NOON + HOUR_MS };
    expect(passes({ freeDuring }, unit('east/a100/0001', { status }))).toBe(false);
  });
});

describe('the order', () => {
  const units = [
    unit('east/a100/0001', { offer: null }),
    unit('east/a100/0002', { offer: offer('east/a100/0002', 3_000_000n) }),
    unit('east/a100/0003', { offer: offer('east/a100/0003', 1_000_000n) }),
    unit('east/a100/0004', { offer: offer('east/a100/0004', 1_000_000n) }),
    unit('east/a100/0005', { offer: null }),
  ];

  function sorted(order: GpuOrder): (string | undefined)[] {
    return units
      .map((entry) => ({ id: entry.id, value: sortValue(entry, order.field, vramOf) }))
      .toSorted(unitComparator(order))
      .map(({ id }) => id.split('/').at(-1));
  }

  test('by price puts units without an offer last in both directions, equals by id', () => {
    const field = 'USD_PER_GPU_HOUR';
    expect(sorted({ field, direction: 'ASC' })).toEqual(['0003', '0004', '0002', '0001', '0005']);
    expect(sorted({ field, direction: 'DESC' })).toEqual(['0002', '0003', '0004', '0001', '0005']);
  });

  test.each(GPU_ORDER_FIELDS)('by %s has a cursor that leads back to its place', (field) => {
    const order: GpuOrder = { field, direction: 'DESC' };
    for (const { id, ...rest } of units) {
      const place = { id, value: sortValue({ id, ...rest }, field, vramOf) };
      expect(decodeUnitCursor(order, encodeUnitCursor(order, place))).toEqual(place);
    }
  });

  test('knows no cursor of another order', () => {
    const cheapest: GpuOrder = { field: 'USD_PER_GPU_HOUR', direction: 'ASC' };
    const cursor = encodeUnitCursor(cheapest, { id: 'east/a100/0001', value: 1 });
    expect(decodeUnitCursor({ ...cheapest, direction: 'DESC' }, cursor)).toBeNull();
    expect(decodeUnitCursor({ ...cheapest, field: 'VRAM_GB' }, cursor)).toBeNull();
  });

  test.each([
    ['garbage', 'zzz'],
    ['a number', Buffer.from('1').toString('base64url')],
    ['an offset', Buffer.from('["gpus VRAM_GB ASC","20"]').toString('base64url')],
    ['no unit', Buffer.from('["gpus VRAM_GB ASC","20","x"]').toString('base64url')],
    ['no value', Buffer.from('["gpus VRAM_GB ASC","x","east/a100/0001"]').toString('base64url')],
    ['a very long text', 'A'.repeat(10_000)],
  ])('knows no cursor that is %s', (_what, cursor) => {
    expect(decodeUnitCursor({ field: 'VRAM_GB', direction: 'ASC' }, cursor)).toBeNull();
  });
});
