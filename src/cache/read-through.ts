import type { CacheKey } from '../domain/cache-key.ts';
import { NAMESPACE_POLICIES } from '../domain/cache-namespace.ts';
import { decode, encode } from './codec.ts';
import { withinDeadline } from './deadline.ts';
import { deepFreeze } from './freeze.ts';
import type { L2Snapshot, L2Value } from './l2.ts';
import type { Ticket } from './partition-state.ts';
import {
  loadUncached,
  type CollectionDeps,
  type Next,
  type Permit,
  type Wanted,
} from './reading.ts';
import { jittered, l1TtlMs } from './ttl.ts';
import type { CacheLayer, CollectionOptions, Loaded } from './types.ts';

/** How often what was read may be refused before the database alone answers. */
const ATTEMPTS = 3;

/**
 * Reading what memory does not have, for one kind of thing: L2, then the database, filling on the way
 * back. Tokens are read before the load begins, so whatever happens after that is after the token.
 * Source: design "The cache", §5.
 */
export class ReadThrough<K, V> {
  readonly #options: CollectionOptions<K, V>;
  readonly #deps: CollectionDeps;

  constructor(options: CollectionOptions<K, V>, deps: CollectionDeps) {
    this.#options = options;
    this.#deps = deps;
  }

  /** Lands every flight, or fails those that are still in the air. Never rejects. */
  async run(wanted: readonly Wanted<K, V>[]): Promise<void> {
    if (wanted.length === 0) return;
    try {
      let open = wanted;
      for (let attempt = 0; attempt < ATTEMPTS && open.length > 0; attempt += 1) {
        open = await this.#attempt(open);
      }
      await this.#loadUncached(open);
    } catch (error) {
      for (const { key, flight } of wanted) {
        this.#deps.memory.flights.close(key, flight);
        flight.fail(error);
      }
    }
  }

  /** One MGET per partition, then one load for all that miss. Gives what must be tried again. */
  async #attempt(open: readonly Wanted<K, V>[]): Promise<Wanted<K, V>[]> {
    const groups = Map.groupBy(open, ({ partition }) => partition);
    const lookUps = [...groups].map(([partition, group]) => this.#lookUp(partition, group));
    const next = (await Promise.all(lookUps)).flat();
    const retries = next.filter(({ step }) => step === 'retry').map(({ wanted }) => wanted);
    const loads = next.filter((item) => item.step === 'load');
    const loaded = await this.#load(loads);
    const refused = loaded.map(async ({ wanted, permit, loaded: value }) =>
      (await this.#keep(wanted, permit, value)) ? [] : [wanted],
    );
    return [...retries, ...(await Promise.all(refused)).flat()];
  }

  async #lookUp(partition: number, group: readonly Wanted<K, V>[]): Promise<Next<K, V>[]> {
    const { memory, l2, reporter } = this.#deps;
    const uncached = group.filter((wanted) => wanted.uncached).map(loadUncached<K, V>);
    const asking = group.filter((wanted) => !wanted.uncached);
    if (asking.length === 0) return uncached;
    const ticket = memory.ticket(partition);
    const keys = asking.map(({ key }) => key);
    const snapshot = await this.#askL2(() => l2.read(partition, keys));
    const verdict = snapshot && memory.judge(partition, snapshot.position, ticket);
    if (!snapshot || verdict === 'regressed') {
      for (const { namespace } of keys) reporter.lookedUp(namespace, 'L2', 'bypass');
      return [...uncached, ...asking.map(loadUncached<K, V>)];
    }
    if (verdict === 'restart') {
      return [...uncached, ...asking.map((wanted) => ({ step: 'retry', wanted }) as const)];
    }
    return [...uncached, ...this.#useSnapshot(asking, snapshot, ticket)];
  }

  #useSnapshot(
    asking: readonly Wanted<K, V>[],
    { values, ...snapshot }: L2Snapshot,
    { generation }: Ticket,
  ): Next<K, V>[] {
    const permit = { ...snapshot, generation };
    return asking.flatMap((wanted, index): Next<K, V>[] => {
      const value = values[index] ?? null;
      const loaded = value && decode<V>(value.payload);
      this.#countL2(wanted.key, loaded !== null);
      if (!value || !loaded) return [{ step: 'load', wanted, permit }];
      return this.#answerFromL2(wanted, loaded, value, permit) ? [] : [{ step: 'retry', wanted }];
    });
  }

