import type { CacheEvent } from '../domain/cache-event.ts';
import { keyText } from '../domain/cache-key.ts';
import { isSlug } from '../domain/catalog.ts';
import { pairOfUnit } from '../domain/gpu.ts';
import { encodeGlobalId } from './global-id.ts';

/** The keys of an event as clients see them, e.g. `gpu_avail:gpu:us-east-1/h100-sxm/0042`. */
export function invalidatedKeys({ keys }: CacheEvent): string[] {
  return keys.map(keyText);
}

/**
 * Ids of the objects that a client may hold of what an event made old. Only cached things have keys,
 * and only public things are cached: no booking and no account can be among them.
 */
export function invalidatedNodeIds({ keys }: CacheEvent): string[] {
  return [...new Set(keys.flatMap(({ key }) => nodeIdsOf(key)))];
}

function nodeIdsOf(key: string): string[] {
  const [kind, name = ''] = splitOnce(key);
  if (kind === 'gpu' && pairOfUnit(name)) {
    return [encodeGlobalId('Gpu', name), encodeGlobalId('Offer', name)];
  }
  return kind === 'provider' && isSlug(name) ? [encodeGlobalId('Provider', name)] : [];
}

function splitOnce(key: string): string[] {
  const colon = key.indexOf(':');
  return colon < 0 ? [key] : [key.slice(0, colon), key.slice(colon + 1)];
}
