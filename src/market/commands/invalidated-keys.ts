import {
  keysOfPair,
  keysOfResource,
  keyText,
  parseKeyText,
  unitKey,
  type CacheKey,
} from '../../domain/cache-key.ts';
import type { CacheNamespace } from '../../domain/cache-namespace.ts';
import { InvalidInputError } from '../../domain/errors.ts';
import type { Db } from '../../store/database.ts';
import { pairsTagged, unitIdsTagged } from '../../store/tag-store.ts';
import { requireStorable } from '../input-rules.ts';
import type { InvalidateCacheCommand } from '../command-types.ts';

const MAX_KEYS = 1000;
const MAX_KEY_LENGTH = 256;

/** So many of the longest keys fit the 1,000,000 characters that an event may have. */
export const MAX_KEYS_OF_EVENT = 4000;

/** @throws InvalidInputError for names that no key can have, or too many of them. */
export function requireNames({ resourceId, keys }: InvalidateCacheCommand): void {
  const texts = keys ?? [];
  for (const text of texts) requireStorable(text, ['input', 'keys']);
  requireStorable(resourceId ?? '', ['input', 'resourceId']);
  if (texts.length > MAX_KEYS || !texts.every(isName)) {
    const message = `Name at most ${MAX_KEYS} keys of 1 to ${MAX_KEY_LENGTH} characters.`;
    throw new InvalidInputError(message, ['input', 'keys'], `at most ${MAX_KEYS} keys`);
  }
  if (resourceId !== null && !isName(resourceId)) {
    const message = `A resource id has 1 to ${MAX_KEY_LENGTH} characters.`;
    throw new InvalidInputError(message, ['input', 'resourceId'], `1-${MAX_KEY_LENGTH} characters`);
  }
}

function isName(text: string): boolean {
  return text.length > 0 && text.length <= MAX_KEY_LENGTH;
}

/**
 * The keys that a command names, none for a whole namespace. A resource id that is a tag (a region's
 * code, a type's slug, a pair) stands for everything of the namespace that carries it.
 * @throws InvalidInputError when that is more than one event can name.
 */
export async function namedKeys(
  db: Db,
  { namespace, resourceId, keys }: InvalidateCacheCommand,
): Promise<CacheKey[]> {
  const named = [
    ...(keys ?? []).map((text) => parseKeyText(namespace, text)),
    ...(resourceId === null ? [] : await keysOfTagOrResource(db, namespace, resourceId)),
  ];
  if (named.length > MAX_KEYS_OF_EVENT) {
    throw new InvalidInputError(
      `That is more than the ${MAX_KEYS_OF_EVENT} keys that one invalidation can name: ` +
        'name a pair (type@region) of it, or the whole namespace.',
      ['input', 'resourceId'],
      `at most ${MAX_KEYS_OF_EVENT} keys`,
    );
  }
  return [...new Map(named.map((key) => [keyText(key), key])).values()];
}

async function keysOfTagOrResource(
  db: Db,
  namespace: CacheNamespace,
  resourceId: string,
): Promise<CacheKey[]> {
  // One more than may be named, so that too many are noticed.
  const limit = MAX_KEYS_OF_EVENT + 1;
  const pairs = await pairsTagged(db, resourceId, limit);
  const ofPairs = pairs.flatMap((pair) => keysOfPair(namespace, pair));
  if (ofPairs.length === 0) return keysOfResource(namespace, resourceId);
  const holdsUnits = namespace === 'GPU_AVAILABILITY';
  const unitIds = holdsUnits ? await unitIdsTagged(db, resourceId, limit) : [];
  return [...ofPairs, ...unitIds.map(unitKey)];
}
