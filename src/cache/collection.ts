import type { CacheKey } from '../domain/cache-key.ts';
import { partitionOf } from '../domain/partition.ts';
import { orLastResort } from './fail-safe.ts';
import { Flight } from './flights.ts';
import { ReadThrough } from './read-through.ts';
import type { CollectionDeps, Wanted } from './reading.ts';
import { partitionsBehind } from './sessions.ts';
import type { Cached, Collection, CollectionOptions, ReadOptions } from './types.ts';

/** The way in: L1, then a load under way, then a new one. What follows is {@link ReadThrough}. */
export function createCollection<K, V>(
  options: CollectionOptions<K, V>,
  deps: CollectionDeps,
): Collection<K, V> {
  const { memory, clock, reporter } = deps;
  const readThrough = new ReadThrough(options, deps);

  function fromMemory(id: K, key: CacheKey): Cached<V> | null {
    const held = memory.find(key);
    if (!held) return null;
    reporter.lookedUp(key.namespace, 'L1', 'hit');
    if (held.refreshAtMs <= clock.now()) refresh(id, key);
    return held.cached as Cached<V>;
  }

  function fromElsewhere(id: K, key: CacheKey, wanted: Wanted<K, V>[]): Promise<Cached<V>> {
    if (memory.pending.covers(key)) return bypass(id, key, wanted);
    return orLastResort(memory, key, board(id, key, wanted).result);
  }

  /** Loads what is growing old before it dies, unless it is being loaded; readers may join. */
  function refresh(id: K, key: CacheKey): void {
    if (memory.flights.find(key)) return;
    const next = { ...want<K, V>(id, key, false), refreshing: true };
    memory.flights.open(key, next.flight);
    // The value in memory is good still: who reads it after its death is told of a failure then.
    next.flight.result.catch(() => undefined);
    void readThrough.run([next]);
  }

  function board(id: K, key: CacheKey, wanted: Wanted<K, V>[]): Flight<Cached<V>> {
    reporter.lookedUp(key.namespace, 'L1', 'miss');
    const underWay = memory.flights.find<Cached<V>>(key);
    if (underWay) {
      reporter.coalesced(key.namespace);
      return underWay;
    }
    const next = want<K, V>(id, key, false);
    memory.flights.open(key, next.flight);
    wanted.push(next);
    return next.flight;
  }

  /** Reads the database alone: joins no load under way and is joined by nobody. */
  function bypass(id: K, key: CacheKey, wanted: Wanted<K, V>[]): Promise<Cached<V>> {
    reporter.lookedUp(key.namespace, 'L1', 'bypass');
    const next = want<K, V>(id, key, true);
    wanted.push(next);
    return next.flight.result;
  }

  async function getMany(
    ids: readonly K[],
    { atLeast = null }: ReadOptions = {},
  ): Promise<Cached<V>[]> {
    const keys = ids.map((id) => [id, options.keyOf(id)] as const);
    const partitions = new Set(keys.map(([, { region }]) => partitionOf(region)));
    const behind = atLeast && (await partitionsBehind(memory, atLeast, partitions));
    const wanted: Wanted<K, V>[] = [];
    const answers = keys.map(([id, key]) => {
      if (behind?.has(partitionOf(key.region))) return bypass(id, key, wanted);
      const held = fromMemory(id, key);
      return held ? Promise.resolve(held) : fromElsewhere(id, key, wanted);
    });
    // Its errors reach the readers through their flights.
    void readThrough.run(wanted);
    return Promise.all(answers);
  }

  return {
    get: (id, readOptions) => {
      if (readOptions?.atLeast) return getMany([id], readOptions).then(firstOf);
      const key = options.keyOf(id);
      const held = fromMemory(id, key);
      if (held) return Promise.resolve(held);
      const wanted: Wanted<K, V>[] = [];
      const answer = fromElsewhere(id, key, wanted);
      void readThrough.run(wanted);
      return answer;
    },
    getMany,
  };
}

function want<K, V>(id: K, key: CacheKey, uncached: boolean): Wanted<K, V> {
  const partition = partitionOf(key.region);
  const flight = new Flight<Cached<V>>();
  const start = { refusals: 0, polls: 0, claimed: false, refreshing: false };
  return { id, key, partition, flight, uncached, ...start };
}

function firstOf<T>(answers: readonly T[]): T {
  const [first] = answers;
  if (first === undefined) throw new RangeError('There is no answer.');
  return first;
}
