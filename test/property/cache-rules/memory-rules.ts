import type { Rule } from './rule.ts';

/** Rules that keep what one node remembers from being too old. */
export const MEMORY_RULES: readonly Rule[] = [
  {
    rule: 'nothing is kept of a key with a commit under way',
    file: 'src/cache/node-memory.ts',
    from: '      this.pending.covers(key) ||\n',
    to: '',
  },
  {
    rule: 'memory refuses a token below the floor',
    file: 'src/cache/node-memory.ts',
    from: '      (this.#driven.has(key.namespace) && this.#isOutdated(entry)) ||\n',
    to: '',
  },
  {
    rule: 'memory refuses what was begun before a flush',
    file: 'src/cache/node-memory.ts',
    from: '      generation !== this.#state(partition).generation ||\n',
    to: '',
  },
  {
    rule: 'an earlier incarnation sends readers to the database',
    file: 'src/cache/node-memory.ts',
    from: "if (incarnation === 'older') return 'regressed';",
    to: '',
  },
  {
    rule: 'a commit detaches loads under way',
    file: 'src/cache/node-memory.ts',
    from: '      for (const key of event.keys) this.flights.detach(key);\n',
    to: '',
  },
  {
    rule: 'a flush detaches loads under way',
    file: 'src/cache/node-memory.ts',
    from: '    this.flights.detachWhere((key) => partitionOf(key.region) === partition);\n',
    to: '',
  },
  {
    rule: 'a value with an earlier token does not take the place of another',
    file: 'src/cache/node-memory.ts',
    from: '    if (held && held.cached.sequence > cached.sequence) return true;\n',
    to: '',
  },
  {
    rule: 'events known to be out without having come flush their partitions',
    file: 'src/cache/node-memory.ts',
    from: '      this.forget(partition);\n    }\n    for (const eventId',
    to: '    }\n    for (const eventId',
  },
  {
    rule: 'a catch-up of an earlier incarnation is ignored',
    file: 'src/cache/node-memory.ts',
    from: "    if (incarnation === 'older') return;\n",
    to: '',
  },
  {
    rule: 'a node forgets what it read before it was first caught up',
    file: 'src/cache/node-memory.ts',
    from: ' || !state.isCaughtUp) this.lose',
    to: ') this.lose',
  },
  {
    rule: 'a loss may lead to any other incarnation',
    file: 'src/cache/node-memory.ts',
    from: '    if (state.base !== base) state.follow(base);\n',
    to: '',
  },
  {
    rule: 'a loss ends the lease',
    file: 'src/cache/node-memory.ts',
    from: '    state.caughtUp(sequence);\n    this.leases.end(partition);\n',
    to: '    state.caughtUp(sequence);\n',
  },
  {
    rule: 'no value from before an event stands in for the database',
    file: 'src/cache/node-memory.ts',
    from: '    return mayServe && !isTooOld && !this.#isOutdated(entry) ?',
    to: '    return mayServe && !isTooOld ?',
  },
  {
    rule: 'no value of a key with a commit under way stands in for the database',
    file: 'src/cache/node-memory.ts',
    from: '    if (!entry || this.pending.covers(key)) return null;\n    const {',
    to: '    if (!entry) return null;\n    const {',
  },
  {
    rule: 'no critical value stands in for the database without trust',
    file: 'src/cache/node-memory.ts',
    from: 'const mayServe = !isCritical(key) || this.leases.trusts(partition);',
    to: 'const mayServe = true;',
  },
];
