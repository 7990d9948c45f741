import { Answering } from './answering.ts';
import { encode } from './codec.ts';
import { loadAll } from './loading.ts';
import { LookUp } from './look-up.ts';
import type { CollectionDeps, Permit, Wanted } from './reading.ts';
import { jittered, ttlOf } from './ttl.ts';
import type { CollectionOptions, Loaded } from './types.ts';

/** How often what was read may be refused before the database alone answers. */
const ATTEMPTS = 3;

/** Between two looks at what another node is loading. */
const POLL_MS = 10;

/**
 * Reading what memory does not have, for one kind of thing: L2, then the database, filling on the way
 * back. Tokens are read before the load begins, so whatever happens after that is after the token.
 * Source: design "The cache", §5.
 */
export class ReadThrough<K, V> {
  readonly #options: CollectionOptions<K, V>;
  readonly #deps: CollectionDeps;
  readonly #answering: Answering<K, V>;
  readonly #lookUp: LookUp<K, V>;

  constructor(options: CollectionOptions<K, V>, deps: CollectionDeps) {
    this.#options = options;
    this.#deps = deps;
    this.#answering = new Answering(options, deps);
    this.#lookUp = new LookUp(deps, this.#answering);
  }

  /** Lands every flight, or fails those that are still in the air. Never rejects. */
  async run(wanted: readonly Wanted<K, V>[]): Promise<void> {
    if (wanted.length === 0) return;
    try {
      let open = wanted;
      while (open.length > 0) {
        open = await this.#attempt(open);
        await this.#loadUncached(open.filter(isExhausted));
        open = open.filter((item) => !isExhausted(item));
      }
    } catch (error) {
      for (const item of wanted) this.#answering.fail(item, error);
    }
  }

  /** One look-up per partition, then one load for all that miss. Gives what must be tried again. */
  async #attempt(open: readonly Wanted<K, V>[]): Promise<Wanted<K, V>[]> {
    const groups = Map.groupBy(open, ({ partition }) => partition);
    const lookUps = [...groups].map(([partition, group]) => this.#lookUp.run(partition, group));
    const next = (await Promise.all(lookUps)).flat();
    const again = next.filter(({ step }) => step !== 'load').map(({ wanted }) => wanted);
    const loads = next.filter((item) => item.step === 'load');
    const pausing = next.some(({ step }) => step === 'wait') ? pauseFor(POLL_MS) : null;
    const [refused] = await Promise.all([this.#loadAndKeep(loads), pausing]);
    return [...again, ...refused];
  }

  async #loadAndKeep(
    loads: readonly { readonly wanted: Wanted<K, V>; readonly permit: Permit | null }[],
  ): Promise<Wanted<K, V>[]> {
    const loaded = await loadAll(this.#options, loads);
    const refused = loaded.map(async ({ wanted, permit, loaded: value }) => {
      const answered = permit
        ? await this.#keep(wanted, permit, value)
        : this.#answering.answerUncached(wanted, value);
      if (!answered) wanted.refusals += 1;
      return answered ? [] : [wanted];
    });
    return (await Promise.all(refused)).flat();
  }

  /** Fills L2 and L1 and answers; false when it was refused and must be tried again. */
  async #keep(wanted: Wanted<K, V>, permit: Permit, loaded: Loaded<V>): Promise<boolean> {
    const { l2, clock, reporter, random } = this.#deps;
    const { key, partition, flight } = wanted;
    const ttlMs = jittered(ttlOf(key.namespace, loaded.ttlMs), random);
    if (ttlMs <= 0) return this.#answering.answerUncached(wanted, loaded);
    const payload = encode(loaded);
    const nowMs = clock.now();
    const filled = await l2.ask((layer) => layer.fill(partition, key, permit, { payload, ttlMs }));
    if (filled === 'taken' || filled === 'refused') reporter.fillRefused(key.namespace, 'L2');
    const lifetime = { nowMs, leftMs: ttlMs, bytes: payload.length };
    // Elsewhere the value that is there is taken over; memory has it already, and it grows old.
    const isGood = filled === 'kept' || (filled === 'taken' && wanted.refreshing);
    const kept = isGood && this.#answering.put(wanted, loaded, permit, lifetime);
    const refused = filled !== null && !kept;
    if (refused && !flight.detached) return false;
    return this.#answering.answer(wanted, loaded, 'DATABASE', permit.position.sequence);
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
      const items = left.map((wanted) => ({ wanted, served: memory.versions.of(wanted.key) }));
      const overtaken = [];
      for (const { wanted, served, loaded } of await loadAll(this.#options, items)) {
        const { key, partition } = wanted;
        const isOutdated = memory.versions.isOlder(key, this.#answering.versionOf(loaded.value));
        if (isOutdated && memory.versions.of(key) !== served) overtaken.push(wanted);
        else {
          const { sequence } = memory.position(partition);
          this.#answering.land(wanted, loaded, 'DATABASE', sequence);
        }
      }
      left = overtaken;
    }
  }
}

function isExhausted<K, V>({ refusals }: Wanted<K, V>): boolean {
  return refusals >= ATTEMPTS;
}

function pauseFor(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
