import { randomUUID } from 'node:crypto';
import type { CacheEvent, JsonObject } from '../../src/domain/cache-event.ts';
import type { CacheKey } from '../../src/domain/cache-key.ts';

/** An event that makes one key old, as an operator's command would publish it. */
export function invalidationOf(
  key: CacheKey,
  data: JsonObject = { reason: 'bench' },
  version: number | null = null,
): CacheEvent {
  return {
    eventId: randomUUID(),
    type: 'MANUAL_INVALIDATION',
    resourceId: key.key,
    data,
    timestamp: Date.now(),
    sourceNode: 'bench',
    affectedNamespaces: [key.namespace],
    keys: [key],
    region: key.region,
    version,
  };
}
