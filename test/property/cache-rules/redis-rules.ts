import type { Rule } from './rule.ts';

/** Rules that only a real Redis shows to be kept. */
export const REDIS_RULES: readonly Rule[] = [
  {
    rule: 'a sequence that went back sends readers to the database',
    file: 'src/cache/node-memory.ts',
    from: "return ticket.base === base && sequence < ticket.highest ? 'regressed' : 'current';",
    to: "return 'current';",
  },
  {
    rule: 'a value of an earlier incarnation is a miss',
    file: 'src/cache/redis-l2.ts',
    from: 'BigInt(token) < base || ',
    to: '',
  },
  {
    rule: 'an absent sequence is no token',
    file: 'src/cache/redis-l2.ts',
    from: 'if (!sequence || !base) {',
    to: 'if (base === undefined) {',
  },
  {
    rule: 'a fill of another incarnation is refused',
    file: 'src/cache/redis-scripts.ts',
    from: 'given_base ~= base or ',
    to: '',
  },
  {
    rule: 'a fill with a token that was never given is refused',
    file: 'src/cache/redis-scripts.ts',
    from: ' or token > tonumber(sequence) then',
    to: ' then',
  },
  {
    rule: 'a fill that may have outlived a tombstone is refused',
    file: 'src/cache/redis-scripts.ts',
    from: 'if now - born > tonumber(ARGV[1]) then return 0 end\n',
    to: '',
  },
  {
    rule: 'a tombstone refuses earlier fills',
    file: 'src/cache/redis-scripts.ts',
    from: "if kind == 'T' and tonumber(number) > token then return 0 end\n",
    to: '',
  },
  {
    rule: 'a value refuses fills of the same token',
    file: 'src/cache/redis-scripts.ts',
    from: 'tonumber(number) >= token',
    to: 'tonumber(number) > token',
  },
  {
    rule: 'the tombstone of a namespace refuses earlier fills',
    file: 'src/cache/redis-scripts.ts',
    from: 'if last_sweep(tombstone) > token then return 0 end\n',
    to: '',
  },
  {
    rule: 'of the nodes that miss a key one loads it',
    file: 'src/cache/look-up.ts',
    from: 'wanted.claimed || wanted.polls >= POLLS',
    to: 'true',
  },
  {
    rule: 'the right to load is given back',
    file: 'src/cache/answering.ts',
    from: 'void l2.ask(',
    to: 'void (async (_: unknown) => _)(',
  },
];
