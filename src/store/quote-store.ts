import { isUuid } from '../domain/ids.ts';
import type { Quote } from '../domain/quote.ts';
import { toIso } from '../domain/time.ts';
import type { Db, Tx } from './database.ts';

/** Keeps a promise of price; `accountId` binds it to its asker. */
export async function insertQuote(db: Db, quote: Quote, accountId: string | null): Promise<void> {
  await db
    .insertInto('quote')
    .values({
      id: quote.id,
      gpu_id: quote.gpuId,
      account_id: accountId,
      starts_at: toIso(quote.period.start),
      ends_at: toIso(quote.period.end),
      gpu_count: quote.gpuCount,
      rate_micros: quote.rateMicros,
      total_micros: quote.totalMicros,
      valid_until: toIso(quote.validUntil),
    })
    .execute();
}

/** Null for an unknown or malformed id and for a quote that is bound to somebody else. */
export async function findQuote(db: Db | Tx, id: string, accountId: string): Promise<Quote | null> {
  if (!isUuid(id)) return null;
  const row = await db.selectFrom('quote').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row || (row.account_id !== null && row.account_id !== accountId)) return null;
  return {
    id: row.id,
    gpuId: row.gpu_id,
    gpuCount: row.gpu_count,
    period: { start: row.starts_at, end: row.ends_at },
    rateMicros: row.rate_micros,
    totalMicros: row.total_micros,
    validUntil: row.valid_until,
  };
}
