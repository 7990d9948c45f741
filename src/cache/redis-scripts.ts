import type { Redis } from 'ioredis';
import { INCARNATION_LUA } from '../domain/incarnation-script.ts';
import type { FillOutcome } from './l2.ts';

/** A tombstone lives 30 s: what is older than this may have outlived one. */
const MAX_FILL_AGE_MS = 20_000;

/**
 * FILL: keeps a value unless something that it cannot have seen has happened to its key since its
 * token was read. Returns 1 when kept, 2 when a value of the same age or newer is there, else 0.
 *
 * KEYS: sequence, base, owner, entry, namespace tombstone, namespace index.
 * ARGV: base, token, born at (Redis ms), TTL ms, longest age ms, payload.
 * The entry becomes `V<token>|<expires at>|<payload>`. Source: design "The cache", §4.
 */
const FILL_LUA = `${INCARNATION_LUA}
local sequence, base = incarnation()
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local token = tonumber(ARGV[2])
if ARGV[1] ~= base or token > tonumber(sequence) then return 0 end
if now - ARGV[3] > tonumber(ARGV[5]) then return 0 end

local swept = redis.call('GET', KEYS[5])
if swept and tonumber(swept) > token then return 0 end

local kind, number = string.match(redis.call('GETRANGE', KEYS[4], 0, 24), '^([VT])(%d+)')
if kind == 'T' and tonumber(number) > token then return 0 end
if kind == 'V' and tonumber(number) >= token then return 2 end

local expires = string.format('%.0f', now + ARGV[4])
redis.call('SET', KEYS[4], 'V' .. ARGV[2] .. '|' .. expires .. '|' .. ARGV[6], 'PX', ARGV[4])
redis.call('ZREMRANGEBYSCORE', KEYS[6], '-inf', now)
redis.call('ZADD', KEYS[6], expires, KEYS[4])
return 1
`;

/** OPEN: gives a partition's sequence and base, beginning an incarnation where there is none. */
const OPEN_LUA = `${INCARNATION_LUA}
return { incarnation() }
`;

/** CLOCK: the time of the master that holds KEYS[1]; a plain TIME would ask any of a cluster's. */
const CLOCK_LUA = `
return redis.call('TIME')
`;

/** RELEASE: ends a fill lease, KEYS[1], if it is still its holder's, ARGV[1]. */
const RELEASE_LUA = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
`;

/** By what FILL returns. */
const FILL_OUTCOMES: readonly FillOutcome[] = ['refused', 'kept', 'taken'];

type ScriptArgument = string | number | Buffer;

export interface FillArguments {
  readonly base: bigint;
  readonly token: bigint;
  /** By Redis's clock. */
  readonly bornAtMs: number;
  readonly ttlMs: number;
  readonly payload: Buffer;
}

export interface CacheScripts {
  fillEntry(keys: readonly string[], fill: FillArguments): Promise<FillOutcome>;
  open(keys: readonly string[]): Promise<{ sequence: bigint; base: bigint }>;
  releaseLease(key: string, holder: string): Promise<void>;
  clockOf(key: string): Promise<readonly [string, string]>;
}

interface WithScripts {
  fillEntry(keyCount: number, ...rest: ScriptArgument[]): Promise<number>;
  openLog(keyCount: number, ...rest: ScriptArgument[]): Promise<[string, string]>;
  releaseLease(keyCount: number, ...rest: ScriptArgument[]): Promise<number>;
  clockOfKey(keyCount: number, ...rest: ScriptArgument[]): Promise<[string, string]>;
}

/** The scripts as functions of a client; what they reject with is the client's. */
export function defineCacheScripts(client: Redis): CacheScripts {
  client.defineCommand('fillEntry', { lua: FILL_LUA });
  client.defineCommand('openLog', { lua: OPEN_LUA });
  client.defineCommand('releaseLease', { lua: RELEASE_LUA });
  client.defineCommand('clockOfKey', { lua: CLOCK_LUA });
  const scripted = client as unknown as WithScripts;
  return {
    fillEntry: async (keys, { base, token, bornAtMs, ttlMs, payload }) => {
      const values = [`${base}`, `${token}`, bornAtMs, ttlMs, MAX_FILL_AGE_MS, payload];
      const outcome = await scripted.fillEntry(keys.length, ...keys, ...values);
      return FILL_OUTCOMES[outcome] ?? 'refused';
    },
    open: async (keys) => {
      const [sequence, base] = await scripted.openLog(keys.length, ...keys);
      return { sequence: BigInt(sequence), base: BigInt(base) };
    },
    clockOf: (key) => scripted.clockOfKey(1, key),
    releaseLease: async (key, holder) => {
      await scripted.releaseLease(1, key, holder);
    },
  };
}
