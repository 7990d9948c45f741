import {
  invalidatesNamespaces,
  type CacheEvent,
  type SequencedEvent,
} from '../domain/cache-event.ts';
import type { CacheNamespace } from '../domain/cache-namespace.ts';
import type { CacheReporter } from '../domain/cache-reporter.ts';
import { partitionOf } from '../domain/partition.ts';
import type { Flights } from './flights.ts';
import type { Floors } from './floors.ts';
import type { L1 } from './l1.ts';

/** What of one partition an event may make old. */
export interface Affected {
  readonly floors: Floors;
  /** The namespaces whose values events drop; of the others only the floors are known. */
  readonly driven: ReadonlySet<CacheNamespace>;
  readonly flights: Flights;
  readonly l1: L1;
  readonly reporter: Pick<CacheReporter, 'invalidated'>;
}

/**
 * Makes old what an event names in its partition: the floor rises, loads under way are shared no more,
 * memory drops what was read before. Each of these commutes with itself and every other, so neither
 * order nor repetition of events matters. Source: design "The cache", §6.
 */
export function invalidate(
  affected: Affected,
  { event, partition, sequence }: SequencedEvent,
): void {
  const { floors, driven, flights, l1, reporter } = affected;
  for (const key of event.keys) {
    if (partitionOf(key.region) !== partition) continue;
    floors.raise(key, sequence);
    flights.detach(key);
    const held = driven.has(key.namespace) ? l1.get(key) : undefined;
    if (held && held.cached.sequence < sequence) l1.delete(key);
    reporter.invalidated(key.namespace);
  }
  for (const namespace of wholeNamespaces(event)) {
    floors.raiseNamespace(namespace, sequence);
    flights.detachWhere(
      (key) => key.namespace === namespace && partitionOf(key.region) === partition,
    );
    l1.deleteWhere(
      ({ key, partition: home, cached }) =>
        home === partition &&
        driven.has(namespace) &&
        key.namespace === namespace &&
        cached.sequence < sequence,
    );
    reporter.invalidated(namespace);
  }
}

function wholeNamespaces(event: CacheEvent): readonly CacheNamespace[] {
  return invalidatesNamespaces(event) ? event.affectedNamespaces : [];
}
