/**
 * Lua that every script of ours begins with, whatever it is for: it makes sure that the partition's
 * numbers belong to the master that executes it, and gives them. A lost sequence (FLUSHDB, an empty
 * restart) or another owner (a promoted replica, which clients see no reconnect for) begins a new
 * incarnation, later than every number given before. Source: design "The cache", §4.
 *
 * KEYS[1..3] are the partition's sequence, base and owner. Numbers are kept as text and printed with
 * `%.0f`: Lua itself would print 16 digits as 1.79e+15.
 */
export const INCARNATION_LUA = `
local function incarnation()
  local info = redis.call('INFO', 'replication')
  local _, label = string.find(info, 'master_replid:', 1, true)
  local owner = string.sub(info, label + 1, label + 40)
  local stored = redis.call('MGET', KEYS[1], KEYS[2], KEYS[3])
  if stored[1] and stored[2] and stored[3] == owner then return stored[1], stored[2] end
  local time = redis.call('TIME')
  local next = (tonumber(stored[1] or '0')) + 1
  local start = string.format('%.0f', math.max(time[1] * 1000000 + time[2], next))
  redis.call('MSET', KEYS[1], start, KEYS[2], start, KEYS[3], owner)
  return start, start
end
`;
