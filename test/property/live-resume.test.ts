import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LiveWorld } from './live-clients.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

type Step = (world: LiveWorld) => unknown;

const region = fc.nat(2);
const node = fc.nat(1);
const client = fc.nat(2);

const publish = region.map(
  (where): Step =>
    (world) =>
      world.publish(where),
);
const deliver = fc.tuple(node, fc.integer({ min: 1, max: 4 })).map(
  (given): Step =>
    (world) =>
      world.deliver(...given),
);
const join = fc.tuple(client, node).map(
  (given): Step =>
    (world) =>
      world.join(...given),
);
const read = fc.tuple(client, fc.integer({ min: 1, max: 3 })).map(
  (given): Step =>
    (world) =>
      world.read(...given),
);
const repeat = region.map(
  (where): Step =>
    (world) =>
      world.repeat(where),
);
const lose = fc.tuple(node, region).map(
  (given): Step =>
    (world) =>
      world.lose(...given),
);

/** Longer than one new start takes. In all less than a node is waited for. */
const rest = fc.constant<Step>(() => vi.advanceTimersByTimeAsync(110));
const pause = fc.constant<Step>(() => vi.advanceTimersByTimeAsync(10));

const ORDINARY = [publish, publish, deliver, deliver, join, join, read, read, pause] as const;

/** Goes through a story; at its end all nodes and clients catch up, and what they heard is compared. */
async function expectExactlyOnce(steps: readonly Step[]): Promise<LiveWorld> {
  const world = new LiveWorld();
  for (const step of steps) await step(world);
  for (const index of [0, 1]) world.deliver(index, 1_000);
  await vi.advanceTimersByTimeAsync(2_500);
  for (const index of [0, 1, 2]) world.read(index, 1_000);
  const { expected, heard } = world.compare();
  world.stop();
  expect(heard).toEqual(expected);
  return world;
}

test('whoever joins and comes back at any node hears every event once, in order', async () => {
  const story = fc.array(fc.oneof(...ORDINARY, repeat), { minLength: 30, maxLength: 120 });
  const property = fc.asyncProperty(story, async (steps) => {
    const { clients } = await expectExactlyOnce(steps);
    for (const joined of clients) expect(joined?.startedAnew ?? 0).toBeLessThanOrEqual(1);
  });
  await fc.assert(property, { numRuns: 300 });
});

test('a node that loses events says so, and nobody misses any without being told', async () => {
  const story = fc.array(fc.oneof(...ORDINARY, lose, rest), { minLength: 30, maxLength: 120 });
  const property = fc.asyncProperty(story, async (steps) => void (await expectExactlyOnce(steps)));
  await fc.assert(property, { numRuns: 300 });
});
