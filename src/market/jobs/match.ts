import type { Pair } from '../../domain/catalog.ts';
import type { Logger, Running } from '../../domain/logger.ts';
import type { Db } from '../../store/database.ts';
import { pairsWithMatchDue } from '../../store/match-store.ts';
import { pairsWithDueOrders } from '../../store/order-store.ts';
import { expireOrders } from '../matching/expire-orders.ts';
import type { Matcher, UnitOfWork } from '../unit-of-work.ts';
import { repeat } from './repeat.ts';

const POLL_MS = 400;
/** Pairs of one round. */
const BATCH = 200;

interface MatchingDeps {
  readonly db: Db;
  readonly unitOfWork: UnitOfWork;
  readonly matcher: Matcher;
  readonly logger: Logger;
}

/**
 * Expires orders whose time has come, then serves what a node that ended after its commit left to be
 * served. Any number of nodes may run this: each pair is looked at again under its book's lock.
 */
export async function matchDue(deps: MatchingDeps): Promise<void> {
  const { db, unitOfWork, matcher, logger } = deps;
  const expiring = await pairsWithDueOrders(db, BATCH);
  await eachPair(logger, expiring, (pair) => expireOrders(unitOfWork, pair));
  const improved = await pairsWithMatchDue(db, BATCH);
  await eachPair(logger, improved, (pair) => matcher.asksImproved(pair));
}

/** One pair whose orders cannot be looked at now must not keep the others waiting; it stays due. */
async function eachPair(
  logger: Logger,
  pairs: readonly Pair[],
  work: (pair: Pair) => Promise<void>,
): Promise<void> {
  for (const pair of pairs) {
    try {
      await work(pair);
    } catch (error) {
      logger.warn({ err: error, ...pair }, 'a book could not be settled and will be tried again');
    }
  }
}

/** Runs {@link matchDue} again and again until stopped. */
export function startMatching(deps: MatchingDeps): Running {
  return repeat('match orders', POLL_MS, () => matchDue(deps), deps.logger);
}
