import type { Answering } from './answering.ts';
import type { CacheKey } from '../domain/cache-key.ts';
import { NAMESPACE_POLICIES } from '../domain/cache-namespace.ts';
import { decode } from './codec.ts';
import { deepFreeze } from './freeze.ts';
import type { L2, L2Snapshot, L2Value } from './l2.ts';
import {
  loadUncached,
  retry,
  type CollectionDeps,
  type Next,
  type Permit,
  type Wanted,
} from './reading.ts';
import { AGING_SHARE } from './ttl.ts';

/** How often another node is found loading a key, 10 ms apart, before this one loads it too. */
const POLLS = 10;

type Group<K, V> = readonly Wanted<K, V>[];
type Question = (l2: L2, keys: readonly CacheKey[]) => Promise<L2Snapshot>;

interface Missing<K, V> {
  readonly wanted: Wanted<K, V>;
  readonly permit: Permit;
}

interface Outcome<K, V> {
  readonly next: readonly Next<K, V>[];
  readonly missing: readonly Missing<K, V>[];
}

/**
 * Step 2 of reading: what L2 may answer, and with what token the rest may be loaded. What nobody has
 * is claimed, so that of all nodes that miss a key one loads it; the others look again, each time with
 * the whole of this step. Source: design "The cache", §5.
 */
export class LookUp<K, V> {
  readonly #deps: CollectionDeps;
  readonly #answering: Answering<K, V>;

  constructor(deps: CollectionDeps, answering: Answering<K, V>) {
    this.#deps = deps;
    this.#answering = answering;
  }

  /** One MGET for all, then one more with the claims of what was not there. */
  async run(partition: number, group: Group<K, V>): Promise<Next<K, V>[]> {
    const { memory, l2 } = this.#deps;
    if (l2.keepsValues && !memory.leases.trustsL2)
      for (const wanted of group) wanted.uncached = true;
    const uncached = group.filter((wanted) => wanted.uncached).map(loadUncached<K, V>);
    const asking = group.filter((wanted) => !wanted.uncached);
    const seen = await this.#look(
      partition,
      asking.filter(({ polls }) => polls === 0),
    );
    if (!l2.keepsValues) return [...uncached, ...seen.next, ...seen.missing.map(load)];
    const waiting = asking.filter(({ polls }) => polls > 0);
    const claimed = await this.#claim(partition, [
      ...seen.missing.map(({ wanted }) => wanted),
      ...waiting,
    ]);
    return [...uncached, ...seen.next, ...claimed.next, ...claimed.missing.map(loadOrWait)];
  }

  async #look(partition: number, group: Group<K, V>): Promise<Outcome<K, V>> {
    const { l2, reporter } = this.#deps;
    const outcome = await this.#ask(partition, group, (layer, keys) => layer.read(partition, keys));
    if (!l2.keepsValues) return outcome;
    const missing = new Set(outcome.missing.map(({ wanted }) => wanted));
    const bypassed = new Set(outcome.next.filter(isBypass).map(({ wanted }) => wanted));
    for (const wanted of group) {
      const found = bypassed.has(wanted) ? 'bypass' : missing.has(wanted) ? 'miss' : 'hit';
      reporter.lookedUp(wanted.key.namespace, 'L2', found);
    }
    return outcome;
  }

  #claim(partition: number, group: Group<K, V>): Promise<Outcome<K, V>> {
    return this.#ask(partition, group, async (layer, keys) => {
      const { snapshot, granted } = await layer.claim(partition, keys);
      for (const [index, wanted] of group.entries()) if (granted[index]) wanted.claimed = true;
      return snapshot;
    });
  }

  async #ask(partition: number, group: Group<K, V>, question: Question): Promise<Outcome<K, V>> {
    if (group.length === 0) return { next: [], missing: [] };
    const { memory, l2 } = this.#deps;
    const ticket = memory.ticket(partition);
    const keys = group.map(({ key }) => key);
    const snapshot = await l2.ask((layer) => question(layer, keys));
    const verdict = snapshot && memory.judge(partition, snapshot.position, ticket);
    if (!snapshot || verdict === 'regressed') {
      return { next: group.map(loadUncached<K, V>), missing: [] };
    }
    if (verdict === 'restart') return { next: group.map(retry<K, V>), missing: [] };
    const { values, ...rest } = snapshot;
    return this.#use(group, values, { ...rest, generation: ticket.generation });
  }

  #use(group: Group<K, V>, values: L2Snapshot['values'], permit: Permit): Outcome<K, V> {
    const next: Next<K, V>[] = [];
    const missing: Missing<K, V>[] = [];
    for (const [index, wanted] of group.entries()) {
      const value = values[index] ?? null;
      const isUsable = value !== null && !isAging(wanted, value);
      const answered = isUsable ? this.#answer(wanted, value, permit) : null;
      if (answered === null) missing.push({ wanted, permit });
      else if (!answered) next.push(retry(wanted));
    }
    return { next, missing };
  }

  /** Null for what cannot be read, which is a miss; false for what may not be answered. */
  #answer(wanted: Wanted<K, V>, { payload, leftMs }: L2Value, permit: Permit): boolean | null {
    const decoded = decode<V>(payload);
    if (!decoded) return null;
    const loaded = { value: deepFreeze(decoded.value), asOf: decoded.asOf };
    const lifetime = { nowMs: this.#deps.clock.now(), leftMs, bytes: payload.length };
    const kept = this.#answering.put(wanted, loaded, permit, lifetime);
    if (!kept && !wanted.flight.detached) return false;
    return this.#answering.answer(wanted, loaded, 'L2', permit.position.sequence);
  }
}

/** What grows old in L2 too is no fresher than what memory has. */
function isAging<K, V>({ key, refreshing }: Wanted<K, V>, { leftMs }: L2Value): boolean {
  return refreshing && leftMs <= NAMESPACE_POLICIES[key.namespace].ttlMs * AGING_SHARE;
}

function load<K, V>(missing: Missing<K, V>): Next<K, V> {
  return { step: 'load', ...missing };
}

/** Loads what this node has claimed, or what it has waited for long enough. */
function loadOrWait<K, V>(missing: Missing<K, V>): Next<K, V> {
  const { wanted } = missing;
  if (wanted.claimed || wanted.polls >= POLLS) return load(missing);
  wanted.polls += 1;
  return { step: 'wait', wanted };
}

function isBypass<K, V>(next: Next<K, V>): boolean {
  return next.step === 'load' && next.permit === null;
}
