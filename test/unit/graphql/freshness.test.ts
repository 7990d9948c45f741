import { expect, test } from 'vitest';
import { leastFresh } from '../../../src/graphql/freshness.ts';

test('an answer of several parts is as fresh as its oldest and worst part', () => {
  const memory = { servedFrom: 'L1', asOf: 30, sequence: 9n, degraded: false } as const;
  const database = { servedFrom: 'DATABASE', asOf: 20, sequence: 12n, degraded: false } as const;
  const shared = { servedFrom: 'L2', asOf: 25, sequence: 4n, degraded: true } as const;
  const worst = { servedFrom: 'DATABASE', asOf: 20, sequence: 4n, degraded: true };
  expect(leastFresh([memory])).toEqual(memory);
  expect(leastFresh([memory, database, shared])).toEqual(worst);
  expect(leastFresh([shared, database, memory])).toEqual(worst);
});
