import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTieredCache } from '../../src/cache/tiered-cache.ts';
import type { Loaded } from '../../src/cache/types.ts';
import type { CacheEvent } from '../../src/domain/cache-event.ts';
import { BASE, eventOf, manualClock, rowKey, sequenced } from '../unit/cache/world.ts';

const KEYS = ['a', 'b'] as const;
type Key = (typeof KEYS)[number];

// Mostly one key: what goes wrong goes wrong where operations meet.
const key = fc.constantFrom<Key>('a', 'a', 'a', 'b');
const deliveries = fc.constantFrom(1, 1, 2);
const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('read' as const), key }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('write' as const), key, times: deliveries }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('foreignWrite' as const), key, times: deliveries }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('rollback' as const), key }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('missed' as const), key }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/**
 * One node, its real cache, and a database that other nodes write to as well. Every wait is a point
 * where the scheduler may let any other operation go first.
 */
class Node {
  readonly #scheduler: fc.Scheduler;
  readonly #versions = new Map<Key, number>(KEYS.map((name) => [name, 1]));
  /** What a read that begins now must at least see. */
  readonly #known = new Map<Key, number>();
  readonly #answered = new Map<Key, number>();
  readonly #cache = createTieredCache({ l2: null, clock: manualClock(), maxEntries: 10 });
  readonly #rows = this.#cache.collection<Key, number>({
    keyOf: (id) => rowKey(id),
    load: (ids) => this.#load(ids),
    versionOf: (version) => version,
  });
  #sequence = BASE;
  cached = 0;

  constructor(scheduler: fc.Scheduler) {
    this.#scheduler = scheduler;
    // Meeting a log for the first time forgets everything: that is not what is to be tested.
    this.#cache.apply(sequenced(eventOf(['z']), this.#sequence));
  }

  async run(next: Step): Promise<void> {
    await this.#anything('begins');
    switch (next.kind) {
      case 'read':
        return this.#read(next.key);
      case 'write':
        return this.#write(next.key, next.times);
      case 'foreignWrite':
        return this.#foreignWrite(next.key, next.times);
      case 'rollback':
        return this.#rollBack(next.key);
      case 'missed':
        return this.#missedWrite(next.key);
    }
  }

  async #read(id: Key): Promise<void> {
    const needed = this.#known.get(id) ?? 0;
    const { value, servedFrom } = await this.#rows.get(id);
    if (servedFrom === 'L1') this.cached += 1;
    expect(value, `${id} from ${servedFrom}`).toBeGreaterThanOrEqual(needed);
    expect(value, `${id} went back`).toBeGreaterThanOrEqual(this.#answered.get(id) ?? 0);
    this.#answered.set(id, value);
  }

  /** A writer of this node: its readers see the write from the commit on. */
  async #write(id: Key, times: number): Promise<void> {
    const event = eventOf([id]);
    this.#cache.begin([event]);
    await this.#anything('commits');
    this.#know(id, this.#commit(id));
    await this.#publish(event, id, times);
  }

  async #foreignWrite(id: Key, times: number): Promise<void> {
    await this.#publish(eventOf([id]), id, times, this.#commit(id));
  }

  /** A foreign write whose event never comes: a gap shows it, and the node flushes. */
  async #missedWrite(id: Key): Promise<void> {
    const version = this.#commit(id);
    this.#sequence += 1n;
    await this.#anything('is missed');
    this.#cache.flush();
    this.#know(id, version);
  }

  async #rollBack(id: Key): Promise<void> {
    const event = eventOf([id]);
    this.#cache.begin([event]);
    await this.#anything('rolls back');
    this.#cache.abort([event]);
  }

  /** Numbers are given in one order; events arrive in any, and some of them more than once. */
  async #publish(event: CacheEvent, id: Key, times: number, version = 0): Promise<void> {
    await this.#anything('is published');
    this.#sequence += 1n;
    const published = sequenced(event, this.#sequence);
    const arrive = async (): Promise<void> => {
      await this.#anything('arrives');
      this.#cache.apply(published);
      this.#know(id, version);
    };
    await Promise.all(Array.from({ length: times }, arrive));
  }

  async #load(ids: readonly Key[]): Promise<Loaded<number>[]> {
    await this.#anything('takes its snapshot');
    const rows = ids.map((id) => ({ value: this.#versions.get(id) ?? 0, asOf: 0 }));
    await this.#anything('answers');
    return rows;
  }

  #commit(id: Key): number {
    const version = (this.#versions.get(id) ?? 0) + 1;
    this.#versions.set(id, version);
    return version;
  }

  #know(id: Key, version: number): void {
    this.#known.set(id, Math.max(this.#known.get(id) ?? 0, version));
  }

  #anything(label: string): Promise<void> {
    return this.#scheduler.schedule(Promise.resolve(), label);
  }
}

const TIMEOUT_MS = 60_000;

describe('whatever the order of reads, slow loads, commits and events', () => {
  it(
    'no read returns less than what was applied or written before it, and versions never go back',
    { timeout: TIMEOUT_MS },
    async () => {
      let cached = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.scheduler(),
          fc.array(step, { minLength: 4, maxLength: 12 }),
          async (scheduler, steps) => {
            const node = new Node(scheduler);
            await scheduler.waitFor(Promise.all(steps.map((next) => node.run(next))));
            cached += node.cached;
          },
        ),
        { numRuns: 5000 },
      );
      // The property would hold of a cache that keeps nothing.
      expect(cached).toBeGreaterThan(0);
    },
  );
});
