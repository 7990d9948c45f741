import { pairKey, type Pair } from '../../domain/catalog.ts';
import type { Logger } from '../../domain/logger.ts';
import { pairsWithAsksDue, unitsWithAskDue } from '../../store/book-store.ts';
import type { Db } from '../../store/database.ts';
import { databaseNow, lockBooks } from '../../store/locks.ts';
import type { UnitOfWork } from '../unit-of-work.ts';

interface WithdrawDeps {
  readonly db: Db;
  readonly unitOfWork: UnitOfWork;
  readonly logger: Logger;
}

/**
 * Takes asks out of the books whose units are free for less than an hour from now on: nothing but time
 * has changed about them. Pairs are read without locks; each is changed in a small transaction that
 * looks again under the book's lock, so any number of nodes may run this and each book tells it once.
 */
export async function withdrawDueAsks(deps: WithdrawDeps): Promise<void> {
  for (const pair of await pairsWithAsksDue(deps.db)) await withdraw(deps, pair);
}

/** One book that cannot be changed now must not keep the others waiting; it stays due. */
async function withdraw({ unitOfWork, logger }: WithdrawDeps, pair: Pair): Promise<void> {
  try {
    await unitOfWork(async (work) => {
      await lockBooks(work.tx, [pair]);
      const unitIds = await unitsWithAskDue(work.tx, pair);
      if (unitIds.length === 0) return;
      work.touch(pair, await databaseNow(work.tx), { unitIds, freer: false });
    });
  } catch (error) {
    logger.warn({ err: error, pair: pairKey(pair) }, 'asks could not be withdrawn yet');
  }
}
