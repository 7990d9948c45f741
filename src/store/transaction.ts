import { StoreUnavailableError } from '../domain/errors.ts';
import type { Db, Tx } from './database.ts';
import { planOnce } from './statement.ts';
import { isRetryable, isUnavailable } from './failures.ts';

const MAX_ATTEMPTS = 4;

export interface TransactionHooks {
  /** The work is done and COMMIT comes next. */
  readonly beforeCommit?: () => void;
  /** This attempt certainly left nothing behind. */
  readonly rolledBack?: () => void;
  /** The connection was lost in COMMIT: the attempt may have been committed. */
  readonly inDoubt?: () => void;
}

/**
 * Runs `work` in one READ COMMITTED transaction. A deadlock, a serialization failure or a lost race for
 * the exclusion constraint runs the whole of it again, at most three times. A database that is away
 * becomes {@link StoreUnavailableError}.
 */
export async function inTransaction<T>(
  db: Db,
  work: (tx: Tx) => Promise<T>,
  hooks: TransactionHooks = {},
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    let committing = false;
    try {
      return await db.transaction().execute(async (tx) => {
        await planOnce(tx, {});
        const result = await work(tx);
        hooks.beforeCommit?.();
        committing = true;
        return result;
      });
    } catch (error) {
      const away = isUnavailable(error);
      if (committing && away) hooks.inDoubt?.();
      else if (committing) hooks.rolledBack?.();
      if (away) throw new StoreUnavailableError(error);
      if (attempt >= MAX_ATTEMPTS || !isRetryable(error)) throw error;
    }
  }
}
