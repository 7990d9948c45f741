import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { createRedisProbe, type ProbedClient } from '../../../../src/market/fleet/redis-probe.ts';

/** A client that answers `INFO memory` with this text, or not at all. */
function client(info: string | null): ProbedClient & EventEmitter {
  const answer = (): Promise<string> =>
    info === null ? Promise.reject(new Error('away')) : Promise.resolve(info);
  return Object.assign(new EventEmitter(), { status: 'ready', info: answer });
}

test('reads how full Redis is', async () => {
  const probe = createRedisProbe(client('# Memory\r\nused_memory:250\r\nmaxmemory:1000\r\n'), []);
  expect(await probe.read()).toEqual({ answers: true, usedBytes: 250, memoryPercent: 25 });
});

test('knows no share where there is no limit', async () => {
  const probe = createRedisProbe(client('used_memory:250\r\nmaxmemory:0\r\n'), []);
  expect(await probe.read()).toMatchObject({ answers: true, memoryPercent: null });
});

test('says so when Redis does not answer', async () => {
  expect(await createRedisProbe(client(null), []).read()).toMatchObject({ answers: false });
});

test('counts the broken connections of the last minute', () => {
  const clock = { nowMs: 0 };
  const [commands, subscriber] = [client(''), client('')];
  const probe = createRedisProbe(commands, [subscriber], () => clock.nowMs);
  commands.emit('close');
  clock.nowMs = 59_999;
  subscriber.emit('close');
  expect(probe.failuresPerMinute()).toBe(2);
  clock.nowMs = 60_000;
  expect(probe.failuresPerMinute()).toBe(1);
});
