import { Redis } from 'ioredis';
import { LRUCache } from 'lru-cache';

/** What the naive cache says of an invalidation: the row's version is the message, for the judges. */
export type NaiveListener = (key: string, version: number) => void;

export interface NaiveCacheOptions<V> {
  readonly url: string;
  readonly load: (key: string) => Promise<V>;
  readonly ttlMs: number;
  readonly maxEntries: number;
  /** Called after the entry was dropped. */
  readonly onInvalidated?: NaiveListener;
}

/** A cache as it is usually written: the arm that every proof must find guilty. */
export interface NaiveCache<V> {
  get(key: string): Promise<V>;
  /** DEL, then PUBLISH; to be called after the commit. */
  invalidate(key: string, version: number): Promise<void>;
  readonly commands: Redis;
  readonly subscriber: Redis;
  stop(): void;
}

const CHANNEL = 'naive:invalidations';
const COMMAND_TIMEOUT_MS = 150;

/**
 * Publish and delete, with care but without a protocol: L1 and L2 with a TTL, commands that time out,
 * a database behind them when Redis is away, automatic resubscription. Every line of it can be found in
 * tutorials; what it lacks is a reason why a fill, a message or a memory should still be true.
 */
export async function createNaiveCache<V>(options: NaiveCacheOptions<V>): Promise<NaiveCache<V>> {
  const { url, load, ttlMs, maxEntries } = options;
  const l1 = new LRUCache<string, { readonly value: V }>({ max: maxEntries, ttl: ttlMs });
  const commands = new Redis(url, {
    commandTimeout: COMMAND_TIMEOUT_MS,
    maxRetriesPerRequest: 0,
    enableAutoPipelining: true,
  });
  const subscriber = new Redis(url, { maxRetriesPerRequest: null });
  for (const client of [commands, subscriber]) client.on('error', () => undefined);
  subscriber.on('message', (_, text: string) => {
    const [key = '', version = '0'] = text.split('|');
    l1.delete(key);
    options.onInvalidated?.(key, Number(version));
  });
  await subscriber.subscribe(CHANNEL);

  async function read(key: string): Promise<V> {
    const stored = await quietly(commands.get(`naive:${key}`));
    if (stored !== null) return JSON.parse(stored) as V;
    const value = await load(key);
    await quietly(commands.set(`naive:${key}`, JSON.stringify(value), 'PX', ttlMs));
    return value;
  }

  return {
    commands,
    subscriber,
    get: async (key) => {
      const held = l1.get(key);
      if (held) return held.value;
      const value = await read(key);
      l1.set(key, { value });
      return value;
    },
    invalidate: async (key, version) => {
      l1.delete(key);
      await quietly(commands.del(`naive:${key}`));
      await quietly(commands.publish(CHANNEL, `${key}|${version}`));
    },
    stop: () => {
      commands.disconnect();
      subscriber.disconnect();
    },
  };
}

/** Redis is only ever a help: what it refuses is as if it had nothing. */
async function quietly<T>(command: Promise<T>): Promise<T | null> {
  return command.catch(() => null);
}
