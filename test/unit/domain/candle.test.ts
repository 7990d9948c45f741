import { describe, expect, test } from 'vitest';
import {
  candleEnd,
  candleParts,
  candleStart,
  fillGaps,
  oldestKept,
  type Candle,
  type Tick,
} from '../../../src/domain/candle.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/domain/time.ts';

const NOON = Date.UTC(2026, 6, 1, 12);

function price(rateMicros: bigint, at: number): Tick {
  return { rateMicros, at, gpuMs: 0n, trades: 0 };
}

function candle(openTime: number, rate: bigint): Candle {
  const rates = { openMicros: rate, highMicros: rate, lowMicros: rate, closeMicros: rate };
  return { interval: 'H1', openTime, ...rates, gpuMs: 5n, trades: 1 };
}

describe('a candle', () => {
  test('is aligned to the epoch and half-open', () => {
    expect(candleStart('H4', NOON + 1)).toBe(NOON);
    expect(candleStart('H4', NOON - 1)).toBe(NOON - 4 * HOUR_MS);
    expect(candleEnd({ interval: 'M15', openTime: NOON })).toBe(NOON + 15 * MINUTE_MS);
  });

  test('takes its ticks in the order of their instants, and of equal ones as they come', () => {
    const fill: Tick = { rateMicros: 5n, at: NOON + 2, gpuMs: 40n, trades: 1 };
    const ticks = [
      price(9n, NOON + 5),
      price(3n, NOON),
      price(4n, NOON),
      fill,
      price(7n, NOON + 5),
    ];
    expect(candleParts('H1', ticks)).toEqual([
      {
        interval: 'H1',
        openTime: NOON,
        openMicros: 3n,
        highMicros: 9n,
        lowMicros: 3n,
        closeMicros: 7n,
        gpuMs: 40n,
        trades: 1,
        firstAt: NOON,
        lastAt: NOON + 5,
      },
    ]);
  });

  test('ends where the next one begins', () => {
    const parts = candleParts('M1', [price(1n, NOON + MINUTE_MS), price(2n, NOON + MINUTE_MS - 1)]);
    expect(parts.map((part) => [part.openTime, part.closeMicros])).toEqual([
      [NOON, 2n],
      [NOON + MINUTE_MS, 1n],
    ]);
  });
});

describe('a row without gaps', () => {
  const range = { start: NOON, end: NOON + 4 * HOUR_MS };

  test('repeats the last close without volume', () => {
    const row = { closeBefore: 6n, candles: [candle(NOON + HOUR_MS, 8n)] };
    const filled = fillGaps('H1', range, row);
    expect(filled.map((one) => [one.openTime, one.openMicros, one.gpuMs, one.trades])).toEqual([
      [NOON, 6n, 0n, 0],
      [NOON + HOUR_MS, 8n, 5n, 1],
      [NOON + 2 * HOUR_MS, 8n, 0n, 0],
      [NOON + 3 * HOUR_MS, 8n, 0n, 0],
    ]);
  });

  test('begins with the first price', () => {
    const row = { closeBefore: null, candles: [candle(NOON + 2 * HOUR_MS, 8n)] };
    expect(fillGaps('H1', range, row).map((one) => one.openTime)).toEqual([
      NOON + 2 * HOUR_MS,
      NOON + 3 * HOUR_MS,
    ]);
    expect(fillGaps('H1', range, { closeBefore: null, candles: [] })).toEqual([]);
  });
});

test('fine candles are kept for a while and coarse ones for ever', () => {
  const now = NOON + 30_000;
  expect(oldestKept('M1', now)).toBe(NOON - 30 * DAY_MS + MINUTE_MS);
  expect(oldestKept('D1', now)).toBe(-Infinity);
});
