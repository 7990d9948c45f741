import { withinDeadline } from './deadline.ts';
import { deepFreeze } from './freeze.ts';
import type { Wanted } from './reading.ts';
import type { CollectionOptions, Loaded } from './types.ts';

/** One call of the loader for all; `StoreUnavailableError` when it takes longer than 10 s. */
export async function loadAll<K, V, T extends { readonly wanted: Wanted<K, V> }>(
  { load }: CollectionOptions<K, V>,
  items: readonly T[],
): Promise<(T & { readonly loaded: Loaded<V> })[]> {
  if (items.length === 0) return [];
  const results = await withinDeadline(load(items.map(({ wanted }) => wanted.id)));
  return items.map((item, index) => {
    const result = results[index];
    if (!result) throw new Error(`A loader gave ${results.length} of ${items.length} results.`);
    return { ...item, loaded: { ...result, value: deepFreeze(result.value) } };
  });
}
