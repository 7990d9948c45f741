import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { startCoarseClock } from '../../../src/cache/coarse-clock.ts';

/** Longer than a tick. */
const IDLE_MS = 30;

function started() {
  const clock = startCoarseClock();
  onTestFinished(() => clock.stop());
  return clock;
}

test('time stands still while the process is busy', () => {
  const clock = started();
  const first = clock.now();
  while (performance.now() < first + IDLE_MS);
  expect(clock.now()).toBe(first);
});

test('the first look after an idle time tells the time', async () => {
  const clock = started();
  for (let look = 0; look < 3; look += 1) {
    await sleep(IDLE_MS);
    const since = performance.now();
    expect(clock.now()).toBeGreaterThanOrEqual(since);
  }
});

test('a touch tells the time at once', () => {
  const clock = started();
  const first = clock.now();
  while (performance.now() < first + IDLE_MS);
  clock.touch();
  expect(clock.now()).toBeGreaterThanOrEqual(first + IDLE_MS);
});
