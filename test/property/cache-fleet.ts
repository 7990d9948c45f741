import type fc from 'fast-check';
import { expect } from 'vitest';
import { createTieredCache } from '../../src/cache/tiered-cache.ts';
import type { Collection, Loaded, ReadOptions, TieredCache } from '../../src/cache/types.ts';
import type { CacheEvent, SequencedEvent } from '../../src/domain/cache-event.ts';
import type { LogPosition } from '../../src/domain/log-position.ts';
import { partitionOf } from '../../src/domain/partition.ts';
import { SharedLog } from '../unit/cache/shared-log.ts';
import { eventOf, manualClock, REGION, rowKey } from '../unit/cache/world.ts';
import type { Fate, Key, Step } from './cache-fleet-steps.ts';

const PARTITION = partitionOf(REGION);
const LEASE_MS = 3000;

/** What the database says of a key, and since when the log knows of it. */
interface Publication {
  readonly version: number;
  readonly atMs: number;
}

/** One node: its real cache, and a bus that loses, repeats and turns round what it carries. */
interface Node {
  readonly cache: TieredCache;
  /** Entities never go back in version; views have none. */
  readonly entities: Collection<Key, number>;
  readonly views: Collection<Key, number>;
  /** What a read that begins now must at least see. */
  readonly known: Map<Key, number>;
  readonly answered: Map<Key, number>;
  position: LogPosition;
}

/**
 * Two nodes with their real caches, one modelled log with its values, one database that others write to
 * as well. Every message is a point where the scheduler may let anything else go first.
 */
export class Fleet {
  readonly #scheduler: fc.Scheduler;
  readonly #clock = manualClock();
  readonly #log = new SharedLog();
  readonly #versions = new Map<Key, number>();
  readonly #published = new Map<Key, Publication[]>();
  readonly #nodes: readonly Node[];
  readonly #ids: string[] = [];
  fromMemory = 0;

  constructor(scheduler: fc.Scheduler) {
    this.#scheduler = scheduler;
    this.#nodes = [this.#start(), this.#start()];
  }

  async run(step: Step): Promise<void> {
    await this.#anything(`${step.kind} begins`);
    const node = this.#nodes[step.kind === 'redis' ? 0 : step.node];
    if (!node) throw new RangeError('There is no such node.');
    switch (step.kind) {
      case 'read':
        return this.#read(node, step.key, step.view);
      case 'write':
        return this.#write(node, step);
      case 'catchUp':
        return this.#catchUp(node);
      case 'flush':
        return node.cache.flush();
      case 'redis':
        return this.#disturb(step.fault);
    }
  }

