import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Collection, Loaded } from '../../src/cache/types.ts';
import type { CacheEvent } from '../../src/domain/cache-event.ts';
import { priceKey, type CacheKey } from '../../src/domain/cache-key.ts';
import { partitionOf } from '../../src/domain/partition.ts';
import { entryKey, partitionKeys } from '../../src/domain/redis-keys.ts';
import { startMarketNode } from '../../test/support/market-node.ts';
import { until } from '../../test/support/wait.ts';
import { invalidationOf } from './events.ts';
import { createNaiveCache } from './naive-cache.ts';

/** A row is nothing but its version. */
interface Row {
  readonly version: number;
}

/** The system of record of a race: loads answer what there was when they began, once they are let go. */
export class RaceDatabase {
  loads = 0;
  readonly #versions = new Map<string, number>();
  #gate: PromiseWithResolvers<void> | null = null;

  commit(id: string): number {
    const version = this.versionOf(id) + 1;
    this.#versions.set(id, version);
    return version;
  }

  versionOf(id: string): number {
    return this.#versions.get(id) ?? 1;
  }

  /** Loads that begin from now on have their snapshot, but no answer yet. */
  hold(): void {
    this.#gate = Promise.withResolvers();
  }

  release(): void {
    this.#gate?.resolve();
    this.#gate = null;
  }

  async load(id: string): Promise<Row> {
    this.loads += 1;
    const row = { version: this.versionOf(id) };
    await (this.#gate?.promise ?? sleep(1));
    return row;
  }
}

/** A node of either arm. */
export interface Contender {
  read(id: string): Promise<number>;
  /** Commits and tells; `meanwhile` runs between the two. */
  write(id: string, meanwhile?: () => Promise<void>): Promise<void>;
  /** Commits and crashes before it tells anybody; afterwards the node's fleet does what it does about that. */
  commitAndCrash(id: string): Promise<void>;
  /** The channel that tells of a key. */
  channelOf(id: string): string;
  /** Where Redis keeps the value. */
  l2KeyOf(id: string): string;
  /** Where Redis keeps what was told of it; a name that nobody uses where there is no log. */
  logOf(id: string): string;
  /** What an outsider who has overheard a message would send next, to have the same keys dropped. */
  forge(overheard: string): string;
  stop(): Promise<void>;
}

const REGION = 'race-1';
/** Who can PUBLISH on the fleet's Redis does not know it. */
const EVENT_TOKEN = 'a secret of the fleet that signs its events';
const NAMES = partitionKeys(partitionOf(REGION));
const TTL_MS = 60_000;
const PUBLISH_PATIENCE_MS = 8_000;

function keyOf(id: string): CacheKey {
  return priceKey({ gpuType: id, region: REGION });
}

/** Cache, bus and scripts as a server has them; the outbox is a loop that repeats until it is told. */
export async function startEdgebook(redisUrl: string, database: RaceDatabase): Promise<Contender> {
  const node = await startMarketNode({
    database: { path: 'memory://' },
    redisUrl,
    eventToken: EVENT_TOKEN,
  });
  const { bus, cache } = node;
  const rows: Collection<string, Row> = cache.collection<string, Row>({
    keyOf,
    load: (ids) => Promise.all(ids.map((id) => loaded(database.load(id)))),
    versionOf: (row) => row.version,
  });
  const publish = async (event: CacheEvent): Promise<void> => {
    const partition = partitionOf(REGION);
    const { base, sequences } = await bus.publish(partition, [event]);
    cache.apply({ event, partition, base, sequence: sequences[0] ?? 0n });
  };
  const commit = (id: string): CacheEvent => {
    const event = invalidationOf(keyOf(id));
    cache.begin([event]);
    database.commit(id);
    return event;
  };
  const relay = (event: CacheEvent): Promise<unknown> =>
    until(() => publish(event).then(() => true), { timeoutMs: PUBLISH_PATIENCE_MS });
  return {
    read: async (id) => {
      cache.touch();
      return (await rows.get(id)).value.version;
    },
    write: async (id, meanwhile) => {
      const event = commit(id);
      await meanwhile?.();
      await relay(event);
    },
    commitAndCrash: async (id) => void (await relay(commit(id))),
    channelOf: () => NAMES.channel,
    l2KeyOf: (id) => entryKey(partitionOf(REGION), keyOf(id)),
    logOf: () => NAMES.log,
    forge: (overheard) => {
      const sequence = BigInt(overheard.slice(0, overheard.indexOf('|'))) + 1n;
      const rest = overheard.slice(overheard.indexOf('|'));
      return `${sequence}${rest.replace(/"event_id":"[^"]*"/, `"event_id":"${randomUUID()}"`)}`;
    },
    stop: () => node.stop(),
  };
}

async function loaded(row: Promise<Row>): Promise<Loaded<Row>> {
  return { value: await row, asOf: 0 };
}

export async function startNaive(redisUrl: string, database: RaceDatabase): Promise<Contender> {
  const cache = await createNaiveCache({
    url: redisUrl,
    load: (id) => database.load(id),
    ttlMs: TTL_MS,
    maxEntries: 2000,
  });
  return {
    read: async (id) => (await cache.get(id)).version,
    write: async (id, meanwhile) => {
      const version = database.commit(id);
      await meanwhile?.();
      await cache.invalidate(id, version);
    },
    commitAndCrash: async (id) => void database.commit(id),
    channelOf: () => 'naive:invalidations',
    l2KeyOf: (id) => `naive:${id}`,
    logOf: () => 'naive:no-log',
    forge: (overheard) => overheard,
    stop: async () => cache.stop(),
  };
}
