import type { Account, Viewer } from '../domain/viewer.ts';
import type { Db } from './database.ts';

/** Makes the account if it is new and keeps its role that of the newest token. */
export async function ensureAccount(db: Db, viewer: Viewer): Promise<void> {
  const { accountId: id, role } = viewer;
  await db
    .insertInto('account')
    .values({ id, role, name: id })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet({ role }).where('account.role', '!=', role),
    )
    .execute();
}

/** One result per id, in order. */
export async function loadAccounts(db: Db, ids: readonly string[]): Promise<(Account | null)[]> {
  const rows = await db
    .selectFrom('account')
    .select(['id', 'role', 'name'])
    .where('id', 'in', [...ids])
    .execute();
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id) ?? null);
}
