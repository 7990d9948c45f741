import type { Tx } from './database.ts';

export interface AuditEntry {
  readonly accountId: string;
  readonly action: string;
  readonly subject: string;
  readonly reason: string | null;
}

/** Keeps who did what and why, in the transaction of the deed. */
export async function appendAudit(tx: Tx, entry: AuditEntry): Promise<void> {
  await tx
    .insertInto('audit')
    .values({
      account_id: entry.accountId,
      action: entry.action,
      subject: entry.subject,
      reason: entry.reason,
    })
    .execute();
}
