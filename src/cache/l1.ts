import { LRUCache } from 'lru-cache';
import type { CacheKey } from '../domain/cache-key.ts';
import {
  CACHE_NAMESPACES,
  NAMESPACE_POLICIES,
  type CacheNamespace,
} from '../domain/cache-namespace.ts';
import type { Cached } from './types.ts';

export interface L1Entry {
  readonly key: CacheKey;
  readonly partition: number;
  /** Ready to be answered; `sequence` is the entry's token. */
  readonly cached: Cached<unknown>;
  /** Row version of an entity. */
  readonly version: number | null;
  /** By the coarse clock. */
  readonly expiresAtMs: number;
  /** From then on it is loaded anew in the background, once it is read. */
  readonly refreshAtMs: number;
  /** Encoded, with its key. */
  readonly bytes: number;
}

/** A value on its way into L1, with the right to be there. */
export interface Candidate extends Omit<L1Entry, 'partition'> {
  /** Of the ticket that it was asked for with; its token is `cached.sequence`. */
  readonly generation: number;
}

export interface L1Options {
  /** Of all namespaces together; bytes are bounded per namespace by its policy. */
  readonly maxEntries: number;
  readonly onEvict: (namespace: CacheNamespace) => void;
}

type Shelf = LRUCache<string, L1Entry>;

/**
 * A node's memory: decoded values by namespace, least recently used ones first to go. When entries
 * are short the fullest namespace gives way, so that a flood of units cannot push out the prices.
 */
export class L1 {
  readonly #maxEntries: number;
  readonly #shelves: ReadonlyMap<CacheNamespace, Shelf>;

  constructor({ maxEntries, onEvict }: L1Options) {
    this.#maxEntries = maxEntries;
    const shelf = (namespace: CacheNamespace): Shelf =>
      new LRUCache({
        max: maxEntries,
        maxSize: NAMESPACE_POLICIES[namespace].memoryLimitBytes,
        sizeCalculation: (entry) => entry.bytes,
        dispose: (_, __, reason) => {
          if (reason === 'evict') onEvict(namespace);
        },
      });
    this.#shelves = new Map(CACHE_NAMESPACES.map((namespace) => [namespace, shelf(namespace)]));
  }

  get({ namespace, key }: CacheKey): L1Entry | undefined {
    return this.#shelves.get(namespace)?.get(key);
  }

  set(entry: L1Entry): void {
    this.#shelves.get(entry.key.namespace)?.set(entry.key.key, entry);
    while (this.#entries() > this.#maxEntries) this.#fullest()?.pop();
  }

  delete({ namespace, key }: CacheKey): void {
    this.#shelves.get(namespace)?.delete(key);
  }

  deleteWhere(matches: (entry: L1Entry) => boolean): void {
    for (const shelf of this.#shelves.values()) {
      const found = [...shelf.values()].filter(matches);
      for (const { key } of found) shelf.delete(key.key);
    }
  }

  /** Lets go of this share of every namespace, the least recently used first. */
  shed(share: number): void {
    for (const shelf of this.#shelves.values()) {
      const left = Math.floor(shelf.size * (1 - share));
      while (shelf.size > left) shelf.pop();
    }
  }

  held(namespace: CacheNamespace): { entries: number; bytes: number } {
    const shelf = this.#shelves.get(namespace);
    return { entries: shelf?.size ?? 0, bytes: shelf?.calculatedSize ?? 0 };
  }

  #entries(): number {
    let entries = 0;
    for (const shelf of this.#shelves.values()) entries += shelf.size;
    return entries;
  }

  #fullest(): Shelf | undefined {
    let fullest: Shelf | undefined;
    for (const shelf of this.#shelves.values()) {
      if (!fullest || shelf.size > fullest.size) fullest = shelf;
    }
    return fullest;
  }
}
