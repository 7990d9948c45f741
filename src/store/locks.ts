import { sql } from 'kysely';
import { pairKey, type Pair } from '../domain/catalog.ts';
import type { EpochMs } from '../domain/time.ts';
import type { Db, Tx } from './database.ts';

/**
 * The advisory locks, all of the transaction: they go with its end. Order of taking, the same
 * everywhere: idempotency key → account → books ascending → rows of `gpu` by id. Partition locks are
 * taken by relays, which take no other. Source: design "The market", The one transaction.
 */
const BOOK_LOCK = 1;
const PARTITION_LOCK = 2;
const ACCOUNT_LOCK = 3;

/** Locks one idempotency key; false when its first request is still under way. */
export async function tryLockIdempotencyKey(
  tx: Tx,
  accountId: string,
  key: string,
): Promise<boolean> {
  const { rows } = await sql<{ locked: boolean }>`
    SELECT pg_try_advisory_xact_lock(hashtextextended(${accountId} || chr(1) || ${key}, 0)) AS locked`.execute(
    tx,
  );
  return rows[0]?.locked === true;
}

/** Serialises what counts an account's holds. */
export async function lockAccount(tx: Tx, accountId: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(${ACCOUNT_LOCK}, hashtext(${accountId}))`.execute(tx);
}

/** Locks the book of one pair; false where there is no such pair. A book's id never changes. */
export async function lockBook(tx: Tx, { gpuType, region }: Pair): Promise<boolean> {
  const { rows } = await sql`
    SELECT pg_advisory_xact_lock(${BOOK_LOCK}, book_id) FROM pair
     WHERE gpu_type = ${gpuType} AND region = ${region}`.execute(tx);
  return rows.length === 1;
}

/** Locks the books of these pairs, ascending; pairs that do not exist have none. */
export async function lockBooks(tx: Tx, pairs: readonly Pair[]): Promise<void> {
  const distinct = new Map(pairs.map((pair) => [pairKey(pair), pair]));
  const ids: number[] = [];
  for (const { gpuType, region } of distinct.values()) {
    const row = await tx
      .selectFrom('pair')
      .select('book_id')
      .where('gpu_type', '=', gpuType)
      .where('region', '=', region)
      .executeTakeFirst();
    if (row) ids.push(row.book_id);
  }
  for (const id of ids.toSorted((a, b) => a - b)) {
    await sql`SELECT pg_advisory_xact_lock(${BOOK_LOCK}, ${id})`.execute(tx);
  }
}

/** Makes the caller the one publisher of a partition until its transaction ends; false when another is. */
export async function tryLockPartition(tx: Tx, partition: number): Promise<boolean> {
  const { rows } = await sql<{ locked: boolean }>`
    SELECT pg_try_advisory_xact_lock(${PARTITION_LOCK}, ${partition}) AS locked`.execute(tx);
  return rows[0]?.locked === true;
}

/** The only clock that counts: the database's, at this very moment and not at the transaction's start. */
export async function databaseNow(db: Db | Tx): Promise<EpochMs> {
  const { rows } = await sql<{ now: EpochMs }>`SELECT clock_timestamp() AS now`.execute(db);
  const now = rows[0]?.now;
  if (now === undefined) throw new Error('clock_timestamp() returned no row');
  return now;
}
