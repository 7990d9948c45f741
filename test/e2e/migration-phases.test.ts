import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFaultFleet, type FaultFleet, type FaultNode } from '../support/fault-fleet.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { until } from '../support/wait.ts';

/** Moving over from a TTL-only cache as docs/operations.md tells it, on real nodes of one fleet. */

let redis: TestRedis;
let fleet: FaultFleet;
/** A node of the next phase: events decide for prices. */
let ahead: FaultNode;

beforeAll(async () => {
  redis = await startRedis();
  fleet = await startFaultFleet({ REDIS_URL: redis.url, CACHE_ENABLE_EVENT_DRIVEN: 'shadow' });
  ahead = await fleet.join({ CACHE_ENABLE_EVENT_DRIVEN: 'gpu_pricing' });
});

afterAll(async () => {
  await fleet.stop();
  await redis.stop();
});

/** The sum of a metric over all label sets that hold `labels`; 0 where it was never counted. */
async function metric({ process }: FaultNode, name: string, labels = ''): Promise<number> {
  const text = await (await fetch(`${process.origin}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line.startsWith(`edgebook_${name}`));
  const values = lines
    .filter((line) => line.includes(labels))
    .map((line) => line.split(' ').at(-1));
  return values.reduce((sum, value) => sum + Number(value), 0);
}

const PRICES = 'namespace="gpu_pricing"';
const APPLIED = 'type="pricing_updated",result="applied"';

async function applied(node: FaultNode): Promise<number> {
  return metric(node, 'cache_events_total', APPLIED);
}

describe('in the phase shadow', () => {
  test('age decides, while events arrive and the answers that they would have prevented are counted', async () => {
    const { writer, reader } = fleet;
    await reader.read();
    const old = await reader.read();
    expect(old.servedFrom).toBe('L1');
    // The price rule writes, too, and its node reads what it has written.
    const stale = await metric(reader, 'cache_stale_served_total', PRICES);
    const [known, invalidated] = [
      await applied(reader),
      await metric(reader, 'cache_invalidations_total', PRICES),
    ];

    await writer.write();
    await until(async () => (await applied(reader)) > known, { what: 'the event' });
    expect(await reader.read()).toEqual(old);
    expect(await reader.read()).toEqual(old);

    const served = await metric(reader, 'cache_stale_served_total', PRICES);
    expect(served).toBeGreaterThanOrEqual(stale + 2);
    expect(await metric(reader, 'cache_invalidations_total', PRICES)).toBeGreaterThan(invalidated);
    expect(await metric(reader, 'cache_event_gaps_total')).toBe(0);
    expect(await metric(reader, 'bus_up')).toBe(1);
  });

  test('what memory has never held is new: Redis forgets with every event', async () => {
    const written = await fleet.writer.write();
    const newcomer = await fleet.join();
    expect((await newcomer.read()).usd).toBe(written);
  });
});

describe('a node of the next phase in the same fleet', () => {
  test('lets events decide for the namespaces that it names', async () => {
    await ahead.read();
    expect((await ahead.read()).servedFrom).toBe('L1');
    const written = await fleet.writer.write();
    await until(async () => (await ahead.read()).usd === written, { what: 'the new price' });
    expect(await metric(ahead, 'cache_stale_served_total', PRICES)).toBe(0);
  });
});
