import { NAMESPACE_POLICIES } from '../domain/cache-namespace.ts';
import type { CollectionDeps, Permit, Wanted } from './reading.ts';
import { AGING_SHARE, l1TtlMs } from './ttl.ts';
import type { CacheLayer, CollectionOptions, Loaded } from './types.ts';

/** How long a value may live and what it weighs. */
export interface Lifetime {
  /** By the coarse clock, from before the value was stored. */
  readonly nowMs: number;
  readonly leftMs: number;
  readonly bytes: number;
}

/** The ends of a read: keeping a value in memory, giving it to who waits for it. */
export class Answering<K, V> {
  readonly #options: CollectionOptions<K, V>;
  readonly #deps: CollectionDeps;

  constructor(options: CollectionOptions<K, V>, deps: CollectionDeps) {
    this.#options = options;
    this.#deps = deps;
  }

  /** Keeps a value in L1; false when it may be older than what this node knows of. */
  put(
    { key }: Wanted<K, V>,
    { value, asOf }: Loaded<V>,
    { generation, position: { sequence } }: Permit,
    { nowMs, leftMs, bytes }: Lifetime,
  ): boolean {
    const { memory, reporter, random } = this.#deps;
    const ttlMs = l1TtlMs(NAMESPACE_POLICIES[key.namespace].ttlMs, leftMs, random);
    const kept = memory.put({
      key,
      cached: Object.freeze({ value, servedFrom: 'L1', sequence, asOf, degraded: false }),
      version: this.versionOf(value),
      expiresAtMs: nowMs + ttlMs,
      refreshAtMs: nowMs + ttlMs * (1 - AGING_SHARE),
      bytes: key.key.length + bytes,
      generation,
    });
    if (!kept) reporter.fillRefused(key.namespace, 'L1');
    return kept;
  }

  /** False for what would go back behind a version already served: the database is asked again. */
  answer(wanted: Wanted<K, V>, loaded: Loaded<V>, from: CacheLayer, sequence: bigint): boolean {
    if (this.#deps.memory.versions.isOlder(wanted.key, this.versionOf(loaded.value))) {
      wanted.uncached = true;
      return false;
    }
    this.land(wanted, loaded, from, sequence);
    return true;
  }

  /** Answers a load that nothing may be kept of. */
  answerUncached(wanted: Wanted<K, V>, loaded: Loaded<V>): boolean {
    const { sequence } = this.#deps.memory.position(wanted.partition);
    return this.answer(wanted, loaded, 'DATABASE', sequence);
  }

  land(wanted: Wanted<K, V>, loaded: Loaded<V>, servedFrom: CacheLayer, sequence: bigint): void {
    const { value, asOf } = loaded;
    this.#deps.memory.serve(wanted.key, this.versionOf(value));
    this.#end(wanted);
    wanted.flight.land({ value, servedFrom, sequence, asOf, degraded: false });
  }

  fail(wanted: Wanted<K, V>, error: unknown): void {
    this.#end(wanted);
    wanted.flight.fail(error);
  }

  versionOf(value: V): number | null {
    return this.#options.versionOf?.(value) ?? null;
  }

  #end(wanted: Wanted<K, V>): void {
    const { memory, l2 } = this.#deps;
    const { key, partition, flight } = wanted;
    memory.flights.close(key, flight);
    if (!wanted.claimed) return;
    wanted.claimed = false;
    void l2.ask((layer) => layer.release(partition, key));
  }
}
