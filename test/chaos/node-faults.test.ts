import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectWell, timed } from '../support/fault.ts';
import { startFaultFleet, type FaultFleet } from '../support/fault-fleet.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';

/** The fault table of the nodes themselves: one stands still, one dies, their clients stay connected. */

/** Longer than the lease, and than three of its own heartbeats. */
const FREEZE_MS = 4_000;

let redis: TestRedis;
let fleet: FaultFleet;

beforeAll(async () => {
  redis = await startRedis();
  fleet = await startFaultFleet({ REDIS_URL: redis.url });
});

afterAll(async () => {
  fleet.reader.process.resume();
  await fleet.stop();
  await redis.stop();
});

function tell(what: string, recoveredMs: number): void {
  process.stdout.write(`${what}: recovered ${recoveredMs} ms\n`);
}

describe('a node that stands still for 4 s and thaws', () => {
  test('answers nothing old, neither to who has waited nor to who comes first', async () => {
    const { writer, reader } = fleet;
    await expectWell(reader, await writer.write());
    reader.process.pause();
    const during = await writer.write();
    expect((await writer.read()).usd).toBe(during);
    // Goes out on the connection that is open; it is the first thing that the node finds.
    const waiting = reader.read();
    await sleep(FREEZE_MS);
    reader.process.resume();
    const [waited, next] = [await waiting, await reader.read()];
    expect([waited.usd, next.usd]).toEqual([during, during]);
    const after = await writer.write();
    tell('a frozen node', await timed(() => expectWell(reader, after)));
  });
});

describe('a node that is killed', () => {
  test('leaves the others right, and whoever takes its place begins with what is true', async () => {
    const { writer, reader } = fleet;
    const watch = fleet.watch();
    const victim = await fleet.join();
    await expectWell(victim, await victim.write());
    const written = await victim.write();
    await victim.process.kill();
    await expect(victim.read()).rejects.toThrow('does not answer');
    const seenMs = await timed(async () => {
      await Promise.all([writer, reader].map((node) => expectWell(node, written)));
    });
    const heir = await fleet.join();
    expect((await heir.read()).usd).toBe(written);
    const after = await heir.write();
    await Promise.all([writer, reader, heir].map((node) => expectWell(node, after)));
    tell('a killed node', seenMs);
    expect((await watch.stop()).stale).toEqual([]);
  });
});
