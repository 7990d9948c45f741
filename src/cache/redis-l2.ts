import type { Redis } from 'ioredis';
import { entryKey, indexKey, namespaceTombstoneKey, partitionKeys } from '../domain/redis-keys.ts';
import type { L2, L2Value } from './l2.ts';
import type { Position } from './partition-state.ts';
import { RedisClock } from './redis-clock.ts';
import { defineCacheScripts } from './redis-scripts.ts';

const VALUE_HEADER = /^V(\d+)\|(\d+)\|/;
const LONGEST_HEADER = 48;

/**
 * The L2 that all nodes share. The client is the caller's; it must give up on a command by itself
 * (`commandTimeout`) and refuse commands while it is not connected.
 */
export function createRedisL2(client: Redis): L2 {
  const scripts = defineCacheScripts(client);
  const clock = new RedisClock(client);

  async function open(partition: number): Promise<Position> {
    const names = partitionKeys(partition);
    return scripts.open([names.sequence, names.base, names.owner]);
  }

  return {
    keepsValues: true,

    async read(partition, keys) {
      const names = partitionKeys(partition);
      const entries = keys.map((key) => entryKey(partition, key));
      const [bornAtMs, replies] = await Promise.all([
        clock.before(),
        client.mgetBuffer(names.sequence, names.base, ...entries),
      ]);
      const [sequence, base, ...stored] = replies;
      // An absent sequence is no token: begin the log first. What was stored belongs to none.
      if (!sequence || !base) {
        return { position: await open(partition), bornAtMs, values: keys.map(() => null) };
      }
      const position = { base: BigInt(base.toString()), sequence: BigInt(sequence.toString()) };
      const nowMs = clock.atMost();
      return { position, bornAtMs, values: stored.map((text) => parse(text, position, nowMs)) };
    },

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
function parse(stored: Buffer | null, { base }: Position, nowMs: number): L2Value | null {
  const header = stored && VALUE_HEADER.exec(stored.toString('latin1', 0, LONGEST_HEADER));
  if (!header) return null;
  const [{ length }, token = '', expiresAt = ''] = header;
  const leftMs = Number(expiresAt) - nowMs;
  if (BigInt(token) < base || leftMs <= 0) return null;
  return { payload: stored.subarray(length), leftMs };
}
