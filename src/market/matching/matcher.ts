import type { Pair } from '../../domain/catalog.ts';
import { lockBook } from '../../store/locks.ts';
import type { Matcher, UnitOfWork } from '../unit-of-work.ts';
import { serveBids } from './serve-bids.ts';

/**
 * Serves resting bids in transactions of its own until nothing matches. `unitOfWork` is one without a
 * matcher: this one looks again by itself.
 */
export function createMatcher(unitOfWork: UnitOfWork): Matcher {
  const serve = (pair: Pair): Promise<boolean> =>
    unitOfWork(async (work) => {
      await lockBook(work.tx, pair);
      return serveBids(work, pair);
    });
  return {
    async asksImproved(pair) {
      while (await serve(pair));
    },
  };
}
