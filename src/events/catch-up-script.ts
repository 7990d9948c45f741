import type { Redis } from 'ioredis';
import { INCARNATION_LUA } from '../domain/incarnation-script.ts';
import { partitionKeys } from '../domain/redis-keys.ts';
import type { LogPosition } from '../domain/log-position.ts';

/** Entries per reply: bounds what one script holds the server up for, and the reply's size. */
export const PAGE_LIMIT = 500;

/** Nobody reads what the heartbeat wrote; it goes away when nobody beats. */
const BEAT_LIFE_MS = 10_000;

/**
 * CATCHUP: where a partition's log stands, and what it holds after a number. It writes, so that a
 * master which takes no writes (isolated, demoted, out of memory) cannot answer: no event could be
 * published there either.
 *
 * KEYS: sequence, base, owner, log, beat. ARGV: first id wanted or '', page limit, beat's life in ms.
 * Returns sequence, base, then id and fields of each entry. Source: design "The cache", §4, §6, §7.
 */
const CATCH_UP_LUA = `${INCARNATION_LUA}
redis.call('SET', KEYS[5], '1', 'PX', ARGV[3])
local sequence, base = incarnation()
if ARGV[1] == '' then return { sequence, base } end
return { sequence, base, unpack(redis.call('XRANGE', KEYS[4], ARGV[1], '+', 'COUNT', ARGV[2])) }
`;

type Entry = readonly [id: string, fields: readonly string[]];
type CatchUpReply = readonly [sequence: string, base: string, ...entries: Entry[]];

interface WithCatchUp {
  catchUp(keyCount: number, ...keysAndArguments: (string | number)[]): Promise<CatchUpReply>;
}

export interface LoggedEnvelope {
  /** Null when the entry's id is none that a publication gives. */
  readonly sequence: bigint | null;
  readonly envelope: string;
}

/** Both numbers and the entries are of one moment. */
export interface LogPage {
  readonly position: LogPosition;
  readonly entries: readonly LoggedEnvelope[];
}

/** Reads the log after `last`; with null only the position. */
export type ReadLog = (partition: number, last: bigint | null) => Promise<LogPage>;

/** The script as a function of a client; what it rejects with is the client's. */
export function defineCatchUp(client: Redis): ReadLog {
  client.defineCommand('catchUp', { lua: CATCH_UP_LUA });
  const scripted = client as unknown as WithCatchUp;
  return async (partition, last) => {
    const names = partitionKeys(partition);
    const keys = [names.sequence, names.base, names.owner, names.log, names.beat];
    const first = last === null ? '' : `${last + 1n}-0`;
    const reply = await scripted.catchUp(keys.length, ...keys, first, PAGE_LIMIT, BEAT_LIFE_MS);
    const [sequence, base, ...entries] = reply;
    const position = { base: BigInt(base), sequence: BigInt(sequence) };
    return { position, entries: entries.map(toLogged) };
  };
}

/** Whether the page goes on from `start` without a hole up to where the log stands. */
export function follows({ position, entries }: LogPage, start: bigint): boolean {
  const isUnbroken = entries.every(
    ({ sequence }, index) => sequence === start + BigInt(index) + 1n,
  );
  const reached = start + BigInt(entries.length);
  const isFull = entries.length === PAGE_LIMIT;
  return isUnbroken && (reached === position.sequence || (isFull && reached < position.sequence));
}

function toLogged([id, fields]: Entry): LoggedEnvelope {
  const [name, envelope = ''] = fields;
  const sequence = /^(\d{1,20})-0$/.exec(id)?.[1];
  const isOurs = sequence !== undefined && name === 'event';
  return { sequence: isOurs ? BigInt(sequence) : null, envelope };
}
