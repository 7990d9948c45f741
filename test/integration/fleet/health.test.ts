import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NodeHealth } from '../../../src/domain/node-health.ts';
import { startEdgebook, type TestEdgebook } from '../../support/edgebook.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import { startRedis, type TestRedis } from '../../support/redis.ts';
import { until } from '../../support/wait.ts';
import { createGraphqlClient, type GraphqlClient } from '../../../src/client/graphql-client.ts';
import {
  CacheEventLogDocument,
  CacheHealthDocument,
  CacheStatsDocument,
  EdgeNodesDocument,
  InvalidateCacheDocument,
} from '../../../src/client/generated/graphql.ts';

/** What operators see of two real nodes. */
describe('the fleet that an operator sees', () => {
  let database: TestDatabase;
  let redis: TestRedis;
  let nodes: TestEdgebook[] = [];
  let operator: GraphqlClient;

  beforeAll(async () => {
    [database, redis] = await Promise.all([createTestDatabase(), startRedis()]);
    const env = { DATABASE_URL: database.url, REDIS_URL: redis.url, EDGE_NODE_REGION: 'east' };
    nodes = await Promise.all([
      startEdgebook({ ...env, EDGE_NODE_ID: 'node-1', EDGE_NODE_CACHE_TIER: 'global' }),
      startEdgebook({ ...env, EDGE_NODE_ID: 'node-2', EDGE_NODE_DATACENTER: 'dc-2' }),
    ]);
    const [first] = nodes as [TestEdgebook];
    operator = createGraphqlClient({
      url: `${first.origin}/graphql`,
      token: first.devToken('OPERATOR'),
    });
  });

  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.stop()));
    await Promise.all([redis?.stop(), database?.drop()]);
  });

  async function health(): Promise<Pick<NodeHealth, 'status' | 'redisConnected' | 'pubsubActive'>> {
    return (await operator.execute(CacheHealthDocument, {})).cacheHealth;
  }

  test('has every node with its place, health and lag', async () => {
    const { edgeNodes } = await operator.execute(EdgeNodesDocument, {});
    expect(edgeNodes).toMatchObject([
      { nodeId: 'node-1', region: 'east', datacenter: null, tier: 'GLOBAL', lagEvents: 0 },
      { nodeId: 'node-2', region: 'east', datacenter: 'dc-2', tier: 'EDGE', lagEvents: 0 },
    ]);
    expect(edgeNodes.map((node) => node.health.status)).toEqual(['OK', 'OK']);
  });

  test('finds a node by its id, for operators', async () => {
    const { edgeNodes } = await operator.execute(EdgeNodesDocument, {});
    const [first] = nodes as [TestEdgebook];
    const find = async (token: string | null): Promise<unknown> => {
      const response = await fetch(`${first.origin}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(token !== null && { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify({
          query: 'query($id: ID!) { node(id: $id) { ... on EdgeNode { nodeId } } }',
          variables: { id: edgeNodes[1]?.id },
        }),
      });
      return (await response.json()) as unknown;
    };
    const found = { data: { node: { nodeId: 'node-2' } } };
    expect(await find(first.devToken('OPERATOR'))).toMatchObject(found);
    expect(await find(null)).toMatchObject({ data: { node: null } });
  });

  test('tells the counters of each node', async () => {
    const own = (await operator.execute(CacheStatsDocument, {})).cacheStats;
    const other = (await operator.execute(CacheStatsDocument, { nodeId: 'node-2' })).cacheStats;
    expect([own.nodeId, other.nodeId]).toEqual(['node-1', 'node-2']);
    expect(own.redisMemoryUsedMb).toBeGreaterThan(0);
    await expect(operator.execute(CacheStatsDocument, { nodeId: 'nobody' })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
  });

  test('has a log that goes on where it was left', async () => {
    const invalidate = async (reason: string): Promise<string> => {
      const input = { namespace: 'HISTORICAL' as const, reason };
      const { invalidateCache } = await operator.execute(InvalidateCacheDocument, { input });
      return invalidateCache.__typename === 'InvalidateCacheSuccess'
        ? invalidateCache.event.eventId
        : '';
    };
    const first = await invalidate('one');
    const types = ['MANUAL_INVALIDATION' as const];
    const { cacheEventLog } = await operator.execute(CacheEventLogDocument, { types });
    const last = cacheEventLog.at(-1);
    expect(last).toMatchObject({ eventId: first, data: { reason: 'one' }, sourceNode: 'node-1' });
    const next = await invalidate('two');
    const after = last?.cursor ?? null;
    const { cacheEventLog: rest } = await operator.execute(CacheEventLogDocument, { after });
    expect(rest.map(({ eventId }) => eventId)).toEqual([next]);
  });

  test('is shown to operators only', async () => {
    const [first] = nodes as [TestEdgebook];
    const url = `${first.origin}/graphql`;
    const renter = createGraphqlClient({ url, token: first.devToken('RENTER') });
    const attempts = [
      renter.execute(CacheHealthDocument, {}),
      renter.execute(EdgeNodesDocument, {}),
      renter.execute(CacheStatsDocument, {}),
      renter.execute(CacheEventLogDocument, {}),
    ];
    for (const attempt of attempts)
      await expect(attempt).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const nobody = createGraphqlClient({ url, token: null });
    await expect(nobody.execute(CacheEventLogDocument, {})).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });

  test('never calls a subscription active that hears nothing, though it stands', async () => {
    expect(await health()).toMatchObject({ redisConnected: true, pubsubActive: true });
    redis.pause();
    const ill = await until(
      async () => {
        const now = await health();
        return now.pubsubActive ? null : now;
      },
      { what: 'the silence to be noticed' },
    );
    expect(ill).toMatchObject({ status: 'CRITICAL', redisConnected: false });
    redis.resume();
    await until(async () => (await health()).pubsubActive, { what: 'the recovery' });
  });

  test('is without a node that has left', async () => {
    const [, second] = nodes as [TestEdgebook, TestEdgebook];
    await second.stop();
    const { edgeNodes } = await operator.execute(EdgeNodesDocument, {});
    expect(edgeNodes.map(({ nodeId }) => nodeId)).toEqual(['node-1']);
  });
});
