import { expect, test } from 'vitest';
import type { Cached, Collection, CollectionOptions } from '../../../../src/cache/types.ts';
import { createChecker, type CheckerOptions } from '../../../../src/market/jobs/checker.ts';
import { until } from '../../../support/wait.ts';

interface World {
  /** What the database has, since when. */
  truth: { value: string; asOf: number };
  /** What memory answers. */
  answer: Cached<string>;
}

const FRESH: Cached<string> = {
  value: 'new',
  servedFrom: 'L1',
  sequence: 1n,
  asOf: 10,
  degraded: false,
};

/** One read whose hit is checked; resolves with whether it was called inconsistent. */
async function judged(world: World, options: Partial<CheckerOptions> = {}): Promise<boolean> {
  let [asked, inconsistent] = [0, false];
  const collectionOptions: CollectionOptions<string, string> = {
    keyOf: (key) => ({ namespace: 'GPU_PRICING', key, region: '*' }),
    load: async () => [world.truth],
  };
  const get = async (): Promise<Cached<string>> => {
    asked += 1;
    return world.answer;
  };
  const collection: Collection<string, string> = { get, getMany: async () => [await get()] };
  const checker = createChecker({
    logger: { debug() {}, info() {}, warn() {}, error() {} },
    onInconsistent: () => (inconsistent = true),
    isBehind: () => false,
    oneOf: 1,
    lagWindowMs: 0,
    ...options,
  });
  await checker.checking(collectionOptions, collection).get('a');
  await until(() => asked === 2, { what: 'the check' });
  await checker.stop();
  return inconsistent;
}

test('memory that still answers what the database had no longer is inconsistent', async () => {
  const old = { ...FRESH, value: 'old', asOf: 5 };
  expect(await judged({ truth: { value: 'new', asOf: 10 }, answer: old })).toBe(true);
});

test.each<[string, Partial<Cached<string>>]>([
  ['the same value', { value: 'new', asOf: 5 }],
  ['a value loaded later', { value: 'newer', asOf: 11 }],
  ['a value that says itself that it may be old', { value: 'old', asOf: 5, degraded: true }],
])('%s is consistent', async (_what, change) => {
  const answer = { ...FRESH, ...change };
  expect(await judged({ truth: { value: 'new', asOf: 10 }, answer })).toBe(false);
});

test('a value that memory has forgotten meanwhile is consistent', async () => {
  const world: World = { truth: { value: 'new', asOf: 10 }, answer: { ...FRESH, asOf: 5 } };
  const check = judged(world);
  world.answer = { ...FRESH, servedFrom: 'DATABASE', value: 'old', asOf: 5 };
  expect(await check).toBe(false);
});
