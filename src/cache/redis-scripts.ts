import type { Redis } from 'ioredis';
import { INCARNATION_LUA } from '../domain/incarnation-script.ts';
import type { FillOutcome } from './l2.ts';

/** A tombstone lives 30 s: what is older than this may have outlived one. */
const MAX_FILL_AGE_MS = 20_000;

/**
 * FILL: keeps each value unless something that it cannot have seen has happened to its key since its
 * token was read. Per value it gives 1 when kept, 2 when one of the same age or newer is there, else 0.
 *
 * KEYS: sequence, base, owner; then per value its entry, namespace tombstone, namespace index.
 * ARGV: longest age ms; then per value: base, token, born at (Redis ms), TTL ms, payload.
 * An entry becomes `V<token>|<expires at>|<payload>`. Source: design "The cache", §4.
 */
const FILL_LUA = `${INCARNATION_LUA}
local sequence, base = incarnation()
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local sweeps, indexed = {}, {}

local function last_sweep(tombstone)
  sweeps[tombstone] = sweeps[tombstone] or tonumber(redis.call('GET', tombstone) or '0')
  return sweeps[tombstone]
end

local function fill(entry, tombstone, index, given_base, given_token, born, life, payload)
  local token = tonumber(given_token)
  if given_base ~= base or token > tonumber(sequence) then return 0 end
  if now - born > tonumber(ARGV[1]) then return 0 end
  if last_sweep(tombstone) > token then return 0 end

  local kind, number = string.match(redis.call('GETRANGE', entry, '0', '24'), '^([VT])(%d+)')
  if kind == 'T' and tonumber(number) > token then return 0 end
  if kind == 'V' and tonumber(number) >= token then return 2 end

  local expires = string.format('%.0f', now + life)
  redis.call('SET', entry, 'V' .. given_token .. '|' .. expires .. '|' .. payload, 'PX', life)
  local added = indexed[index] or {}
  added[#added + 1], added[#added + 2] = expires, entry
  indexed[index] = added
  return 1
end

local outcomes = {}
for i = 1, (#KEYS - 3) / 3 do
  local k, a = i * 3, i * 5
  outcomes[i] = fill(KEYS[k + 1], KEYS[k + 2], KEYS[k + 3],
    ARGV[a - 3], ARGV[a - 2], ARGV[a - 1], ARGV[a], ARGV[a + 1])
end
for index, added in pairs(indexed) do
  redis.call('ZREMRANGEBYSCORE', index, '-inf', now)
  redis.call('ZADD', index, unpack(added))
end
return outcomes
`;

/** OPEN: gives a partition's sequence and base, beginning an incarnation where there is none. */
const OPEN_LUA = `${INCARNATION_LUA}
return { incarnation() }
`;

/** CLOCK: the time of the master that holds KEYS[1]; a plain TIME would ask any of a cluster's. */
const CLOCK_LUA = `
return redis.call('TIME')
`;

/** RELEASE: ends those of the fill leases, KEYS, that are still their holder's, ARGV[1]. */
const RELEASE_LUA = `
local ended = {}
for i, holder in ipairs(redis.call('MGET', unpack(KEYS))) do
  if holder == ARGV[1] then ended[#ended + 1] = KEYS[i] end
end
return #ended > 0 and redis.call('DEL', unpack(ended)) or 0
`;

/** By what FILL returns. */
const FILL_OUTCOMES: readonly FillOutcome[] = ['refused', 'kept', 'taken'];

type ScriptArgument = string | number | Buffer;

export interface FillArguments {
  readonly entry: string;
  /** The namespace's. */
  readonly tombstone: string;
  /** The namespace's. */
  readonly index: string;
  readonly base: bigint;
  readonly token: bigint;
  /** By Redis's clock. */
  readonly bornAtMs: number;
  readonly ttlMs: number;
  readonly payload: Buffer;
}

export interface CacheScripts {
  /** `log`: sequence, base and owner of the partition that all entries belong to. One outcome each. */
  fillEntries(log: readonly string[], fills: readonly FillArguments[]): Promise<FillOutcome[]>;
  open(keys: readonly string[]): Promise<{ sequence: bigint; base: bigint }>;
  releaseLeases(keys: readonly string[], holder: string): Promise<void>;
  clockOf(key: string): Promise<readonly [string, string]>;
}

interface WithScripts {
  fillEntries(keyCount: number, ...rest: ScriptArgument[]): Promise<number[]>;
  openLog(keyCount: number, ...rest: ScriptArgument[]): Promise<[string, string]>;
  releaseLeases(keyCount: number, ...rest: ScriptArgument[]): Promise<number>;
  clockOfKey(keyCount: number, ...rest: ScriptArgument[]): Promise<[string, string]>;
}

/** The scripts as functions of a client; what they reject with is the client's. */
export function defineCacheScripts(client: Redis): CacheScripts {
  client.defineCommand('fillEntries', { lua: FILL_LUA });
  client.defineCommand('openLog', { lua: OPEN_LUA });
  client.defineCommand('releaseLeases', { lua: RELEASE_LUA });
  client.defineCommand('clockOfKey', { lua: CLOCK_LUA });
  const scripted = client as unknown as WithScripts;
  return {
    fillEntries: async (log, fills) => {
      const keys = [...log, ...fills.flatMap(keysOf)];
      const values = [MAX_FILL_AGE_MS, ...fills.flatMap(valuesOf)];
      const outcomes = await scripted.fillEntries(keys.length, ...keys, ...values);
      return outcomes.map((outcome) => FILL_OUTCOMES[outcome] ?? 'refused');
    },
    open: async (keys) => {
      const [sequence, base] = await scripted.openLog(keys.length, ...keys);
      return { sequence: BigInt(sequence), base: BigInt(base) };
    },
    clockOf: (key) => scripted.clockOfKey(1, key),
    releaseLeases: async (keys, holder) => {
      await scripted.releaseLeases(keys.length, ...keys, holder);
    },
  };
}

function keysOf({ entry, tombstone, index }: FillArguments): string[] {
  return [entry, tombstone, index];
}

function valuesOf({ base, token, bornAtMs, ttlMs, payload }: FillArguments): ScriptArgument[] {
  return [`${base}`, `${token}`, bornAtMs, ttlMs, payload];
}