  /** Once nothing is under way any more, every node answers what the database says. */
  async settle(): Promise<void> {
    for (const node of this.#nodes) {
      await this.#catchUp(node);
      node.cache.settle(this.#ids);
      for (const [id, version] of this.#versions) {
        expect([(await node.views.get(id)).value, (await node.entities.get(id)).value]).toEqual([
          version,
          version,
        ]);
      }
    }
  }

  #start(): Node {
    const travel = (label: string): Promise<void> => this.#anything(label);
    const l2 = this.#log.layer({ travel });
    const cache = createTieredCache({ l2, clock: this.#clock, maxEntries: 10 });
    const load = (ids: readonly Key[]): Promise<Loaded<number>[]> => this.#load(ids);
    const entities = cache.collection<Key, number>({
      keyOf: (id) => rowKey(`entity ${id}`),
      load,
      versionOf: (version) => version,
    });
    const views = cache.collection<Key, number>({ keyOf: (id) => rowKey(`view ${id}`), load });
    const { position } = this.#log;
    cache.confirm(PARTITION, position, this.#clock.now());
    return { cache, entities, views, known: new Map(), answered: new Map(), position };
  }

  async #read(node: Node, id: Key, isView: boolean, options: ReadOptions = {}, least = 0) {
    const needed = Math.max(least, node.known.get(id) ?? 0, this.#outlived(id));
    const answered = node.answered.get(id) ?? 0;
    const { value, servedFrom } = await (isView ? node.views : node.entities).get(id, options);
    if (servedFrom === 'L1') this.fromMemory += 1;
    expect(value, `${id} from ${servedFrom}`).toBeGreaterThanOrEqual(needed);
    if (isView) return;
    expect(value, `${id} went back`).toBeGreaterThanOrEqual(answered);
    node.answered.set(id, Math.max(value, node.answered.get(id) ?? 0));
  }

  /** What was published longer ago than a lease lasts is seen by everyone, heard or not. */
  #outlived(id: Key): number {
    const sinceMs = this.#clock.now() - LEASE_MS;
    const old = (this.#published.get(id) ?? []).filter(({ atMs }) => atMs <= sinceMs);
    return Math.max(0, ...old.map(({ version }) => version));
  }

  async #write(node: Node, { key: id, own, fates, follow }: Extract<Step, { kind: 'write' }>) {
    const event = eventOf([], { keys: [rowKey(`entity ${id}`), rowKey(`view ${id}`)] });
    if (own) node.cache.begin([event]);
    await this.#anything('commits');
    const version = (this.#versions.get(id) ?? 0) + 1;
    this.#versions.set(id, version);
    if (own) know(node, id, version);
    await this.#anything('is published');
    const sequenced = this.#publish(event, id, version);
    const deliveries = this.#nodes.flatMap((to, index) =>
      this.#deliver(to, sequenced, id, version, fates[index] ?? 'once'),
    );
    await this.#anything('is answered');
    if (own && follow !== 'lost reply') this.#apply(node, sequenced, id, version);
    if (own && follow === 'session') {
      const other = this.#nodes.find((each) => each !== node) ?? node;
      const atLeast = node.cache.tokenOf([event]);
      await this.#read(other, id, true, { atLeast }, version);
    }
    await Promise.all(deliveries);
  }

  #publish(event: CacheEvent, id: Key, version: number): SequencedEvent {
    const publications = this.#published.get(id) ?? [];
    publications.push({ version, atMs: this.#clock.now() });
    this.#published.set(id, publications);
    this.#ids.push(event.eventId);
    return { ...this.#log.publish(event), event: { ...event, version, resourceId: id } };
  }

  #deliver(to: Node, sequenced: SequencedEvent, id: Key, version: number, fate: Fate) {
    const times = { lost: 0, once: 1, twice: 2 }[fate];
    return Array.from({ length: times }, async () => {
      await this.#anything('arrives');
      this.#apply(to, sequenced, id, version);
      const { base, sequence } = sequenced;
      if (base === to.position.base && sequence === to.position.sequence + 1n) {
        to.position = { base, sequence };
      }
    });
  }

  #apply(node: Node, sequenced: SequencedEvent, id: Key, version: number): void {
    node.cache.apply(sequenced);
    know(node, id, version);
  }

  async #catchUp(node: Node): Promise<void> {
    const sentAtMs = this.#clock.now();
    const sent = node.position;
    await this.#anything('catch-up is executed');
    const { position } = this.#log;
    const missed = this.#log.since(sent);
    await this.#anything('catch-up is answered');
    if (missed === null) node.cache.lose(PARTITION, position);
    for (const sequenced of missed ?? []) node.cache.apply(sequenced);
    const isOld = position.base < node.position.base;
    if (isOld) return;
    const goesOn = position.base > node.position.base || position.sequence > node.position.sequence;
    if (goesOn) node.position = position;
    node.cache.confirm(PARTITION, position, sentAtMs);
  }

  #disturb(fault: Extract<Step, { kind: 'redis' }>['fault']): void {
    if (fault === 'trim') this.#log.trim();
    if (fault === 'FLUSHDB') this.#log.loseEverything();
    if (fault === 'failover') this.#log.failOver();
    if (fault === 'values expire') this.#log.loseValues();
    if (fault === 'tombstones expire') this.#log.expireTombstones();
    if (fault === 'time passes') this.#clock.advance(LEASE_MS / 2);
  }

  async #load(ids: readonly Key[]): Promise<Loaded<number>[]> {
    await this.#anything('snapshot is taken');
    const rows = ids.map((id) => ({ value: this.#versions.get(id) ?? 0, asOf: 0 }));
    await this.#anything('load is answered');
    return rows;
  }

  #anything(label: string): Promise<void> {
    return this.#scheduler.schedule(Promise.resolve(), label);
  }
}

function know(node: Node, id: Key, version: number): void {
  node.known.set(id, Math.max(node.known.get(id) ?? 0, version));
}
