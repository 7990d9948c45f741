import { isDeepStrictEqual } from 'node:util';
import type { Cached, Collection, CollectionOptions, Loaded } from '../../cache/types.ts';
import type { CacheKey } from '../../domain/cache-key.ts';
import { keyText } from '../../domain/cache-key.ts';
import type { CacheNamespace } from '../../domain/cache-namespace.ts';
import type { Logger, Running } from '../../domain/logger.ts';
import { SECOND_MS } from '../../domain/time.ts';

/** One of so many L1 hits is checked. */
const ONE_OF = 1000;
/** By now every node has heard of a change, or knows that it has not. */
const LAG_WINDOW_MS = 5 * SECOND_MS;
/** Checks under way at once: what is more is not checked. */
const MAX_UNDER_WAY = 16;

export interface CheckerOptions {
  readonly logger: Logger;
  /** An answer from memory was older than the database had been for the whole lag window. */
  readonly onInconsistent: (namespace: CacheNamespace) => void;
  /** True while changes wait for the bus: nothing can be said then. */
  readonly isBehind: () => boolean;
  readonly oneOf?: number;
  readonly lagWindowMs?: number;
}

export interface Checker extends Running {
  /** The same collection, with some of its L1 hits checked afterwards. */
  checking<K, V>(options: CollectionOptions<K, V>, collection: Collection<K, V>): Collection<K, V>;
}

/**
 * Compares some answers from memory with the database. The database is read first, then the lag window
 * passes, then memory is asked again: what it answers from before that read, and differently, it should
 * have forgotten. After Meta's Polaris; the count must stay 0.
 */
export function createChecker(options: CheckerOptions): Checker {
  const { oneOf = ONE_OF, lagWindowMs = LAG_WINDOW_MS } = options;
  const waiting = new Map<NodeJS.Timeout, () => void>();
  let hits = 0;
  let underWay = 0;
  let stopped = false;

  function passed(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        waiting.delete(timer);
        resolve();
      }, lagWindowMs);
      timer.unref();
      waiting.set(timer, resolve);
    });
  }

  async function check<K, V>(
    { keyOf, load, settled = (value) => value }: CollectionOptions<K, V>,
    collection: Collection<K, V>,
    id: K,
  ): Promise<void> {
    const [truth] = await load([id]);
    await passed();
    if (stopped || !truth || options.isBehind()) return;
    const answer = await collection.get(id);
    const [held, stored] = [settled(answer.value), settled(truth.value)];
    if (!isJudged(answer, truth) || isDeepStrictEqual(held, stored)) return;
    report(keyOf(id), answer, truth);
  }

  function report(
    key: CacheKey,
    { sequence, asOf }: Cached<unknown>,
    truth: Loaded<unknown>,
  ): void {
    options.onInconsistent(key.namespace);
    const found = { key: keyText(key), sequence: `${sequence}`, asOf, truthAsOf: truth.asOf };
    options.logger.error(found, 'memory answered what the database had no longer');
  }

  function sample<K, V>(
    collectionOptions: CollectionOptions<K, V>,
    collection: Collection<K, V>,
    id: K,
    { servedFrom }: Cached<V>,
  ): void {
    if (servedFrom !== 'L1') return;
    hits += 1;
    if (hits % oneOf !== 0 || underWay >= MAX_UNDER_WAY || stopped) return;
    underWay += 1;
    check(collectionOptions, collection, id)
      .catch((error: unknown) =>
        options.logger.debug({ err: error }, 'a check of the cache failed'),
      )
      .finally(() => (underWay -= 1));
  }

  return {
    checking: (collectionOptions, collection) => ({
      get: async (id, readOptions) => {
        const answer = await collection.get(id, readOptions);
        sample(collectionOptions, collection, id, answer);
        return answer;
      },
      getMany: async (ids, readOptions) => {
        const answers = await collection.getMany(ids, readOptions);
        for (const [index, answer] of answers.entries())
          sample(collectionOptions, collection, ids[index] as (typeof ids)[number], answer);
        return answers;
      },
    }),
    async stop() {
      stopped = true;
      for (const [timer, resolve] of waiting) {
        clearTimeout(timer);
        resolve();
      }
      waiting.clear();
    },
  };
}

/** Only memory is judged, and only for what it kept from before the database was read. */
function isJudged(answer: Cached<unknown>, truth: Loaded<unknown>): boolean {
  return answer.servedFrom === 'L1' && !answer.degraded && answer.asOf < truth.asOf;
}
