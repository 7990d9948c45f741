import type { Logger, Running } from '../../domain/logger.ts';
import { MINUTE_MS } from '../../domain/time.ts';
import type { Db } from '../../store/database.ts';
import { deleteExpired } from '../../store/retention-store.ts';
import { repeat } from './repeat.ts';

/** Deletes what is past its retention once a minute. */
export function startRetention(db: Db, logger: Logger): Running {
  const run = async (): Promise<void> => {
    const deleted = await deleteExpired(db);
    logger.debug({ deleted }, 'retention ran');
  };
  return repeat('retention', MINUTE_MS, run, logger);
}
