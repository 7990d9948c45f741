import type { EdgeNode } from '../../domain/edge-node.ts';
import type { LogPosition } from '../../domain/log-position.ts';
import { silentHealth } from '../../domain/node-health.ts';
import { encodeCursor } from '../../live/cursor.ts';
import type { Db } from '../../store/database.ts';
import { findNodes, type StoredNode } from '../../store/edge-node-store.ts';
import { readEventLog } from '../../store/event-log-store.ts';
import { orUnavailable } from '../../store/failures.ts';
import type { NodeReport } from './node-report.ts';
import type { Fleet } from './types.ts';

/** A node that is silent this long is worth a look, and dead. */
const SILENCE = { warning: 15_000, critical: 30_000 };

function judged({ node, silentMs }: StoredNode): EdgeNode {
  return { ...node, health: silentHealth(node.health, silentMs, SILENCE) };
}

/** The fleet as one node sees it: itself by looking, the others as they last told the database. */
export function createFleet(db: Db, nodeId: string, report: NodeReport): Fleet {
  async function nodes(): Promise<EdgeNode[]> {
    const stored = await orUnavailable(() => findNodes(db));
    return stored.map(judged);
  }

  return {
    nodes,
    health: () => report.health(),
    stats: async (asked) => {
      if (asked === null || asked === nodeId) return { nodeId, stats: await report.stats() };
      const other = (await nodes()).find((node) => node.nodeId === asked);
      return other ? { nodeId: other.nodeId, stats: other.stats } : null;
    },
    eventLog: async (page) => {
      const known = new Map<number, LogPosition>(page.after);
      return (await orUnavailable(() => readEventLog(db, page))).map((change) => {
        known.set(change.partition, { base: change.base, sequence: change.sequence });
        const { sequence } = change;
        return { change, sequence, cursor: encodeCursor(known), at: change.event.timestamp };
      });
    },
  };
}
