import { isDebounced, type SequencedEvent } from '../../domain/cache-event.ts';
import type { EventReporter } from '../../domain/cache-reporter.ts';
import type { LogPosition } from '../../domain/log-position.ts';
import type { EventBusHandlers } from '../../events/types.ts';

/** Arrivals remembered for percentiles: minutes of a busy market. */
const SAMPLES = 2048;

interface Sample {
  readonly atMs: number;
  readonly lagMs: number;
}

/** What a node has heard of the log. */
export interface EventLedger {
  /** The same reporter, with this ledger listening. */
  reporting(reporter: EventReporter): EventReporter;
  /** The same handlers, with this ledger listening. */
  following(handlers: EventBusHandlers): EventBusHandlers;
  /** Per partition, how far the log has been heard or given up. */
  positions(): ReadonlyMap<number, LogPosition>;
  counts(): { readonly processed: number; readonly deduplicated: number; readonly gaps: number };
  /** Since the newest event arrived; null before the first. */
  lastEventAgeMs(): number | null;
  /** The given percentile (0..1) of commit-to-arrival of the newest events; null without any. */
  lagMs(percentile: number, withinMs?: number): number | null;
}

/**
 * Listens to the bus for what operators ask: counts, positions, lag. Debounced events are late by
 * design and say nothing about lag.
 */
export function createEventLedger(now: () => number = () => performance.now()): EventLedger {
  const counts = { processed: 0, deduplicated: 0, gaps: 0 };
  const positions = new Map<number, LogPosition>();
  const samples: Sample[] = [];
  let next = 0;
  let lastAtMs: number | null = null;

  function sample(lagMs: number): void {
    samples[next] = { atMs: now(), lagMs: Math.max(0, lagMs) };
    next = (next + 1) % SAMPLES;
  }

  function reached(partition: number, position: LogPosition): void {
    const known = positions.get(partition);
    if (known?.base === position.base && known.sequence >= position.sequence) return;
    positions.set(partition, { base: position.base, sequence: position.sequence });
  }

  return {
    reporting: (reporter) => ({
      ...reporter,
      heard: (type, lagMs, arrival) => {
        if (arrival === 'duplicate') counts.deduplicated += 1;
        else counts.processed += 1;
        lastAtMs = now();
        if (arrival === 'applied' && !isDebounced({ type })) sample(lagMs);
        reporter.heard(type, lagMs, arrival);
      },
      gap: (partition) => {
        counts.gaps += 1;
        reporter.gap(partition);
      },
    }),
    following: (handlers) => ({
      ...handlers,
      onEvent: (event: SequencedEvent) => {
        handlers.onEvent(event);
        reached(event.partition, event);
      },
      onCaughtUp: (partition, position, sentAtMs) => {
        handlers.onCaughtUp(partition, position, sentAtMs);
        reached(partition, position);
      },
      onLost: (partition, position) => {
        handlers.onLost(partition, position);
        positions.set(partition, position);
      },
    }),
    positions: () => positions,
    counts: () => counts,
    lastEventAgeMs: () => (lastAtMs === null ? null : Math.round(now() - lastAtMs)),
    lagMs: (percentile, withinMs = Infinity) => {
      const since = now() - withinMs;
      const lags = samples.filter(({ atMs }) => atMs >= since).map(({ lagMs }) => lagMs);
      const sorted = lags.toSorted((a, b) => a - b);
      return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * percentile))] ?? null;
    },
  };
}
