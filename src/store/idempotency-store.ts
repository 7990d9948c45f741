import { sql } from 'kysely';
import type { JsonObject } from '../domain/cache-event.ts';
import type { EpochMs } from '../domain/time.ts';
import type { Tx } from './database.ts';

export interface FirstAnswer {
  /** Operation and canonical input of the first use. */
  readonly request: string;
  readonly answer: JsonObject;
  readonly firstUsedAt: EpochMs;
}

/** What the key was first used for; null for a fresh key. The key's lock is held. */
export async function findFirstAnswer(
  tx: Tx,
  accountId: string,
  key: string,
): Promise<FirstAnswer | null> {
  const row = await tx
    .selectFrom('idempotency')
    .select(['request', 'answer', 'created_at'])
    .where('account_id', '=', accountId)
    .where('key', '=', key)
    .executeTakeFirst();
  return row
    ? { request: row.request, answer: row.answer as JsonObject, firstUsedAt: row.created_at }
    : null;
}

/** Remembers a success as of now; refusals are never remembered, they are judged anew. */
export async function rememberAnswer(
  tx: Tx,
  owner: { readonly accountId: string; readonly key: string },
  { request, answer }: Omit<FirstAnswer, 'firstUsedAt'>,
): Promise<void> {
  await tx
    .insertInto('idempotency')
    .values({
      account_id: owner.accountId,
      key: owner.key,
      request,
      answer: JSON.stringify(answer),
      created_at: sql<string>`clock_timestamp()`,
    })
    .execute();
}
