import type { CacheEvent } from '../domain/cache-event.ts';
import { keyText, type CacheKey } from '../domain/cache-key.ts';
import { NAMESPACE_POLICIES } from '../domain/cache-namespace.ts';
import { partitionOf } from '../domain/partition.ts';
import { MINUTE_MS } from '../domain/time.ts';
import { longest } from './ttl.ts';

/** About 20 minutes of the highest load that the design expects, with Redis away all the time. */
const MAX_EVENTS = 65_536;

/** Covers a slow commit, a load of 10 s and a fill at 20 s. */
const COMMIT_AND_FILL_MS = 2 * MINUTE_MS;

/** After this much time no value of any namespace is left in L2 from before a commit. */
const LONGEST_LIFE_MS =
  COMMIT_AND_FILL_MS + longest(Math.max(...Object.values(NAMESPACE_POLICIES).map((p) => p.ttlMs)));

interface PendingEvent {
  readonly keys: readonly CacheKey[];
  /** From then on L2 can hold nothing older than the commit, whether the event came or not. */
  readonly untilMs: number;
}

/**
 * The keys that this node's writers have changed, from before their commit until their events are
 * applied. Without it read-your-writes breaks: L2 holds the old value until the event is out.
 */
export class Pending {
  readonly #now: () => number;
  readonly #events = new Map<string, PendingEvent>();
  readonly #byKey = new Map<string, Set<string>>();
  /** While more is pending than can be remembered, everything is. */
  #everythingUntilMs = -Infinity;

  constructor(now: () => number) {
    this.#now = now;
  }

  get size(): number {
    return this.#events.size;
  }

  eventIds(): string[] {
    return [...this.#events.keys()];
  }

  add({ eventId, keys }: CacheEvent): void {
    if (keys.length === 0) return;
    if (this.#events.size >= MAX_EVENTS) {
      this.#everythingUntilMs = this.#now() + LONGEST_LIFE_MS;
      return;
    }
    const ttlMs = Math.max(...keys.map((key) => NAMESPACE_POLICIES[key.namespace].ttlMs));
    const untilMs = this.#now() + COMMIT_AND_FILL_MS + longest(ttlMs);
    this.#events.set(eventId, { keys, untilMs });
    for (const key of keys) this.#idsOf(key).add(eventId);
  }

  covers(key: CacheKey): boolean {
    if (this.#everythingUntilMs > this.#now()) return true;
    if (this.#events.size === 0) return false;
    for (const eventId of this.#byKey.get(keyText(key)) ?? []) {
      const event = this.#events.get(eventId);
      if (event && event.untilMs > this.#now()) return true;
      this.remove(eventId);
    }
    return false;
  }

  /** Whether an event was begun here and not yet applied in a partition. */
  has(eventId: string, partition: number): boolean {
    if (this.#everythingUntilMs > this.#now()) return true;
    return this.keysOf(eventId).some(({ region }) => partitionOf(region) === partition);
  }

  keysOf(eventId: string): readonly CacheKey[] {
    return this.#events.get(eventId)?.keys ?? [];
  }

  /** The event was applied in one partition: its keys there are pending no more. */
  clear(eventId: string, partition: number): void {
    const event = this.#events.get(eventId);
    if (!event) return;
    const isHere = (key: CacheKey): boolean => partitionOf(key.region) === partition;
    this.#release(eventId, event.keys.filter(isHere));
    const keys = event.keys.filter((key) => !isHere(key));
    if (keys.length === 0) this.#events.delete(eventId);
    else this.#events.set(eventId, { ...event, keys });
  }

  remove(eventId: string): void {
    this.#release(eventId, this.keysOf(eventId));
    this.#events.delete(eventId);
  }

  #release(eventId: string, keys: readonly CacheKey[]): void {
    for (const key of keys) {
      const text = keyText(key);
      const ids = this.#byKey.get(text);
      ids?.delete(eventId);
      if (ids?.size === 0) this.#byKey.delete(text);
    }
  }

  #idsOf(key: CacheKey): Set<string> {
    const text = keyText(key);
    const ids = this.#byKey.get(text) ?? new Set();
    this.#byKey.set(text, ids);
    return ids;
  }
}
