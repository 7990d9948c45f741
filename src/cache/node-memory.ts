import type { CacheReporter } from '../domain/cache-reporter.ts';
import type { CacheEvent, SequencedEvent } from '../domain/cache-event.ts';
import type { CacheKey } from '../domain/cache-key.ts';
import { NAMESPACE_POLICIES, type CacheNamespace } from '../domain/cache-namespace.ts';
import type { LogPosition } from '../domain/log-position.ts';
import { PARTITIONS, partitionOf } from '../domain/partition.ts';
import { MINUTE_MS } from '../domain/time.ts';
import { Arrivals } from './arrivals.ts';
import type { CoarseClock } from './coarse-clock.ts';
import { drivenNamespaces, type EventDriven } from './event-driven.ts';
import { Flights } from './flights.ts';
import { invalidate } from './invalidation.ts';
import { L1, type Candidate, type L1Entry } from './l1.ts';
import { Leases } from './leases.ts';
import { PartitionState, type Standing, type Ticket, type Verdict } from './partition-state.ts';
import { Pending } from './pending.ts';
import { ServedVersions } from './served-versions.ts';
import type { Cached } from './types.ts';

/** How long after its death a value may still stand in for a system of record that is away. */
const LAST_RESORT_MS = 10 * MINUTE_MS;

export interface NodeMemoryOptions {
  readonly clock: CoarseClock;
  readonly reporter: CacheReporter;
  readonly maxEntries: number;
  /** There are no other nodes: nothing can be missed. */
  readonly alone: boolean;
  readonly eventDriven: EventDriven;
}

/**
 * Everything that one node knows without asking: L1, what is pending, how far each partition's log was
 * applied. All of it is synchronous, so a rule holds from one statement to the next. The invariant: no
 * value is kept or joined that was read before something which was applied, committed here or missed.
 */
export class NodeMemory {
  readonly flights = new Flights();
  readonly arrivals = new Arrivals();
  readonly versions = new ServedVersions();
  readonly pending: Pending;
  readonly leases: Leases;
  readonly #clock: CoarseClock;
  readonly #reporter: CacheReporter;
  readonly #l1: L1;
  readonly #partitions: readonly PartitionState[];
  readonly #driven: ReadonlySet<CacheNamespace>;

  constructor({ clock, reporter, maxEntries, alone, eventDriven }: NodeMemoryOptions) {
    this.#clock = clock;
    this.#reporter = reporter;
    this.#partitions = Array.from({ length: PARTITIONS }, () => new PartitionState(alone));
    this.#driven = drivenNamespaces(eventDriven);
    this.leases = new Leases(clock, alone);
    this.pending = new Pending(() => clock.now());
    this.#l1 = new L1({ maxEntries, onEvict: (namespace) => reporter.evicted(namespace) });
  }

  held(namespace: CacheNamespace): { entries: number; bytes: number } {
    return this.#l1.held(namespace);
  }

  position(partition: number): LogPosition {
    return this.#state(partition).position();
  }

  ticket(partition: number): Ticket {
    return this.#state(partition).ticket();
  }

