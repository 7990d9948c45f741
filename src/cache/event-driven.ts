import { CACHE_NAMESPACES, type CacheNamespace } from '../domain/cache-namespace.ts';

/**
 * How far events decide what memory may answer: for all namespaces or some; `off`: age alone decides;
 * `shadow`: age alone decides, and every answer that events would have prevented is counted.
 */
export type EventDriven = 'off' | 'shadow' | 'all' | ReadonlySet<CacheNamespace>;

/** The namespaces whose values events make old. */
export function drivenNamespaces(mode: EventDriven): ReadonlySet<CacheNamespace> {
  if (mode === 'all') return new Set(CACHE_NAMESPACES);
  return typeof mode === 'string' ? new Set() : mode;
}
