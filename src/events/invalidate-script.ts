import type { Redis } from 'ioredis';
import { invalidatesNamespaces, type CacheEvent } from '../domain/cache-event.ts';
import { INCARNATION_LUA } from '../domain/incarnation-script.ts';
import { PARTITIONS, partitionOf } from '../domain/partition.ts';
import { entryKey, indexKey, namespaceTombstoneKey, partitionKeys } from '../domain/redis-keys.ts';
import { encodeEnvelope } from './envelope.ts';
import type { EnvelopeSigner } from './signature.ts';
import type { Published } from './types.ts';

/** A loader that began before an invalidation is refused by its tombstone; it may run 10 s, fill by 20 s. */
const TOMBSTONE_MS = '30000';

/** How many events a partition's log keeps, about. */
const LOG_LIMIT = '10000';

/**
 * INVALIDATE: n events of one partition, atomically. Per event: the next number, a tombstone on each
 * key, the log entry, the publication. A whole namespace is swept by its index, and its own tombstone
 * refuses what loaders under way would fill. The numbers are counted here, exact below 2^53, and the
 * last one is written first: a master that takes no writes refuses before anything has changed.
 *
 * KEYS: sequence, base, owner, log; then per event its entries, then (index, tombstone) per namespace.
 * ARGV: PUBLISH or SPUBLISH, channel, tombstone ms, log limit; then per event: envelope, entry count, namespace count.
 * Returns base, then sequence, receivers, values deleted per event. Source: design "The cache", §4.
 */
const INVALIDATE_LUA = `${INCARNATION_LUA}
local last, base = incarnation()
local publish, channel, lifeMs, limit = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local reply = { base }
local at = 4

local function text_of(number)
  return string.format('%.0f', number)
end

local function next_key()
  at = at + 1
  return KEYS[at]
end

local function holds_value(entry)
  return redis.call('GETRANGE', entry, '0', '0') == 'V'
end

local function bury(entry, sequence)
  local deleted = holds_value(entry) and 1 or 0
  redis.call('SET', entry, 'T' .. sequence, 'PX', lifeMs)
  return deleted
end

local function sweep(index, tombstone, sequence)
  local deleted = 0
  for _, entry in ipairs(redis.call('ZRANGE', index, '0', '-1')) do
    if holds_value(entry) then deleted = deleted + redis.call('DEL', entry) end
  end
  redis.call('DEL', index)
  redis.call('SET', tombstone, sequence, 'PX', lifeMs)
  return deleted
end

last = tonumber(last)
redis.call('SET', KEYS[1], text_of(last + (#ARGV - 4) / 3))
for i = 5, #ARGV, 3 do
  local envelope, entries, namespaces = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  last = last + 1
  local sequence = text_of(last)
  local deleted = 0
  for _ = 1, entries do deleted = deleted + bury(next_key(), sequence) end
  for _ = 1, namespaces do deleted = deleted + sweep(next_key(), next_key(), sequence) end
  redis.call('XADD', KEYS[4], 'MAXLEN', '~', limit, sequence .. '-0', 'event', envelope)
  local message = sequence .. '|' .. base .. '|' .. envelope
  reply[#reply + 1] = sequence
  reply[#reply + 1] = redis.call(publish, channel, message)
  reply[#reply + 1] = deleted
end
return reply
`;

type InvalidateReply = [base: string, ...perEvent: (string | number)[]];

interface WithInvalidate {
  invalidate(keyCount: number, ...keysAndArguments: string[]): Promise<InvalidateReply>;
}

export type Invalidate = (partition: number, events: readonly CacheEvent[]) => Promise<Published>;

/** The script as a function of a client; what it rejects with is the client's. */
export function defineInvalidate(
  client: Redis,
  signer: EnvelopeSigner,
  sharded: boolean,
): Invalidate {
  client.defineCommand('invalidate', { lua: INVALIDATE_LUA });
  const scripted = client as unknown as WithInvalidate;
  const publish = sharded ? 'SPUBLISH' : 'PUBLISH';
  const names = Array.from({ length: PARTITIONS }, (_, partition) => partitionKeys(partition));
  return async (partition, events) => {
    const named = names[partition];
    if (!named) throw new RangeError(`There is no partition ${partition}.`);
    const keys = [named.sequence, named.base, named.owner, named.log];
    const values = [publish, named.channel, TOMBSTONE_MS, LOG_LIMIT];
    for (const event of events) {
      const entries = entriesIn(partition, event);
      const namespaces = namespacesIn(partition, event);
      keys.push(...entries, ...namespaces.flat());
      values.push(signer.seal(encodeEnvelope(event)));
      values.push(`${entries.length}`, `${namespaces.length}`);
    }
    return toPublished(await scripted.invalidate(keys.length, ...keys, ...values));
  };
}

function entriesIn(partition: number, event: CacheEvent): string[] {
  return event.keys
    .filter((key) => partitionOf(key.region) === partition)
    .map((key) => entryKey(partition, key));
}

function namespacesIn(partition: number, event: CacheEvent): [string, string][] {
  if (!invalidatesNamespaces(event)) return [];
  return event.affectedNamespaces.map((namespace) => [
    indexKey(partition, namespace),
    namespaceTombstoneKey(partition, namespace),
  ]);
}

function toPublished([base, ...perEvent]: InvalidateReply): Published {
  const column = (offset: number) => perEvent.filter((_, index) => index % 3 === offset);
  return {
    base: BigInt(base),
    sequences: column(0).map(BigInt),
    receivers: column(1).map(Number),
    keysDeleted: column(2).map(Number),
  };
}
