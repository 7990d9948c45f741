import { sql } from 'kysely';
import type { JsonObject } from '../domain/cache-event.ts';
import type { EpochMs } from '../domain/time.ts';
import type { Tx } from './database.ts';
import { silently, statement } from './statement.ts';

export interface FirstAnswer {
  /** Operation and canonical input of the first use. */
  readonly request: string;
  readonly answer: JsonObject;
  readonly firstUsedAt: EpochMs;
}

interface Owner {
  readonly accountId: string;
  readonly key: string;
}

const FIND = statement<
  Owner,
  { readonly request: string; readonly answer: unknown; readonly created_at: EpochMs }
>((slot, db) =>
  db
    .selectFrom('idempotency')
    .select(['request', 'answer', 'created_at'])
    .where('account_id', '=', slot('accountId'))
    .where('key', '=', slot('key')),
);

/** What the key was first used for; null for a fresh key. The key's lock is held. */
export async function findFirstAnswer(
  tx: Tx,
  accountId: string,
  key: string,
): Promise<FirstAnswer | null> {
  const [row] = await FIND(tx, { accountId, key });
  return row
    ? { request: row.request, answer: row.answer as JsonObject, firstUsedAt: row.created_at }
    : null;
}

const REMEMBER = silently<Owner & { readonly request: string; readonly answer: string }>(
  (slot, db) =>
    db.insertInto('idempotency').values({
      account_id: slot('accountId'),
      key: slot('key'),
      request: slot('request'),
      answer: slot('answer'),
      created_at: sql<string>`clock_timestamp()`,
    }),
);

/** Remembers a success as of now; refusals are never remembered, they are judged anew. */
export async function rememberAnswer(
  tx: Tx,
  owner: Owner,
  { request, answer }: Omit<FirstAnswer, 'firstUsedAt'>,
): Promise<void> {
  await REMEMBER(tx, { ...owner, request, answer: JSON.stringify(answer) });
}
