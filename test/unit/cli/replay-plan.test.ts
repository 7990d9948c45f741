import { describe, expect, test } from 'vitest';
import { planReplay } from '../../../src/cli/replay/replay-plan.ts';
import { readJob, type TraceJob } from '../../../src/cli/replay/trace-jobs.ts';
import { DAY_MS, HOUR_MS } from '../../../src/domain/time.ts';

function job(id: string, startDay: number, endDay: number): TraceJob {
  const period = { startMs: startDay * DAY_MS, endMs: endDay * DAY_MS };
  return { id, gpuCount: 1, gpuTypes: [], createdMs: period.startMs, period };
}

const CELLS = {
  booking_id: 'job-1',
  gpu_count: '1',
  gpu_milli: '460',
  gpu_spec: 'V100M16|V100M32|V100M32',
  created_s: '61',
  start_s: '61',
  end_s: '119',
};

describe('a job of a trace', () => {
  test('takes a whole card for a fraction and lists its models once', () => {
    expect(readJob(CELLS)).toMatchObject({ gpuCount: 1, gpuTypes: ['v100m16', 'v100m32'] });
  });

  test('is rounded out to minutes', () => {
    expect(readJob(CELLS).period).toEqual({ startMs: 60_000, endMs: 120_000 });
  });

  test('that has no start was never scheduled', () => {
    expect(readJob({ ...CELLS, start_s: '' }).period).toBeNull();
  });

  test('that ends before it starts is a bad row', () => {
    expect(() => readJob({ ...CELLS, end_s: '61' })).toThrow('end_s is not after start_s');
  });
});

describe('the plan of a replay', () => {
  test('begins where most jobs are wholly inside the window, at the earliest', () => {
    const plan = planReplay([
      job('old', 0, 1),
      job('a', 60, 62),
      job('b', 90, 95),
      job('c', 100, 149),
    ]);
    expect(plan.originMs).toBe(149 * DAY_MS - 90 * DAY_MS + HOUR_MS);
    expect(plan.inWindow).toBe(3);
    expect(plan.skipped.get('before A')).toBe(1);
  });

  test('begins with the trace when everything fits', () => {
    expect(planReplay([job('a', 1, 2), job('b', 80, 85)]).originMs).toBe(0);
  });

  test('keeps every end within 90 days of any minute of the hour before', () => {
    const plan = planReplay([job('a', 0, 89.99), job('b', 0, 1), job('c', 1, 2)]);
    expect(plan.skipped.get('beyond the horizon')).toBe(1);
  });

  test('leaves out what no offer is long enough for, after choosing where to begin', () => {
    const plan = planReplay([job('long', 0, 31), job('short', 1, 2)]);
    expect(plan.inWindow).toBe(2);
    expect(plan.skipped.get('over 30 days')).toBe(1);
    expect(plan.jobs.map(({ id }) => id)).toEqual(['short']);
  });

  test('sends in the order of creation and counts what never ran', () => {
    const plan = planReplay([job('b', 5, 6), job('a', 1, 2), { ...job('x', 0, 1), period: null }]);
    expect(plan.jobs.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(plan.skipped.get('never scheduled')).toBe(1);
  });
});
