import { describe, expect, test } from 'vitest';
import type { PriceRow } from '../../../src/cli/import/price-rows.ts';
import { dailyPrices } from '../../../src/cli/replay/daily-prices.ts';
import { findOverlaps, type LiveBooking } from '../../../src/cli/replay/live-bookings.ts';
import { runPaced } from '../../../src/cli/replay/paced.ts';
import { percentile, Tally } from '../../../src/cli/replay/tally.ts';
import { DAY_MS } from '../../../src/domain/time.ts';

describe('a tally', () => {
  test('reports refusals by code, the most frequent first', () => {
    const tally = new Tally();
    tally.succeed();
    for (const code of ['B', 'A', 'A']) tally.refuse(code);
    expect(tally.report('job')).toEqual(['sent 4 jobs: 1 succeeded, 3 refused (A 2, B 1)']);
  });

  test('remembers the latency of a call that failed', async () => {
    const tally = new Tally();
    await expect(tally.time(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(tally.report('job')[1]).toMatch(/^latency of 1 call: p50 /);
  });

  test('has percentiles by nearest rank', () => {
    const sorted = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    expect([50, 90, 99, 100].map((percent) => percentile(sorted, percent))).toEqual([5, 9, 10, 10]);
    expect(percentile([7], 50)).toBe(7);
  });
});

describe('a paced run', () => {
  test('starts in order and keeps to its concurrency', async () => {
    const started: number[] = [];
    let underWay = 0;
    let most = 0;
    const items = [0, 1, 2, 3, 4, 5, 6];
    await runPaced(items, { dueMs: () => 0, speed: 0, concurrency: 3 }, async (item) => {
      started.push(item);
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise((resolve) => setImmediate(resolve));
      underWay -= 1;
    });
    expect(started).toEqual(items);
    expect(most).toBe(3);
  });

  test('sends nothing before it is due', async () => {
    const startedAt = performance.now();
    const sentAt: number[] = [];
    const pace = { dueMs: (item: number) => item, speed: 10, concurrency: 1 };
    await runPaced([0, 400], pace, async () => {
      sentAt.push(performance.now() - startedAt);
    });
    expect(sentAt[1]).toBeGreaterThanOrEqual(39);
  });

  test('ends with the first failure', async () => {
    const pace = { dueMs: () => 0, speed: 0, concurrency: 1 };
    const sent: number[] = [];
    const run = runPaced([1, 2, 3], pace, async (item) => {
      sent.push(item);
      if (item === 2) throw new Error('stop');
    });
    await expect(run).rejects.toThrow('stop');
    expect(sent).toEqual([1, 2]);
  });
});

function booking(id: string, gpuId: string, start: number, end: number): LiveBooking {
  return { id, gpuId, period: { start, end } };
}

describe('the check for overlaps', () => {
  test('finds none where ends touch or units differ', () => {
    const bookings = [booking('a', 'x', 0, 5), booking('b', 'x', 5, 9), booking('c', 'y', 0, 9)];
    expect(findOverlaps(bookings)).toEqual([]);
  });

  test('finds one inside another and one that begins before a long one has ended', () => {
    const bookings = [booking('c', 'x', 6, 7), booking('a', 'x', 0, 9), booking('b', 'x', 1, 2)];
    expect(findOverlaps(bookings).map(([a, b]) => a.id + b.id)).toEqual(['ab', 'ac']);
  });
});

function row(date: string, medianMicros: bigint, region = 'US'): PriceRow {
  return {
    date,
    provider: 'vast.ai',
    model: 'H200',
    gpuCount: 8,
    region,
    rentalType: 'spot',
    medianMicros,
    offers: 1,
  };
}

describe('daily prices', () => {
  test("are the lower median of a pair's rows of the day, in the order of days", () => {
    const prices = dailyPrices([
      row('2026-07-03', 9n),
      row('2026-07-01', 5n),
      row('2026-07-01', 3n, 'us'),
    ]);
    expect(prices.map((price) => [price.date, price.rateMicros, price.dueMs])).toEqual([
      ['2026-07-01', 3n, 0],
      ['2026-07-03', 9n, 2 * DAY_MS],
    ]);
  });
});
