import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Fleet } from './cache-fleet.ts';
import { steps } from './cache-fleet-steps.ts';

// Nobody waits for real: when nothing else can happen, time goes on to the next timer.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  vi.setTimerTickMode('nextTimerAsync');
});
afterEach(() => {
  vi.useRealTimers();
});

const TIMEOUT_MS = 60_000;

describe('two nodes whose messages are late, lost, repeated and turned round, on a Redis that forgets', () => {
  it(
    'never answer less than they know or could have known 3 s ago, and agree in the end',
    { timeout: TIMEOUT_MS },
    async () => {
      let fromMemory = 0;
      await fc.assert(
        fc.asyncProperty(fc.scheduler(), steps, async (scheduler, happenings) => {
          const fleet = new Fleet(scheduler);
          await scheduler.waitFor(Promise.all(happenings.map((step) => fleet.run(step))));
          await scheduler.waitFor(fleet.settle());
          fromMemory += fleet.fromMemory;
        }),
        { numRuns: 3000 },
      );
      // The property would hold of a cache that keeps nothing.
      expect(fromMemory).toBeGreaterThan(0);
    },
  );
});
