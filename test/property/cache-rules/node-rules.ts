import type { Rule } from './rule.ts';

/** Rules of leases, floors, loads under way and sessions. */
export const NODE_RULES: readonly Rule[] = [
  {
    rule: 'keys of a commit under way are read from the database',
    file: 'src/cache/pending.ts',
    from: '  covers(key: CacheKey): boolean {',
    to: '  covers(key: CacheKey): boolean {\n    if (key) return false;',
  },
  {
    rule: 'the floor of a key only rises',
    file: 'src/cache/floors.ts',
    from: 'const raised = laterOf(this.#byKey.get(key) ?? this.#floor, sequence);',
    to: 'const raised = sequence;',
  },
  {
    rule: 'a forgotten key raises the floor of all',
    file: 'src/cache/floors.ts',
    from: '      this.#floor = laterOf(this.#floor, sequence);\n',
    to: '',
  },
  {
    rule: 'a flush leaves the floor at the highest event applied',
    file: 'src/cache/partition-state.ts',
    from: 'this.floors.reset(this.#highest);',
    to: 'this.floors.reset(this.#base ?? 0n);',
  },
  {
    rule: 'nothing that was begun before a flush is kept after it',
    file: 'src/cache/partition-state.ts',
    from: '    this.#generation += 1;\n',
    to: '',
  },
  {
    rule: 'an event detaches loads under way',
    file: 'src/cache/invalidation.ts',
    from: '    flights.detach(key);\n',
    to: '',
  },
  {
    rule: 'an event drops what memory holds',
    file: 'src/cache/invalidation.ts',
    from: '    if (held && held.cached.sequence < sequence) l1.delete(key);\n',
    to: '',
  },
  {
    rule: 'an event raises the floor of its keys',
    file: 'src/cache/invalidation.ts',
    from: '    floors.raise(key, sequence);\n',
    to: '',
  },
  {
    rule: 'a read of a pending key joins no load',
    file: 'src/cache/collection.ts',
    from: 'if (memory.pending.covers(key)) return bypass(id, key, wanted);',
    to: '',
  },
  {
    rule: 'the versions of an entity never go back',
    file: 'src/cache/served-versions.ts',
    from: 'if (version === null) return false;',
    to: 'if (version !== -1) return false;',
  },
  {
    rule: 'the lease runs from when the catch-up was sent',
    file: 'src/cache/leases.ts',
    from: 'sentAtMs + LEASE_MS);',
    to: 'this.#clock.now() + LEASE_MS);',
  },
  {
    rule: 'the lease ends',
    file: 'src/cache/leases.ts',
    from: 'this.#clock.now() < (this.#endsAtMs[partition] ?? -Infinity)',
    to: '(this.#endsAtMs[partition] ?? -Infinity) > -Infinity',
  },
  {
    rule: 'a cut subscription ends all leases',
    file: 'src/cache/leases.ts',
    from: '    this.#endsAtMs.fill(-Infinity);\n  }\n}',
    to: '  }\n}',
  },
  {
    rule: 'a catch-up sent before the cut proves nothing',
    file: 'src/cache/leases.ts',
    from: '    if (sentAtMs <= this.#distrustedAtMs) return;\n',
    to: '',
  },
  {
    rule: 'L2 is not asked while the outbox is behind',
    file: 'src/cache/look-up.ts',
    from: '!memory.leases.trustsL2',
    to: 'false',
  },
  {
    rule: 'memory is not trusted while the outbox is behind',
    file: 'src/cache/leases.ts',
    from: 'return !this.#l2Distrusted && ',
    to: 'return ',
  },
  {
    rule: 'a session is served only where no event before its own is missing',
    file: 'src/cache/partition-state.ts',
    from: 'this.#reached !== null && this.#reached >= sequence',
    to: 'this.#reached !== null && this.#highest >= sequence',
  },
  {
    rule: 'a session of another incarnation is answered by the database',
    file: 'src/cache/partition-state.ts',
    from: "    if (base !== this.#base) return 'elsewhere';\n",
    to: '',
  },
  {
    rule: 'a session whose event is not published is answered by the database',
    file: 'src/cache/sessions.ts',
    from: 'at !== UNPUBLISHED && (await reaches(memory, partition, at))',
    to: '(at === UNPUBLISHED || (await reaches(memory, partition, at)))',
  },
  {
    rule: 'a token says that its event is not published',
    file: 'src/cache/sessions.ts',
    from: 'if (memory.pending.has(eventId, partition)) partitions',
    to: 'if (eventId === "") partitions',
  },
];
