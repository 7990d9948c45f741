import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { until } from '../support/wait.ts';
import { fieldOf } from './doors.ts';
import { followStream } from './follow.ts';
import { startStranger, type KnownUnit, type Stranger } from './stranger.ts';

/** What docs/operations.md promises of an invalidation of a region or a GPU type. */
describe('an operator who names a tag', () => {
  const leaving = new AbortController();
  let redis: TestRedis;
  let stranger: Stranger;
  let unit: KnownUnit;

  beforeAll(async () => {
    redis = await startRedis();
    stranger = await startStranger({ REDIS_URL: redis.url });
    const [first] = stranger.units;
    if (!first) throw new Error('the demo market leaves some units alone');
    unit = first;
  });

  afterAll(async () => {
    leaving.abort();
    const complaints = await stranger?.stop();
    await redis?.stop();
    expect(complaints).toEqual([]);
  });

  async function servedFrom(): Promise<unknown> {
    const query = 'query ($id: ID!) { gpu(id: $id) { freshness { servedFrom } } }';
    const gpu = fieldOf(await stranger.ask(query, { id: unit.id }), 'gpu');
    return (gpu as { freshness: { servedFrom: string } }).freshness.servedFrom;
  }

  async function invalidate(resourceId: string): Promise<Record<string, unknown>> {
    const query = `mutation ($input: InvalidateCacheInput!) { invalidateCache(input: $input) {
      ... on InvalidateCacheSuccess { l2KeysDeleted nodesNotified event { resourceId } } } }`;
    const input = { namespace: 'GPU_AVAILABILITY', resourceId, reason: 'a test' };
    const answer = await stranger.ask(query, { input }, 'OPERATOR');
    return fieldOf(answer, 'invalidateCache') as Record<string, unknown>;
  }

  test.each([
    ['region', (): string => unit.region.code],
    ['GPU type', (): string => unit.gpuType.slug],
    ['pair', (): string => `${unit.gpuType.slug}@${unit.region.code}`],
  ])('makes the node read the units of that %s anew', async (_, tag) => {
    await until(async () => (await servedFrom()) === 'L1', { what: 'a unit in memory' });
    const told = await invalidate(tag());
    expect(told).toMatchObject({ nodesNotified: 1, event: { resourceId: tag() } });
    expect(told['l2KeysDeleted']).toBeGreaterThanOrEqual(1);
    expect(await servedFrom()).toBe('DATABASE');
  });

  test('tells client caches which units of it to drop', async () => {
    const region = unit.region.code;
    const query = `subscription { cacheInvalidated(regions: ["${region}"]) {
      ... on Invalidation { eventType nodeIds } } }`;
    const { heard } = followStream(stranger.node, 'WebSocket', { query }, leaving.signal);
    await until(() => heard.length > 0, { what: 'the start of the stream' });
    await invalidate(region);
    const manual = await until(() => heard.find(isManual), { what: 'the invalidation' });
    expect(manual.cacheInvalidated.nodeIds).toContain(unit.id);
  });
});

interface Told {
  readonly cacheInvalidated: { readonly eventType?: string; readonly nodeIds: readonly string[] };
}

function isManual(item: unknown): item is Told {
  return (item as Told).cacheInvalidated.eventType === 'MANUAL_INVALIDATION';
}
