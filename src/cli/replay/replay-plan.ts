import { DAY_MS, HORIZON_MS, HOUR_MS } from '../../domain/time.ts';
import type { TraceJob } from './trace-jobs.ts';

/** A booking may end 90 days from now; the next full hour, where A will lie, is up to one hour away. */
const WINDOW_MS = HORIZON_MS - HOUR_MS;
const MAX_DURATION_MS = 30 * DAY_MS;

export type SkipReason = 'never scheduled' | 'before A' | 'beyond the horizon' | 'over 30 days';

export interface ReplayPlan {
  /** The instant of the trace that becomes the next full hour. */
  readonly originMs: number;
  /** How many jobs lie wholly between A and the horizon. */
  readonly inWindow: number;
  /** What is sent, in the order of creation. */
  readonly jobs: readonly ScheduledJob[];
  readonly skipped: ReadonlyMap<SkipReason, number>;
}

export type ScheduledJob = TraceJob & { readonly period: NonNullable<TraceJob['period']> };

/** Chooses A so that most jobs fit between it and the horizon, and sorts out what does not. */
export function planReplay(jobs: readonly TraceJob[]): ReplayPlan {
  const scheduled = jobs.filter((job): job is ScheduledJob => job.period !== null);
  const { originMs, inWindow } = bestOrigin(scheduled.map((job) => job.period));
  const skipped = new Map<SkipReason, number>();
  const sent = jobs.filter((job): job is ScheduledJob => {
    const reason = skipReason(job, originMs);
    if (reason !== null) skipped.set(reason, (skipped.get(reason) ?? 0) + 1);
    return reason === null;
  });
  return { originMs, inWindow, jobs: sent.toSorted((a, b) => a.createdMs - b.createdMs), skipped };
}

function skipReason({ period }: TraceJob, originMs: number): SkipReason | null {
  if (period === null) return 'never scheduled';
  if (period.startMs < originMs) return 'before A';
  if (period.endMs > originMs + WINDOW_MS) return 'beyond the horizon';
  return period.endMs - period.startMs > MAX_DURATION_MS ? 'over 30 days' : null;
}

/**
 * The earliest origin of a window that holds most periods whole. Moving the window forward wins a
 * period only where its end comes in, so only those origins are tried. A sweep: a period counts from
 * `end - window` to `start`.
 */
function bestOrigin(periods: readonly ScheduledJob['period'][]): {
  originMs: number;
  inWindow: number;
} {
  const short = periods.filter(({ startMs, endMs }) => endMs - startMs <= WINDOW_MS);
  const enters = short.map(({ endMs }) => Math.max(0, endMs - WINDOW_MS)).toSorted((a, b) => a - b);
  const leaves = short.map(({ startMs }) => startMs).toSorted((a, b) => a - b);
  let best = { originMs: 0, inWindow: 0 };
  let left = 0;
  for (const [index, originMs] of enters.entries()) {
    while ((leaves[left] ?? Number.POSITIVE_INFINITY) < originMs) left += 1;
    const inWindow = index + 1 - left;
    if (inWindow > best.inWindow) best = { originMs, inWindow };
  }
  return best;
}
