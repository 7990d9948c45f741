import type { CacheReporter } from '../domain/cache-reporter.ts';
import {
  invalidatesNamespaces,
  type CacheEvent,
  type SequencedEvent,
} from '../domain/cache-event.ts';
import { keyText, type CacheKey } from '../domain/cache-key.ts';
import { NAMESPACE_POLICIES, type CacheNamespace } from '../domain/cache-namespace.ts';
import { PARTITIONS, partitionOf } from '../domain/partition.ts';
import type { CoarseClock } from './coarse-clock.ts';
import { Flights } from './flights.ts';
import { L1 } from './l1.ts';
import { PartitionState, type Position, type Ticket } from './partition-state.ts';
import { Pending } from './pending.ts';
import { ServedVersions } from './served-versions.ts';
import type { Cached } from './types.ts';

export interface NodeMemoryOptions {
  readonly clock: CoarseClock;
  readonly reporter: CacheReporter;
  readonly maxEntries: number;
  readonly trusted: boolean;
}

/** What a reader may do with the position that L2 answered. */
export type Verdict = 'current' | 'restart' | 'regressed';

/** A value on its way into L1, with the right to be there. */
export interface Candidate {
  readonly key: CacheKey;
  readonly cached: Cached<unknown>;
  readonly version: number | null;
  readonly expiresAtMs: number;
  readonly bytes: number;
  /** Of the ticket that it was asked for with; its token is `cached.sequence`. */
  readonly generation: number;
}

/**
 * Everything that one node knows without asking: L1, what is pending, how far each partition's log was
 * applied. All of it is synchronous, so a rule holds from one statement to the next. The invariant: no
 * value is kept or joined that was read before something which was applied, committed here or missed.
 */
export class NodeMemory {
  readonly flights = new Flights();
  readonly pending: Pending;
  readonly #clock: CoarseClock;
  readonly #reporter: CacheReporter;
  readonly #l1: L1;
  readonly #versions = new ServedVersions();
  readonly #partitions = Array.from({ length: PARTITIONS }, () => new PartitionState());
  #trusted: boolean;
  #l2Answers = true;

  constructor({ clock, reporter, maxEntries, trusted }: NodeMemoryOptions) {
    this.#clock = clock;
    this.#reporter = reporter;
    this.#trusted = trusted;
    this.pending = new Pending(() => clock.now());
    this.#l1 = new L1({ maxEntries, onEvict: (namespace) => reporter.evicted(namespace) });
  }

  get trusted(): boolean {
    return this.#trusted && this.#l2Answers;
  }

  held(namespace: CacheNamespace): { entries: number; bytes: number } {
    return this.#l1.held(namespace);
  }

  position(partition: number): Position {
    return this.#state(partition).position();
  }

  ticket(partition: number): Ticket {
    return this.#state(partition).ticket();
  }

  /** Step 1 of reading: what L1 may answer. */
  find(key: CacheKey): Cached<unknown> | null {
    const entry = this.#l1.get(key);
    if (!entry || this.pending.covers(key)) return null;
    if (entry.expiresAtMs <= this.#clock.now()) {
      this.#l1.delete(key);
      return null;
    }
    if (this.trusted) return entry.cached;
    if (NAMESPACE_POLICIES[key.namespace].critical) return null;
    this.#reporter.staleServed(key.namespace);
    return { ...entry.cached, degraded: true };
  }

  /**
   * Judges the position of a look-up that began with `ticket`. An older one than was applied here comes
   * from a Redis that has lost something; a newer incarnation makes everything known here worthless.
   */
  judge(partition: number, { base, sequence }: Position, ticket: Ticket): Verdict {
    const incarnation = this.#state(partition).meet(base);
    if (incarnation === 'older') return 'regressed';
    if (incarnation === 'newer') {
      this.#follow(partition, base);
      return 'restart';
    }
    return ticket.base === base && sequence < ticket.highest ? 'regressed' : 'current';
  }

