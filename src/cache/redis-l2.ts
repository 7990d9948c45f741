import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { CacheKey } from '../domain/cache-key.ts';
import {
  entryKey,
  fillLeaseKey,
  indexKey,
  namespaceTombstoneKey,
  partitionKeys,
} from '../domain/redis-keys.ts';
import type { L2, L2Snapshot, L2Value } from './l2.ts';
import type { LogPosition } from '../domain/log-position.ts';
import { PARTITIONS } from '../domain/partition.ts';
import { RedisClock } from './redis-clock.ts';
import { defineCacheScripts } from './redis-scripts.ts';

const VALUE_HEADER = /^V(\d+)\|(\d+)\|/;
const LONGEST_HEADER = 48;

/** How long other nodes hold back at most when the one that loads a value dies. */
const FILL_LEASE_MS = 2000;

/**
 * The L2 that all nodes share. The client is the caller's; it must give up on a command by itself
 * (`commandTimeout`) and refuse commands while it is not connected.
 */
export function createRedisL2(client: Redis): L2 {
  const scripts = defineCacheScripts(client);
  const clocks = Array.from({ length: PARTITIONS }, (_, partition) => {
    const { sequence } = partitionKeys(partition);
    return new RedisClock(() => scripts.clockOf(sequence));
  });
  const holder = randomUUID();

  function clockOf(partition: number): RedisClock {
    const clock = clocks[partition];
    if (!clock) throw new RangeError(`There is no partition ${partition}.`);
    return clock;
  }

  async function open(partition: number): Promise<LogPosition> {
    const names = partitionKeys(partition);
    return scripts.open([names.sequence, names.base, names.owner]);
  }

  async function read(partition: number, keys: readonly CacheKey[]): Promise<L2Snapshot> {
    const names = partitionKeys(partition);
    const entries = keys.map((key) => entryKey(partition, key));
    const clock = clockOf(partition);
    const bornAtMs = await clock.before();
    const replies = await client.mgetBuffer(names.sequence, names.base, ...entries);
    const [sequence, base, ...stored] = replies;
    // An absent sequence is no token: begin the log first. What was stored belongs to none.
    if (!sequence || !base) {
      return { position: await open(partition), bornAtMs, values: keys.map(() => null) };
    }
    const position = { base: BigInt(base.toString()), sequence: BigInt(sequence.toString()) };
    const nowMs = clock.atMost();
    return { position, bornAtMs, values: stored.map((text) => parse(text, position, nowMs)) };
  }

  function askLease(partition: number, key: CacheKey): Promise<'OK' | null> {
    return client.set(fillLeaseKey(partition, key), holder, 'PX', FILL_LEASE_MS, 'NX');
  }

  return {
    keepsValues: true,
    read,

    // One connection executes in order: the read sees what was there when the leases were given.
    async claim(partition, keys) {
      const asking = Promise.all(keys.map((key) => askLease(partition, key)));
      const [leases, snapshot] = await Promise.all([asking, read(partition, keys)]);
      return { snapshot, granted: leases.map((lease) => lease === 'OK') };
    },

    release: (partition, key) => scripts.releaseLease(fillLeaseKey(partition, key), holder),

    async fill(partition, key, { position, bornAtMs }, { payload, ttlMs }) {
      const names = partitionKeys(partition);
      const keys = [
        names.sequence,
        names.base,
        names.owner,
        entryKey(partition, key),
        namespaceTombstoneKey(partition, key.namespace),
        indexKey(partition, key.namespace),
      ];
      const { base, sequence: token } = position;
      return scripts.fillEntry(keys, { base, token, bornAtMs, ttlMs, payload });
    },
  };
}

/** A stored value that belongs to this incarnation and has some life left. */
function parse(stored: Buffer | null, { base }: LogPosition, nowMs: number): L2Value | null {
  const header = stored && VALUE_HEADER.exec(stored.toString('latin1', 0, LONGEST_HEADER));
  if (!header) return null;
  const [{ length }, token = '', expiresAt = ''] = header;
  const leftMs = Number(expiresAt) - nowMs;
  if (BigInt(token) < base || leftMs <= 0) return null;
  return { payload: stored.subarray(length), leftMs };
}
