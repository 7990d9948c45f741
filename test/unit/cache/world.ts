import type { CoarseClock } from '../../../src/cache/coarse-clock.ts';
import type { Collection, Loaded, TieredCache } from '../../../src/cache/types.ts';
import type { CacheEvent, SequencedEvent } from '../../../src/domain/cache-event.ts';
import type { CacheKey } from '../../../src/domain/cache-key.ts';
import type { CacheReporter } from '../../../src/domain/cache-reporter.ts';
import type { CacheNamespace } from '../../../src/domain/cache-namespace.ts';
import { partitionOf } from '../../../src/domain/partition.ts';

export const REGION = 'us-east-1';
export const BASE = 1000n;

/** A clock that stands still until a test moves it. */
export interface ManualClock extends CoarseClock {
  advance(ms: number): void;
}

export function manualClock(): ManualClock {
  let nowMs = 1_000_000;
  return {
    now: () => nowMs,
    touch: () => undefined,
    stop: () => undefined,
    advance: (ms) => {
      nowMs += ms;
    },
  };
}

/** A row with a version, as the system of record has it. */
export interface Row {
  readonly id: string;
  readonly version: number;
  readonly priceMicros: bigint;
}

export function rowKey(id: string, namespace: CacheNamespace = 'GPU_AVAILABILITY'): CacheKey {
  return { namespace, key: `row:${id}`, region: REGION };
}

/** The system of record of these tests: rows that a commit replaces, and loads that a test can hold. */
export class World {
  readonly #rows = new Map<string, Row>();
  readonly #waiting: (() => void)[] = [];
  /** The ids of each load so far. */
  readonly loads: string[][] = [];
  held = false;
  /** Whether a held load has yet to take its snapshot. */
  lateSnapshots = false;
  failure: Error | null = null;

  commit(id: string): Row {
    return this.#put(id, this.versionOf(id) + 1);
  }

  /** Puts the row back to its first version, as a backup would. */
  restore(id: string): Row {
    return this.#put(id, 1);
  }

  rowOf(id: string): Row | null {
    return this.#rows.get(id) ?? null;
  }

  versionOf(id: string): number {
    return this.rowOf(id)?.version ?? 0;
  }

  /** While the world is held, answers only when released: with what there was at its snapshot. */
  async load(ids: readonly string[]): Promise<Loaded<Row | null>[]> {
    this.loads.push([...ids]);
    if (this.failure) throw this.failure;
    if (this.lateSnapshots) await this.#whileHeld();
    const rows = ids.map((id) => ({ value: this.rowOf(id), asOf: 1_790_000_000_000 }));
    await this.#whileHeld();
    return rows;
  }

  #put(id: string, version: number): Row {
    const row = { id, version, priceMicros: BigInt(version) * 1_000_000n };
    this.#rows.set(id, row);
    return row;
  }

  async #whileHeld(): Promise<void> {
    if (this.held) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Lets every load under way go on. */
  release(): void {
    this.held = false;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

export type Rows = Collection<string, Row | null>;

export function rowsOf(
  cache: TieredCache,
  world: World,
  namespace: CacheNamespace = 'GPU_AVAILABILITY',
): Rows {
  return cache.collection<string, Row | null>({
    keyOf: (id) => rowKey(id, namespace),
    load: (ids) => world.load(ids),
    versionOf: (row) => row?.version ?? null,
  });
}

function ignored(): void {}

/** A reporter that listens to some of what is told. */
export function reporter(listening: Partial<CacheReporter>): CacheReporter {
  return {
    lookedUp: ignored,
    fillRefused: ignored,
    coalesced: ignored,
    evicted: ignored,
    staleServed: ignored,
    invalidated: ignored,
    flushed: ignored,
    l2Failed: ignored,
    ...listening,
  };
}

let events = 0;

export function eventOf(ids: readonly string[], over: Partial<CacheEvent> = {}): CacheEvent {
  events += 1;
  return {
    eventId: `event-${events}`,
    type: 'GPU_AVAILABILITY_CHANGED',
    resourceId: ids[0] ?? '',
    data: {},
    timestamp: 1_790_000_000_123,
    sourceNode: 'node-a',
    affectedNamespaces: ['GPU_AVAILABILITY'],
    keys: ids.map((id) => rowKey(id)),
    region: REGION,
    version: null,
    ...over,
  };
}

export function sequenced(event: CacheEvent, sequence: bigint, base = BASE): SequencedEvent {
  return { event, partition: partitionOf(REGION), base, sequence };
}
