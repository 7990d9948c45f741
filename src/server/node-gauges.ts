import { NAMESPACE_POLICIES, type CacheNamespace } from '../domain/cache-namespace.ts';
import { inTime } from './in-time.ts';
import type { Metrics } from './metrics.ts';

/** What a node can tell of itself when `/metrics` is read. */
export interface NodeReadings {
  readonly outboxPending: () => Promise<number>;
  /** Events that this node committed and has not heard back yet. */
  readonly eventQueueSize: () => number;
  readonly busUp: () => boolean;
  /** Null on a single node. */
  readonly redisUp: (() => boolean) | null;
  readonly l1: () => readonly (readonly [CacheNamespace, { entries: number; bytes: number }])[];
}

/** A database that is away must not take `/metrics` with it: what is not known is NaN. */
const READ_TIMEOUT_MS = 1_000;

/** Registers what is measured by looking rather than by counting. */
export function gaugeNode(metrics: Metrics, readings: NodeReadings): void {
  const { outboxPending, eventQueueSize, busUp, redisUp, l1 } = readings;
  metrics.gauge('outbox_pending', 'Events in the outbox that are not published yet.', () =>
    inTime(outboxPending(), READ_TIMEOUT_MS, Number.NaN),
  );
  metrics.gauge('event_queue_size', 'Committed here and not heard back yet.', eventQueueSize);
  metrics.gauge('bus_up', 'Whether events are heard.', () => Number(busUp()));
  if (redisUp) metrics.gauge('redis_up', 'Whether Redis is connected.', () => Number(redisUp()));
  const perNamespace = (part: 'entries' | 'bytes') => (): [string, number][] =>
    l1().map(([name, held]) => [NAMESPACE_POLICIES[name].wireName, held[part]]);
  metrics.namespaceGauge('cache_l1_entries', 'Values in memory.', perNamespace('entries'));
  metrics.namespaceGauge('cache_l1_bytes', 'Their encoded size.', perNamespace('bytes'));
}