  /**
   * The L1 rule. False when the value may be older than what this node knows of. A new incarnation is a
   * new generation, so tokens that meet here are of one base.
   */
  put({ key, cached, version, expiresAtMs, bytes, generation }: Candidate): boolean {
    const partition = partitionOf(key.region);
    const state = this.#state(partition);
    const refused =
      generation !== state.generation ||
      cached.sequence < state.floors.of(key) ||
      this.pending.covers(key) ||
      this.isOutdated(key, version);
    if (refused) return false;
    const held = this.#l1.get(key);
    if (held && held.cached.sequence > cached.sequence) return true;
    this.#l1.set({ key, partition, cached, version, expiresAtMs, bytes });
    return true;
  }

  /** Whether answering this version of an entity would go back behind one that was served. */
  isOutdated(key: CacheKey, version: number | null): boolean {
    return this.#versions.isOlder(keyText(key), version);
  }

  /** The version of an entity that was served last; undefined when none was, or it is forgotten. */
  servedVersion(key: CacheKey): number | undefined {
    return this.#versions.of(keyText(key));
  }

  /** Notes what is answered; a load that was not kept may have seen more than the one that was. */
  serve(key: CacheKey, version: number | null): void {
    this.#versions.note(keyText(key), version);
    const held = this.#l1.get(key)?.version ?? null;
    if (held !== null && version !== null && held < version) this.#l1.delete(key);
  }

  /**
   * A writer of this node is about to commit these. Loads under way serve their readers and are not
   * kept; values in memory are not answered while their keys are pending, and the event drops them.
   */
  begin(events: readonly CacheEvent[]): void {
    for (const event of events) {
      this.pending.add(event);
      for (const key of event.keys) this.flights.detach(key);
    }
  }

  apply({ event, partition, base, sequence }: SequencedEvent): void {
    const incarnation = this.#state(partition).meet(base);
    if (incarnation === 'newer') this.#follow(partition, base);
    if (incarnation === 'older') this.forget(partition);
    else this.#invalidate(event, partition, sequence);
    this.pending.clear(event.eventId, partition);
  }

  settle(eventIds: readonly string[]): void {
    const keys = eventIds.flatMap((eventId) => this.pending.keysOf(eventId));
    for (const partition of new Set(keys.map((key) => partitionOf(key.region)))) {
      this.forget(partition);
    }
    for (const eventId of eventIds) this.pending.remove(eventId);
  }

  forget(partition: number): void {
    this.#state(partition).forget();
    this.#l1.deleteWhere((entry) => entry.partition === partition);
    this.flights.detachWhere((key) => partitionOf(key.region) === partition);
    this.#reporter.flushed(partition);
  }

  forgetAll(): void {
    for (let partition = 0; partition < PARTITIONS; partition += 1) this.forget(partition);
  }

  trust(trusted: boolean): void {
    if (trusted && !this.#trusted) this.forgetAll();
    this.#trusted = trusted;
  }

  /** While L2 does not answer, the event stream that comes from the same Redis may be as dead. */
  noteL2(answers: boolean): void {
    this.#l2Answers = answers;
  }

  #state(partition: number): PartitionState {
    const state = this.#partitions[partition];
    if (!state) throw new RangeError(`There is no partition ${partition}.`);
    return state;
  }

  #follow(partition: number, base: bigint): void {
    this.forget(partition);
    this.#state(partition).follow(base);
  }

  #invalidate(event: CacheEvent, partition: number, sequence: bigint): void {
    const { floors } = this.#state(partition);
    this.#state(partition).applied(sequence);
    for (const key of event.keys) {
      if (partitionOf(key.region) !== partition) continue;
      floors.raise(key, sequence);
      this.flights.detach(key);
      const held = this.#l1.get(key);
      if (held && held.cached.sequence < sequence) this.#l1.delete(key);
      this.#reporter.invalidated(key.namespace);
    }
    if (!invalidatesNamespaces(event)) return;
    for (const namespace of event.affectedNamespaces) {
      floors.raiseNamespace(namespace, sequence);
      this.#dropNamespace(partition, namespace, sequence);
    }
  }

  #dropNamespace(partition: number, namespace: CacheNamespace, sequence: bigint): void {
    this.flights.detachWhere(
      (key) => key.namespace === namespace && partitionOf(key.region) === partition,
    );
    this.#l1.deleteWhere(
      ({ key, partition: home, cached }) =>
        home === partition && key.namespace === namespace && cached.sequence < sequence,
    );
    this.#reporter.invalidated(namespace);
  }
}
