import { describe, expect, test } from 'vitest';
import * as cells from '../../../src/cli/cells.ts';

describe('a price cell', () => {
  test.each([
    ['2.3', 2_300_000n],
    ['0.0001', 100n],
    ['7', 7_000_000n],
    ['0.30000000000004', 300_000n],
    ['1.0000005', 1_000_001n],
  ])('%s is micro-dollars, rounded half-up once', (text, micros) => {
    expect(cells.readPrice('usd', text)).toBe(micros);
  });

  test.each(['', '0', '-1', '1e3', 'free', '1,5', '1000001', '0.0000001'])(
    '%o is refused with its column and what is allowed',
    (text) => {
      expect(() => cells.readPrice('usd', text)).toThrow(/^usd ".*" is not a price above 0/);
    },
  );
});

describe('a cell', () => {
  test.each(['', '1.5', '-1', 'x', '11'])('is no whole number from 0 to 10: %o', (text) => {
    expect(() => cells.readInteger('n', text, [0, 10])).toThrow(
      /^n ".*" is not a whole number from 0 to 10$/,
    );
  });

  test('may be empty where that means unknown', () => {
    expect(cells.readOptionalInteger('n', '', [0, 10])).toBeNull();
    expect(cells.readOptionalInteger('n', '10', [0, 10])).toBe(10);
  });

  test.each(['2026-02-30', '2026-2-3', 'yesterday', '20260203'])('is no date: %s', (text) => {
    expect(() => cells.readDate('date', text)).toThrow(/is not a date/);
  });

  test('that labels something needs a letter or a digit', () => {
    expect(cells.readLabel('region', 'US')).toBe('US');
    expect(() => cells.readLabel('region', '--')).toThrow(/gives no slug/);
    expect(() => cells.readLabel('region', '')).toThrow('region is empty');
  });

  test('is one of the words, in any case', () => {
    expect(cells.readWord('type', 'SPOT', ['spot', 'on_demand'])).toBe('spot');
    expect(() => cells.readWord('type', 'lease', ['spot'])).toThrow(
      'type "lease" is not one of spot',
    );
  });

  test('is shown shortened when it is long', () => {
    expect(() => cells.readDate('date', 'x'.repeat(150))).toThrow(`"${'x'.repeat(40)}…"`);
  });
});
