import type { Logger, Running } from '../../domain/logger.ts';
import { SECOND_MS } from '../../domain/time.ts';
import type { Db } from '../../store/database.ts';
import { removeNode, saveNode } from '../../store/edge-node-store.ts';
import type { NodeReport } from '../fleet/node-report.ts';
import { repeat } from './repeat.ts';

const EVERY_MS = 5 * SECOND_MS;

/** Ticks of a minute, which is how far back the hit ratio looks. */
export const HEARTBEATS_PER_MINUTE = 12;

/**
 * Tells the fleet every 5 s how this node is, beginning before it is ready. A node that stops takes
 * itself out; one that dies stays until its silence has been seen.
 */
export async function startHeartbeat(
  db: Db,
  nodeId: string,
  report: NodeReport,
  logger: Logger,
): Promise<Running> {
  const beat = async (): Promise<void> => {
    report.hitRate.tick();
    await saveNode(db, await report.full());
  };
  await beat();
  const beating = repeat('heartbeat', EVERY_MS, beat, logger);
  return {
    async stop() {
      await beating.stop();
      await removeNode(db, nodeId).catch((error: unknown) =>
        logger.debug({ err: error }, 'the database is away: this node could not take its leave'),
      );
    },
  };
}
