import fc from 'fast-check';

export type Key = 'a' | 'b';
export type Fate = 'lost' | 'once' | 'twice';

// Mostly one key: what goes wrong goes wrong where operations meet.
const key = fc.constantFrom<Key>('a', 'a', 'a', 'b');
const node = fc.nat({ max: 1 });
const fate = fc.constantFrom<Fate>('lost', 'once', 'once', 'twice');

const read = fc.record({ kind: fc.constant('read' as const), node, key, view: fc.boolean() });
const write = fc.record({
  kind: fc.constant('write' as const),
  node,
  key,
  /** By a writer of the node; else by one that is no node. */
  own: fc.boolean(),
  fates: fc.tuple(fate, fate),
  follow: fc.constantFrom('nothing' as const, 'session' as const, 'lost reply' as const),
});
const catchUp = fc.record({ kind: fc.constant('catchUp' as const), node });
const flush = fc.record({ kind: fc.constant('flush' as const), node });
const redis = fc.record({
  kind: fc.constant('redis' as const),
  fault: fc.constantFrom(
    'trim' as const,
    'FLUSHDB' as const,
    'failover' as const,
    'values expire' as const,
    'tombstones expire' as const,
    'time passes' as const,
    'time passes' as const,
  ),
});

/** Something that happens to a fleet. */
export const steps = fc.array(
  fc.oneof(
    { weight: 9, arbitrary: read },
    { weight: 5, arbitrary: write },
    { weight: 2, arbitrary: catchUp },
    { weight: 1, arbitrary: flush },
    { weight: 2, arbitrary: redis },
  ),
  { minLength: 4, maxLength: 14 },
);
export type Step = typeof steps extends fc.Arbitrary<(infer T)[]> ? T : never;
