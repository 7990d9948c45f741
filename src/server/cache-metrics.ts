import { isDebounced } from '../domain/cache-event.ts';
import type {
  CacheReporter,
  EventReporter,
  WriteThroughReporter,
} from '../domain/cache-reporter.ts';
import { NAMESPACE_POLICIES, type CacheNamespace } from '../domain/cache-namespace.ts';
import type { Metrics } from './metrics.ts';

const MS_PER_SECOND = 1000;

/** What the cache, the bus and writers tell, as metrics. */
export function createCacheMetrics(
  metrics: Metrics,
): CacheReporter & EventReporter & WriteThroughReporter {
  const layered = ['namespace', 'layer'] as const;
  const requests = metrics.counter('cache_requests_total', 'Look-ups by what they found.', [
    ...layered,
    'result',
  ]);
  const refused = metrics.counter(
    'cache_fills_refused_total',
    'Values refused for being too old.',
    layered,
  );
  const events = metrics.counter('cache_events_total', 'Events by what became of them.', [
    'type',
    'result',
  ]);
  const gaps = metrics.counter('cache_event_gaps_total', 'Times that events were missed.', []);
  const flushes = metrics.counter('cache_flushes_total', 'Partitions forgotten as a whole.', []);
  const coalesced = metrics.counter('cache_coalesced_total', 'Readers that joined a load.', [
    'namespace',
  ]);
  const evicted = metrics.counter('cache_evictions_total', 'Values dropped for want of room.', [
    'namespace',
  ]);
  const stale = metrics.counter('cache_stale_served_total', 'Values served without the events.', [
    'namespace',
  ]);
  const invalidated = metrics.counter('cache_invalidations_total', 'Keys invalidated.', [
    'namespace',
  ]);
  const writtenThrough = metrics.counter(
    'cache_written_through_total',
    'Changed entities loaded anew.',
    ['namespace'],
  );
  const l2Failures = metrics.counter(
    'cache_l2_failures_total',
    'Times that L2 did not answer.',
    [],
  );
  return {
    lookedUp: (name, layer, result) =>
      requests.inc({ namespace: wire(name), layer: layer.toLowerCase(), result }),
    fillRefused: (name, layer) =>
      refused.inc({ namespace: wire(name), layer: layer.toLowerCase() }),
    coalesced: (name) => coalesced.inc({ namespace: wire(name) }),
    evicted: (name) => evicted.inc({ namespace: wire(name) }),
    staleServed: (name) => stale.inc({ namespace: wire(name) }),
    invalidated: (name) => invalidated.inc({ namespace: wire(name) }),
    writtenThrough: (name) => writtenThrough.inc({ namespace: wire(name) }),
    flushed: () => flushes.inc(),
    l2Failed: () => l2Failures.inc(),
    published: (type) => events.inc({ type: type.toLowerCase(), result: 'published' }),
    heard: (type, lagMs, arrival) => {
      events.inc({ type: type.toLowerCase(), result: arrival });
      if (arrival !== 'duplicate' && !isDebounced({ type }))
        metrics.propagation(Math.max(0, lagMs) / MS_PER_SECOND);
    },
    rejected: (reason) => events.inc({ type: 'unknown', result: reason }),
    gap: () => gaps.inc(),
  };
}

function wire(namespace: CacheNamespace): string {
  return NAMESPACE_POLICIES[namespace].wireName;
}
