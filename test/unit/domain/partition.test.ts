import { describe, expect, test } from 'vitest';
import { crc16, GLOBAL_REGION, PARTITIONS, partitionOf } from '../../../src/domain/partition.ts';

describe('CRC-16/XMODEM', () => {
  test.each([
    ['123456789', 0x31c3],
    ['', 0],
    ['A', 0x58e5],
    ['foo', 44_950],
  ])('of %j is the known value', (text, checksum) => {
    expect(crc16(text)).toBe(checksum);
  });
});

test('every region has one of the partitions, always the same', () => {
  const regions = Array.from({ length: 200 }, (_, index) => `region-${index}`);
  const partitions = regions.map(partitionOf);
  expect(partitions.every((partition) => partition >= 0 && partition < PARTITIONS)).toBe(true);
  expect(new Set(partitions).size).toBe(PARTITIONS);
  expect(regions.map(partitionOf)).toEqual(partitions);
  expect(partitionOf(GLOBAL_REGION)).toBe(crc16('*') % PARTITIONS);
});
