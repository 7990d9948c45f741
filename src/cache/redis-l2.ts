import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { CacheKey } from '../domain/cache-key.ts';
import {
  entryKey,
  fillLeaseKey,
  indexKey,
  namespaceTombstoneKey,
  partitionKeys,
  type PartitionKeys,
} from '../domain/redis-keys.ts';
import { Gathering } from './gathering.ts';
import type { FillOutcome, L2, L2Snapshot, L2Value } from './l2.ts';
import type { LogPosition } from '../domain/log-position.ts';
import { PARTITIONS } from '../domain/partition.ts';
import { RedisClock } from './redis-clock.ts';
import { defineCacheScripts, type CacheScripts, type FillArguments } from './redis-scripts.ts';

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
  const holder = randomUUID();
  const parts = Array.from({ length: PARTITIONS }, (_, partition) =>
    openPartition(client, scripts, partition, holder),
  );

  function partOf(partition: number): SharedPartition {
    const part = parts[partition];
    if (!part) throw new RangeError(`There is no partition ${partition}.`);
    return part;
  }

  async function read(partition: number, keys: readonly CacheKey[]): Promise<L2Snapshot> {
    const { names, clock, reads } = partOf(partition);
    const entries = keys.map((key) => entryKey(partition, key));
    const bornAtMs = await clock.before();
    const { sequence, base, stored } = await reads.ask(entries);
    // An absent sequence is no token: begin the log first. What was stored belongs to none.
    if (!sequence || !base) {
      const position = await scripts.open([names.sequence, names.base, names.owner]);
      return { position, bornAtMs, values: keys.map(() => null) };
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

    async release(partition, key) {
      await partOf(partition).releases.ask(fillLeaseKey(partition, key));
    },

    async fill(partition, key, { position, bornAtMs }, { payload, ttlMs }) {
      const entry = entryKey(partition, key);
      const tombstone = namespaceTombstoneKey(partition, key.namespace);
      const index = indexKey(partition, key.namespace);
      const { base, sequence: token } = position;
      const fill = { entry, tombstone, index, base, token, bornAtMs, ttlMs, payload };
      return partOf(partition).fills.ask(fill);
    },
  };
}

interface StoredAtOnce {
  readonly sequence: Buffer | null | undefined;
  readonly base: Buffer | null | undefined;
  /** Per asked entry. */
  readonly stored: readonly (Buffer | null)[];
}

/** One partition, whose keys are in one slot: what is asked of it in one turn is one command. */
interface SharedPartition {
  readonly names: PartitionKeys;
  readonly clock: RedisClock;
  readonly reads: Gathering<readonly string[], StoredAtOnce>;
  readonly fills: Gathering<FillArguments, FillOutcome>;
  readonly releases: Gathering<string, true>;
}

function openPartition(
  client: Redis,
  scripts: CacheScripts,
  partition: number,
  holder: string,
): SharedPartition {
  const names = partitionKeys(partition);
  const log = [names.sequence, names.base, names.owner];
  return {
    names,
    clock: new RedisClock(() => scripts.clockOf(names.sequence)),
    reads: new Gathering<readonly string[], StoredAtOnce>(async (questions) => {
      const replies = await client.mgetBuffer(names.sequence, names.base, ...questions.flat());
      const [sequence, base, ...stored] = replies;
      let end = 0;
      return questions.map(({ length }) => {
        end += length;
        return { sequence, base, stored: stored.slice(end - length, end) };
      });
    }),
    fills: new Gathering((fills) => scripts.fillEntries(log, fills)),
    releases: new Gathering(async (leases) => {
      await scripts.releaseLeases(leases, holder);
      return leases.map(() => true);
    }),
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
