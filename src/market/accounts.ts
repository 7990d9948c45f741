import { LRUCache } from 'lru-cache';
import type { Account, Viewer } from '../domain/viewer.ts';
import { ensureAccount, loadAccounts } from '../store/account-store.ts';
import type { Db } from '../store/database.ts';
import { orUnavailable } from '../store/failures.ts';

const REMEMBERED = 10_000;

export interface Accounts {
  /** Makes the account of a valid token at first use. */
  ensure(viewer: Viewer): Promise<Account>;
  byIds(ids: readonly string[]): Promise<(Account | null)[]>;
}

/** Accounts exist as soon as a valid token names them; this node remembers which it has seen. */
export function createAccounts(db: Db): Accounts {
  const seen = new LRUCache<string, true>({ max: REMEMBERED });
  return {
    async ensure(viewer) {
      const { accountId: id, role } = viewer;
      const key = `${role} ${id}`;
      if (!seen.has(key)) {
        await orUnavailable(() => ensureAccount(db, viewer));
        seen.set(key, true);
      }
      return { id, role, name: id };
    },
    byIds: (ids) => orUnavailable(() => loadAccounts(db, ids)),
  };
}