  #answerFromL2(
    wanted: Wanted<K, V>,
    { value, asOf }: Loaded<V>,
    { payload, leftMs }: L2Value,
    permit: Permit,
  ): boolean {
    const loaded = { value: deepFreeze(value), asOf };
    const nowMs = this.#deps.clock.now();
    const kept = this.#put(wanted, loaded, permit, { nowMs, leftMs, bytes: payload.length });
    if (!kept && !wanted.flight.detached) return false;
    return this.#answer(wanted, loaded, 'L2', permit.position.sequence);
  }

  /** Fills L2 and L1 and answers; false when it was refused and must be tried again. */
  async #keep(wanted: Wanted<K, V>, permit: Permit | null, loaded: Loaded<V>): Promise<boolean> {
    const { memory, l2, clock, reporter, random } = this.#deps;
    const { key, partition, flight } = wanted;
    if (!permit) {
      return this.#answer(wanted, loaded, 'DATABASE', memory.position(partition).sequence);
    }
    const payload = encode(loaded);
    const ttlMs = jittered(NAMESPACE_POLICIES[key.namespace].ttlMs, random);
    const nowMs = clock.now();
    const filled = await this.#askL2(() => l2.fill(partition, key, permit, { payload, ttlMs }));
    if (filled === false) reporter.fillRefused(key.namespace, 'L2');
    const kept =
      filled === true &&
      this.#put(wanted, loaded, permit, { nowMs, leftMs: ttlMs, bytes: payload.length });
    const refused = filled !== null && !kept;
    if (refused && !flight.detached) return false;
    return this.#answer(wanted, loaded, 'DATABASE', permit.position.sequence);
  }

  #put(
    { key }: Wanted<K, V>,
    { value, asOf }: Loaded<V>,
    { generation, position: { sequence } }: Permit,
    { nowMs, leftMs, bytes }: { nowMs: number; leftMs: number; bytes: number },
  ): boolean {
    const { memory, reporter, random } = this.#deps;
    const { ttlMs } = NAMESPACE_POLICIES[key.namespace];
    const kept = memory.put({
      key,
      cached: Object.freeze({ value, servedFrom: 'L1', sequence, asOf, degraded: false }),
      version: this.#versionOf(value),
      expiresAtMs: nowMs + l1TtlMs(ttlMs, leftMs, random),
      bytes: key.key.length + bytes,
      generation,
    });
    if (!kept) reporter.fillRefused(key.namespace, 'L1');
    return kept;
  }

  /** False for what would go back behind a version already served: the database is asked again. */
  #answer(wanted: Wanted<K, V>, loaded: Loaded<V>, from: CacheLayer, sequence: bigint): boolean {
    if (this.#deps.memory.isOutdated(wanted.key, this.#versionOf(loaded.value))) {
      wanted.uncached = true;
      return false;
    }
    this.#land(wanted, loaded, from, sequence);
    return true;
  }

  #land(wanted: Wanted<K, V>, loaded: Loaded<V>, servedFrom: CacheLayer, sequence: bigint): void {
    const { value, asOf } = loaded;
    const { memory } = this.#deps;
    memory.serve(wanted.key, this.#versionOf(value));
    memory.flights.close(wanted.key, wanted.flight);
    wanted.flight.land({ value, servedFrom, sequence, asOf, degraded: false });
  }

  /**
   * The last attempt: what the database says is the answer, even a lower version than was served before
   * (it may have been restored). Only where a newer one was served while this load ran is it asked
   * again: somebody made progress, so this ends.
   */
  async #loadUncached(open: readonly Wanted<K, V>[]): Promise<void> {
    const { memory } = this.#deps;
    let left = open;
    while (left.length > 0) {
      const items = left.map((wanted) => ({ wanted, served: memory.servedVersion(wanted.key) }));
      const overtaken = [];
      for (const { wanted, served, loaded } of await this.#load(items)) {
        const { key, partition } = wanted;
        const isOutdated = memory.isOutdated(key, this.#versionOf(loaded.value));
        if (isOutdated && memory.servedVersion(key) !== served) overtaken.push(wanted);
        else this.#land(wanted, loaded, 'DATABASE', memory.position(partition).sequence);
      }
      left = overtaken;
    }
  }

  /** One call of the loader for all. */
  async #load<T extends { readonly wanted: Wanted<K, V> }>(
    items: readonly T[],
  ): Promise<(T & { readonly loaded: Loaded<V> })[]> {
    if (items.length === 0) return [];
    const results = await withinDeadline(this.#options.load(items.map(({ wanted }) => wanted.id)));
    return items.map((item, index) => {
      const result = results[index];
      if (!result) throw new Error(`A loader gave ${results.length} of ${items.length} results.`);
      return { ...item, loaded: { value: deepFreeze(result.value), asOf: result.asOf } };
    });
  }

  /** Null when L2 does not answer: it only ever costs time. */
  async #askL2<T>(ask: () => Promise<T>): Promise<T | null> {
    const { memory, reporter } = this.#deps;
    try {
      const answer = await ask();
      memory.noteL2(true);
      return answer;
    } catch (error) {
      memory.noteL2(false);
      reporter.l2Failed(error);
      return null;
    }
  }

  #versionOf(value: V): number | null {
    return this.#options.versionOf?.(value) ?? null;
  }

  #countL2({ namespace }: CacheKey, hit: boolean): void {
    const { l2, reporter } = this.#deps;
    if (l2.keepsValues) reporter.lookedUp(namespace, 'L2', hit ? 'hit' : 'miss');
  }
}
