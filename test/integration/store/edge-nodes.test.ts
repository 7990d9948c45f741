import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { CACHE_NAMESPACES } from '../../../src/domain/cache-namespace.ts';
import type { EdgeNode, LayerCounters, NodeStats } from '../../../src/domain/edge-node.ts';
import { judgeHealth } from '../../../src/domain/node-health.ts';
import { findNodes, removeNode, saveNode } from '../../../src/store/edge-node-store.ts';
import { deleteExpired } from '../../../src/store/retention-store.ts';
import { describeOnBothEngines } from '../../support/engines.ts';

const NONE: LayerCounters = {
  hits: 1,
  misses: 0,
  entries: 0,
  bytes: 0,
  evictions: 0,
  coalesced: 0,
  staleServed: 0,
};

const STATS: NodeStats = {
  since: 1000,
  namespaces: Object.fromEntries(
    CACHE_NAMESPACES.map((name) => [
      name,
      { l1: NONE, l2: NONE, invalidations: 3, eventDriven: true },
    ]),
  ) as NodeStats['namespaces'],
  eventsProcessed: 5,
  eventsDeduplicated: 0,
  eventGaps: 0,
  redisMemoryUsedMb: 1.5,
  propagationP50Ms: null,
  propagationP99Ms: 2,
  subscribers: 4,
};

function edgeNode(nodeId: string, change: Partial<EdgeNode> = {}) {
  const health = judgeHealth({
    redis: null,
    hearsEvents: true,
    eventQueueSize: 0,
    lastEventAgeMs: null,
    eventLatencyMs: null,
    hitPercent: null,
    outboxAgeMs: 0,
  });
  const place = { region: 'east', datacenter: null, tier: 'EDGE' as const, version: '1.0.0' };
  const told = { startedAt: 1000, lastSequence: 2n ** 60n, lagEvents: 0, health, stats: STATS };
  return { nodeId, ...place, ...told, ...change };
}

describeOnBothEngines('the nodes of the fleet', (node) => {
  test('are known as they last told', async () => {
    const { db } = node();
    await saveNode(db, edgeNode('a'));
    await saveNode(db, edgeNode('a', { lagEvents: 7 }));
    const [known, ...others] = (await findNodes(db)).filter((one) => one.node.nodeId === 'a');
    expect(others).toEqual([]);
    expect(known?.node).toMatchObject(edgeNode('a', { lagEvents: 7 }));
    expect(known?.silentMs).toBeLessThan(60_000);
    expect(Math.abs((known?.node.lastHeartbeatAt ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  test('are silent for as long as they have not told anything, and forgotten after an hour', async () => {
    const { db } = node();
    await saveNode(db, edgeNode('b'));
    const hear = (ago: string) =>
      db
        .updateTable('edge_node')
        .set({ heartbeat_at: sql<string>`clock_timestamp() - ${ago}::interval` })
        .where('id', '=', 'b')
        .execute();
    const find = async () => (await findNodes(db)).find((one) => one.node.nodeId === 'b');
    await hear('45 seconds');
    expect((await find())?.silentMs).toBeGreaterThanOrEqual(45_000);
    await deleteExpired(db);
    expect(await find()).toBeDefined();
    await hear('61 minutes');
    await deleteExpired(db);
    expect(await find()).toBeUndefined();
  });

  test('are none that took their leave', async () => {
    const { db } = node();
    await saveNode(db, edgeNode('c'));
    await removeNode(db, 'c');
    expect((await findNodes(db)).map((one) => one.node.nodeId)).not.toContain('c');
  });
});
