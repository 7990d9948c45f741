import type { TieredCache } from '../../cache/types.ts';
import type { Logger, Running } from '../../domain/logger.ts';
import { SECOND_MS } from '../../domain/time.ts';
import type { Db } from '../../store/database.ts';
import { outboxLagMs } from '../../store/outbox-store.ts';
import { repeat } from './repeat.ts';

const POLL_MS = 500;
/** Changes that wait longer than this for their publication are unknown to L2. */
const MAX_WAIT_MS = 3 * SECOND_MS;

/** Tells the cache when committed changes wait for the bus: neither L2 nor memory can know of them then. */
export function startGuardL2(
  db: Db,
  cache: Pick<TieredCache, 'distrustL2'>,
  logger: Logger,
): Running & { isBehind(): boolean } {
  let behind = false;
  const look = async (): Promise<void> => {
    const isBehind = (await outboxLagMs(db)) > MAX_WAIT_MS;
    cache.distrustL2(isBehind);
    if (isBehind && !behind) logger.warn({}, 'changes wait for the bus: the cache is not trusted');
    if (behind && !isBehind) logger.info({}, 'the bus has caught up: the cache is trusted again');
    behind = isBehind;
  };
  const looking = repeat('guard L2', POLL_MS, look, logger);
  return { isBehind: () => behind, stop: () => looking.stop() };
}
