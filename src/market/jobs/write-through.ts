import type { Cached } from '../../cache/types.ts';
import type { CacheEvent } from '../../domain/cache-event.ts';
import { keyText, type CacheKey } from '../../domain/cache-key.ts';
import type { CacheNamespace } from '../../domain/cache-namespace.ts';
import type { WriteThroughReporter } from '../../domain/cache-reporter.ts';
import { parsePairKey } from '../../domain/catalog.ts';
import { UNPUBLISHED, type ConsistencyToken } from '../../domain/consistency-token.ts';
import type { Logger, Running } from '../../domain/logger.ts';
import { partitionOf } from '../../domain/partition.ts';
import type { MarketReads } from '../types.ts';
import { createCoalescer } from './coalescer.ts';

/** Of one commit: a provider that goes offline changes thousands of units at once. */
const MAX_KEYS_OF_COMMIT = 32;

/** Keys that wait for the reload under way; what is more is loaded by its first reader. */
const MAX_WAITING = 256;

const ENTITY_KINDS = ['gpu', 'price', 'provider'] as const;
type EntityKind = (typeof ENTITY_KINDS)[number];

export interface WriteThrough extends Running {
  /**
   * These events were committed here; `token` tells in which partitions they are published. Returns at
   * once: the changed units, prices and providers are loaded anew in the background.
   */
  committed(events: readonly CacheEvent[], token: ConsistencyToken): void;
}

export interface WriteThroughOptions {
  readonly reads: Pick<MarketReads, 'units' | 'prices' | 'providers'>;
  readonly reporter: WriteThroughReporter;
  readonly logger: Logger;
}

/**
 * Puts changed entities back into L2 before another node misses them. It reads them as any reader does
 * and never fills what was committed: two writers' invalidations may arrive in the other order. What is
 * not published is left alone: Redis is away or slow, and nothing may be kept of it.
 * Source: design "The cache", §5; `docs/decisions/0007-write-through-is-a-reload.md`.
 */
export function createWriteThrough({ reads, reporter, logger }: WriteThroughOptions): WriteThrough {
  const run = createCoalescer();
  const waiting = new Map<string, CacheKey>();
  let running: Promise<void> = Promise.resolve();
  let stopped = false;

  async function reload(): Promise<void> {
    // The request that has written goes on first.
    await new Promise(setImmediate);
    if (stopped) return;
    const keys = [...waiting.values()];
    waiting.clear();
    const pairs = named(keys, 'price').flatMap((name) => parsePairKey(name) ?? []);
    try {
      const [units, prices, providers] = await Promise.all([
        reads.units(named(keys, 'gpu')),
        reads.prices(pairs),
        reads.providers(named(keys, 'provider')),
      ]);
      report('GPU_AVAILABILITY', units);
      report('GPU_PRICING', prices);
      report('PROVIDER_STATUS', providers);
    } catch (error) {
      logger.debug({ err: error }, 'changed entities could not be loaded anew');
    }
  }

  function report(namespace: CacheNamespace, answers: readonly Cached<unknown>[]): void {
    for (const { servedFrom } of answers)
      if (servedFrom === 'DATABASE') reporter.writtenThrough(namespace);
  }

  return {
    committed(events, token) {
      if (stopped) return;
      for (const key of publishedEntities(events, token))
        if (waiting.size < MAX_WAITING) waiting.set(keyText(key), key);
      if (waiting.size > 0) running = run(reload);
    },
    async stop() {
      stopped = true;
      await running;
    },
  };
}

/** What an operator has invalidated is to be forgotten: only changes are loaded anew. */
function publishedEntities(
  events: readonly CacheEvent[],
  { partitions }: ConsistencyToken,
): CacheKey[] {
  return events
    .filter(({ type }) => type !== 'MANUAL_INVALIDATION')
    .flatMap(({ keys }) => keys)
    .filter(({ key }) => ENTITY_KINDS.some((kind) => key.startsWith(`${kind}:`)))
    .filter(({ region }) => partitions.get(partitionOf(region)) !== UNPUBLISHED)
    .slice(0, MAX_KEYS_OF_COMMIT);
}

function named(keys: readonly CacheKey[], kind: EntityKind): string[] {
  const prefix = `${kind}:`;
  return keys
    .filter(({ key }) => key.startsWith(prefix))
    .map(({ key }) => key.slice(prefix.length));
}
