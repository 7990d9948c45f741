import type { CacheKey } from '../domain/cache-key.ts';
import { partitionOf } from '../domain/partition.ts';
import { Flight } from './flights.ts';
import { ReadThrough } from './read-through.ts';
import type { CollectionDeps, Wanted } from './reading.ts';
import type { Cached, Collection, CollectionOptions } from './types.ts';

/** The way in: L1, then a load under way, then a new one. What follows is {@link ReadThrough}. */
export function createCollection<K, V>(
  options: CollectionOptions<K, V>,
  deps: CollectionDeps,
): Collection<K, V> {
  const { memory, reporter } = deps;
  const readThrough = new ReadThrough(options, deps);

  function answer(id: K, key: CacheKey, wanted: Wanted<K, V>[]): Promise<Cached<V>> {
    const held = memory.find(key);
    if (held) {
      reporter.lookedUp(key.namespace, 'L1', 'hit');
      return Promise.resolve(held as Cached<V>);
    }
    return board(id, key, wanted).result;
  }

  function board(id: K, key: CacheKey, wanted: Wanted<K, V>[]): Flight<Cached<V>> {
    const pending = memory.pending.covers(key);
    reporter.lookedUp(key.namespace, 'L1', pending ? 'bypass' : 'miss');
    const underWay = pending ? undefined : memory.flights.find<Cached<V>>(key);
    if (underWay) {
      reporter.coalesced(key.namespace);
      return underWay;
    }
    const flight = new Flight<Cached<V>>();
    if (!pending) memory.flights.open(key, flight);
    const partition = partitionOf(key.region);
    wanted.push({ id, key, partition, flight, uncached: pending });
    return flight;
  }

  return {
    get: async (id) => {
      const wanted: Wanted<K, V>[] = [];
      const cached = answer(id, options.keyOf(id), wanted);
      // Its errors reach the readers through their flights.
      void readThrough.run(wanted);
      return cached;
    },
    getMany: async (ids) => {
      const keys = ids.map((id) => [id, options.keyOf(id)] as const);
      const wanted: Wanted<K, V>[] = [];
      const answers = keys.map(([id, key]) => answer(id, key, wanted));
      void readThrough.run(wanted);
      return Promise.all(answers);
    },
  };
}
