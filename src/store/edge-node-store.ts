import { sql } from 'kysely';
import type { EdgeNode, NodeStats } from '../domain/edge-node.ts';
import type { NodeHealth } from '../domain/node-health.ts';
import { toIso } from '../domain/time.ts';
import type { Db } from './database.ts';

/** A node as the database has it, with how long it has been silent by the database's clock. */
export interface StoredNode {
  readonly node: EdgeNode;
  readonly silentMs: number;
}

/** Writes what a node tells of itself, at the database's time. */
export async function saveNode(db: Db, node: Omit<EdgeNode, 'lastHeartbeatAt'>): Promise<void> {
  const told = {
    region: node.region,
    datacenter: node.datacenter,
    tier: node.tier,
    version: node.version,
    started_at: toIso(node.startedAt),
    heartbeat_at: sql<string>`clock_timestamp()`,
    last_sequence: node.lastSequence,
    lag_events: node.lagEvents,
    health: JSON.stringify(node.health),
    stats: JSON.stringify(node.stats),
  };
  await db
    .insertInto('edge_node')
    .values({ id: node.nodeId, ...told })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(told))
    .execute();
}

/** Takes a node that leaves on purpose out of the fleet. */
export async function removeNode(db: Db, nodeId: string): Promise<void> {
  await db.deleteFrom('edge_node').where('id', '=', nodeId).execute();
}

/** Every node that is known, by id. */
export async function findNodes(db: Db): Promise<StoredNode[]> {
  const rows = await db
    .selectFrom('edge_node')
    .selectAll()
    .select(sql<number>`extract(epoch FROM clock_timestamp() - heartbeat_at)::float8`.as('silent'))
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    silentMs: Math.max(0, Math.round(row.silent * 1000)),
    node: {
      nodeId: row.id,
      region: row.region,
      datacenter: row.datacenter,
      tier: row.tier,
      version: row.version,
      startedAt: row.started_at,
      lastHeartbeatAt: row.heartbeat_at,
      lastSequence: row.last_sequence,
      lagEvents: row.lag_events,
      health: row.health as NodeHealth,
      stats: row.stats as NodeStats,
    },
  }));
}
