import type { TieredCache } from '../../cache/types.ts';
import type { Logger, Running } from '../../domain/logger.ts';
import { SECOND_MS } from '../../domain/time.ts';
import type { Db } from '../../store/database.ts';
import { publishedEvents } from '../../store/outbox-store.ts';
import { repeat } from './repeat.ts';

const BATCH = 500;

/**
 * Lets go of pending keys whose event another node published while this one did not hear: their outbox
 * rows say so. Without it such a key would be read from the database until its time runs out.
 */
export function startSettlePending(db: Db, cache: TieredCache, logger: Logger): Running {
  let seenBefore: ReadonlySet<string> = new Set();
  const run = async (): Promise<void> => {
    const pending = cache.pendingEvents().slice(0, BATCH);
    const lasting = pending.filter((eventId) => seenBefore.has(eventId));
    seenBefore = new Set(pending);
    if (lasting.length > 0) cache.settle(await publishedEvents(db, lasting));
  };
  return repeat('settle pending keys', SECOND_MS, run, logger);
}
