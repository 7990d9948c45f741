import { describe, expect, test } from 'vitest';
import type { ProviderStatus } from '../../../src/domain/catalog.ts';
import {
  currentStatus,
  isBookable,
  isFree,
  pairOfUnit,
  unitId,
  type DeclaredStatus,
  type GpuStatus,
} from '../../../src/domain/gpu.ts';
import { unit } from '../../support/domain.ts';

describe('a unit’s id', () => {
  test('names region, type and number, and can be read back', () => {
    const pair = { gpuType: 'h100-sxm', region: 'us-east-1' };
    expect(unitId(pair, 42)).toBe('us-east-1/h100-sxm/0042');
    expect(unitId(pair, 123_456)).toBe('us-east-1/h100-sxm/123456');
    expect(pairOfUnit(unitId(pair, 42))).toEqual(pair);
  });

  test.each([
    '',
    'us-east-1/h100-sxm',
    'us-east-1/h100-sxm/42',
    'us-east-1/h100-sxm/00x2',
    'us-east-1/h100-sxm/0042/1',
    'US/h100/0042',
    '/h100/0042',
    'us/h100/1234567890',
    'us/h100/0042\n',
  ])('is not %j', (text) => {
    expect(pairOfUnit(text)).toBeNull();
  });
});

describe('a unit’s status', () => {
  const rows: [DeclaredStatus, ProviderStatus, 'HELD' | 'BOOKED' | null, GpuStatus][] = [
    ['AVAILABLE', 'ONLINE', null, 'AVAILABLE'],
    ['AVAILABLE', 'ONLINE', 'HELD', 'HELD'],
    ['AVAILABLE', 'ONLINE', 'BOOKED', 'BOOKED'],
    ['AVAILABLE', 'DEGRADED', 'BOOKED', 'BOOKED'],
    ['AVAILABLE', 'OFFLINE', 'BOOKED', 'OFFLINE'],
    ['AVAILABLE', 'SUSPENDED', null, 'OFFLINE'],
    ['MAINTENANCE', 'ONLINE', 'BOOKED', 'MAINTENANCE'],
    ['MAINTENANCE', 'OFFLINE', null, 'OFFLINE'],
    ['OFFLINE', 'ONLINE', 'HELD', 'OFFLINE'],
  ];

  test.each(rows)('declared %s, provider %s, %s now: %s', (declared, provider, now, expected) => {
    expect(currentStatus(declared, provider, now)).toBe(expected);
  });
});

describe('a unit', () => {
  test.each(['AVAILABLE', 'HELD', 'BOOKED'] as const)('that is %s may be booked', (status) => {
    expect(isBookable(unit({ status }))).toBe(true);
  });

  test.each(['OFFLINE', 'MAINTENANCE'] as const)('that is %s may not', (status) => {
    expect(isBookable(unit({ status }))).toBe(false);
  });

  test('whose offer is paused, or that has none, may not', () => {
    const { offer } = unit();
    expect(isBookable(unit({ offer: offer && { ...offer, status: 'PAUSED' } }))).toBe(false);
    expect(isBookable(unit({ offer: null }))).toBe(false);
  });

  test('is free where no booking touches the period', () => {
    const taken = unit({ busy: [{ start: 100, end: 200 }] });
    expect(isFree(taken, { start: 0, end: 100 })).toBe(true);
    expect(isFree(taken, { start: 200, end: 300 })).toBe(true);
    expect(isFree(taken, { start: 199, end: 201 })).toBe(false);
  });
});
