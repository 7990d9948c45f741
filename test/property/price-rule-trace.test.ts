import { describe, expect, test } from 'vitest';
import { readRows } from '../../bench/support/data.ts';
import { PRICE_CADENCE_MS, priceStep, targetRate } from '../../src/domain/price-rule.ts';
import { DAY_MS, SECOND_MS } from '../../src/domain/time.ts';

const FILE = 'alibaba2023_bookings.csv.gz';
const rows = readRows(FILE);
/** The trace's jobs are a sample of one in fifty, so the fleet is: 6,212 cards / 50. */
const FLEET_GPUS = 124;
/** The month in which the cluster fills up. */
const DAYS = 31;
const FROM = 89 * DAY_MS;
const UNTIL = FROM + DAYS * DAY_MS;
const TERMS = { baseMicros: 2_000_000n, floorMicros: 1_000_000n, capMicros: 6_000_000n };

interface Job {
  readonly gpus: number;
  readonly start: number;
  readonly end: number;
}

function jobsOf(trace: readonly Record<string, string>[]): Job[] {
  return trace
    .filter((row) => row['start_s'] !== '' && row['end_s'] !== '')
    .map((row) => ({
      gpus: Number(row['gpu_count']) * Math.ceil(Number(row['gpu_milli']) / 1000),
      start: Number(row['start_s']) * SECOND_MS,
      end: Number(row['end_s']) * SECOND_MS,
    }));
}

/** The rule over the whole month, one look per cadence. */
function simulate(jobs: readonly Job[]) {
  let rateMicros = TERMS.baseMicros;
  let smoothed: number | null = null;
  const looks: { before: bigint; after: bigint; target: bigint; isPublished: boolean }[] = [];
  for (let at = FROM; at < UNTIL; at += PRICE_CADENCE_MS) {
    const running = jobs.filter((job) => job.start <= at && at < job.end);
    const used = running.reduce((sum, job) => sum + job.gpus, 0);
    const utilisation = Math.min(1, used / FLEET_GPUS);
    const step = priceStep({ ...TERMS, rateMicros, utilisation, smoothed });
    const isPublished = step.rateMicros !== null;
    const after = step.rateMicros ?? rateMicros;
    const target = targetRate({ ...TERMS, rateMicros }, step.smoothed);
    looks.push({ before: rateMicros, after, target, isPublished });
    [rateMicros, smoothed] = [after, step.smoothed];
  }
  return looks;
}

/** How often utilisation itself changed: what a rule without smoothing and threshold would tell. */
function rawChanges(jobs: readonly Job[]): number {
  const changes = jobs.flatMap((job) => [job.start, job.end]);
  return new Set(changes.filter((at) => at >= FROM && at < UNTIL)).size;
}

describe.skipIf(rows === null)(
  `the price rule on a month of a real cluster (needs ${FILE})`,
  () => {
    const jobs = jobsOf(rows ?? []);
    const looks = simulate(jobs);

    test('moves towards its target, within the step and the clamps', () => {
      for (const { before, after, target } of looks) {
        expect(after).toBeGreaterThanOrEqual(TERMS.floorMicros);
        expect(after).toBeLessThanOrEqual(TERMS.capMicros);
        const moved = after > before ? after - before : before - after;
        expect(moved * 10n).toBeLessThanOrEqual(before);
        if (moved > 0n) expect(after > before).toBe(target > before);
      }
    });

    test('tells a small part of what changes', () => {
      const published = looks.filter((look) => look.isPublished).length;
      const raw = rawChanges(jobs);
      process.stdout.write(`price rule, ${DAYS} days: ${published} of ${raw} raw changes told\n`);
      expect(published).toBeGreaterThan(0);
      expect(published / raw).toBeLessThan(0.04);
    });
  },
);