  /** Step 1 of reading: what L1 may answer. */
  find(key: CacheKey): L1Entry | null {
    const entry = this.#l1.get(key);
    if (!entry || this.pending.covers(key) || entry.expiresAtMs <= this.#clock.now()) return null;
    if (!this.#driven.has(key.namespace)) return this.#ofAge(entry);
    if (this.leases.trusts(entry.partition)) return entry;
    return isCritical(key) ? null : { ...entry, cached: this.#asDegraded(entry) };
  }

  /** Whether there may be a value that died of its age. */
  mayHaveLastResort(key: CacheKey): boolean {
    return this.#l1.get(key) !== undefined && !this.pending.covers(key);
  }

  /**
   * Stale-if-error: a value that has died of nothing but its age. Everything that an event, a flush or
   * a commit of this node has made old is refused, as it is everywhere.
   */
  lastResort(key: CacheKey): Cached<unknown> | null {
    const entry = this.#l1.get(key);
    if (!entry || this.pending.covers(key)) return null;
    const { partition, expiresAtMs } = entry;
    const mayServe = !isCritical(key) || this.leases.trusts(partition);
    const isTooOld = expiresAtMs + LAST_RESORT_MS <= this.#clock.now();
    return mayServe && !isTooOld && !this.#isOutdated(entry) ? this.#asDegraded(entry) : null;
  }

  /**
   * Judges the position of a look-up that began with `ticket`. An older one than was applied here comes
   * from a Redis that has lost something; a newer incarnation makes everything known here worthless.
   */
  judge(partition: number, { base, sequence }: LogPosition, ticket: Ticket): Verdict {
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
  put({ generation, ...candidate }: Candidate): boolean {
    const { key, cached, version } = candidate;
    const partition = partitionOf(key.region);
    const entry = { ...candidate, partition };
    const refused =
      generation !== this.#state(partition).generation ||
      (this.#driven.has(key.namespace) && this.#isOutdated(entry)) ||
      this.pending.covers(key) ||
      this.versions.isOlder(key, version);
    if (refused) return false;
    const held = this.#l1.get(key);
    if (held && held.cached.sequence > cached.sequence) return true;
    this.#l1.set(entry);
    return true;
  }

  /** Notes what is answered; a load that was not kept may have seen more than the one that was. */
  serve(key: CacheKey, version: number | null): void {
    this.versions.note(key, version);
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

  apply(sequenced: SequencedEvent): void {
    const { event, partition, base, sequence } = sequenced;
    const state = this.#state(partition);
    const incarnation = state.meet(base);
    if (incarnation === 'newer') this.#follow(partition, base);
    if (incarnation === 'older') this.forget(partition);
    else {
      state.applied(sequence);
      const { floors } = state;
      const driven = this.#driven;
      invalidate(
        { floors, driven, flights: this.flights, l1: this.#l1, reporter: this.#reporter },
        sequenced,
      );
    }
    this.pending.clear(event.eventId, partition);
    this.arrivals.notify();
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

  /** Memory is short: the least recently used part goes. */
  shed(share: number): void {
    this.#l1.shed(share);
  }

  forgetAll(): void {
    for (let partition = 0; partition < PARTITIONS; partition += 1) this.forget(partition);
  }

  /** Every event up to `position` was applied; the first such word may come after missed ones. */
  confirm(partition: number, position: LogPosition, sentAtMs: number): void {
    const state = this.#state(partition);
    const incarnation = state.meet(position.base);
    if (incarnation === 'older') return;
    if (incarnation === 'newer' || !state.isCaughtUp) this.lose(partition, position);
    state.caughtUp(position.sequence);
    this.leases.extend(partition, sentAtMs);
    this.arrivals.notify();
  }

  /** What was missed may have been anything: nothing read before `position` was is kept. */
  lose(partition: number, { base, sequence }: LogPosition): void {
    const state = this.#state(partition);
    if (state.base !== base) state.follow(base);
    state.caughtUp(sequence);
    this.leases.end(partition);
    this.forget(partition);
    this.arrivals.notify();
  }

  /** Whether this node's state shows everything up to a place in the log. */
  standing(partition: number, position: LogPosition): Standing {
    return this.#state(partition).standing(position);
  }

  /** Age alone decides; what events would have made old is counted. */
  #ofAge(entry: L1Entry): L1Entry {
    if (this.#isOutdated(entry)) this.#reporter.staleServed(entry.key.namespace);
    return entry;
  }

  #isOutdated({ key, partition, cached }: L1Entry): boolean {
    return cached.sequence < this.#state(partition).floors.of(key);
  }

  #asDegraded({ key, cached }: L1Entry): Cached<unknown> {
    this.#reporter.staleServed(key.namespace);
    return { ...cached, degraded: true };
  }

  #state(partition: number): PartitionState {
    const state = this.#partitions[partition];
    if (!state) throw new RangeError(`There is no partition ${partition}.`);
    return state;
  }

  #follow(partition: number, base: bigint): void {
    this.#state(partition).follow(base);
    this.leases.end(partition);
    this.forget(partition);
  }
}

function isCritical({ namespace }: CacheKey): boolean {
  return NAMESPACE_POLICIES[namespace].critical;
}
