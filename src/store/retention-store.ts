import { sql, type RawBuilder } from 'kysely';
import { CANDLE_INTERVALS, CANDLE_RETENTION_MS, type CandleInterval } from '../domain/candle.ts';
import type { Db } from './database.ts';

/** Rows per statement, so that no deletion holds locks for long. */
const BATCH = 5000;

function pastKeeping(interval: CandleInterval): RawBuilder<unknown>[] {
  const keptMs = CANDLE_RETENTION_MS[interval];
  if (keptMs === Infinity) return [];
  const kept = sql.lit(`${keptMs} milliseconds`);
  return [sql`(interval = ${interval} AND open_time < clock_timestamp() - ${kept}::interval)`];
}

/** What is deleted how long after it stopped mattering. Source: design "The market", Bookings. */
const RULES = [
  { table: 'outbox', where: sql`published_at < clock_timestamp() - interval '24 hours'` },
  { table: 'idempotency', where: sql`created_at < clock_timestamp() - interval '24 hours'` },
  { table: 'quote', where: sql`valid_until < clock_timestamp() - interval '10 minutes'` },
  { table: 'candle', where: sql.join(CANDLE_INTERVALS.flatMap(pastKeeping), sql` OR `) },
  { table: 'edge_node', where: sql`heartbeat_at < clock_timestamp() - interval '1 hour'` },
] as const;

/** Deletes what is past its retention; several nodes may do it at once. Returns rows per table. */
export async function deleteExpired(db: Db): Promise<Record<string, number>> {
  const deleted: Record<string, number> = {};
  for (const { table, where } of RULES) {
    const batch = sql`
      DELETE FROM ${sql.table(table)} WHERE ctid IN (
        SELECT ctid FROM ${sql.table(table)} WHERE ${where} LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)`;
    let total = 0;
    let rows: bigint;
    do {
      rows = (await batch.execute(db)).numAffectedRows ?? 0n;
      total += Number(rows);
    } while (rows === BigInt(BATCH));
    deleted[table] = total;
  }
  return deleted;
}
