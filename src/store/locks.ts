import { sql, type RawBuilder } from 'kysely';
import { pairKey, type Pair } from '../domain/catalog.ts';
import type { EpochMs } from '../domain/time.ts';
import type { Db, Tx } from './database.ts';
import { silently, statement, type Slots } from './statement.ts';

/**
 * The advisory locks, all of the transaction: they go with its end. Order of taking, the same
 * everywhere: idempotency key → account → books ascending → rows of `gpu` by id. Partition locks are
 * taken by relays, which take no other. Source: design "The market", The one transaction.
 */
const BOOK_LOCK = 1;
const PARTITION_LOCK = 2;
const ACCOUNT_LOCK = 3;

interface Key {
  readonly accountId: string;
  readonly key: string;
}

/** True for who holds the key's lock already, too. */
const keyLocked = (slot: Slots<Key>): RawBuilder<boolean> =>
  sql<boolean>`pg_try_advisory_xact_lock(
    hashtextextended(${slot('accountId')} || chr(1) || ${slot('key')}, 0))`;

const TRY_LOCK_KEY = statement<Key, { locked: boolean }>(
  (slot) => sql`SELECT ${keyLocked(slot)} AS locked`,
);

/** Locks one idempotency key; false when its first request is still under way. */
export async function tryLockIdempotencyKey(
  tx: Tx,
  accountId: string,
  key: string,
): Promise<boolean> {
  const [row] = await TRY_LOCK_KEY(tx, { accountId, key });
  return row?.locked === true;
}

const LOCK_ACCOUNT = silently<{ readonly accountId: string }>(
  (slot) => sql`SELECT pg_advisory_xact_lock(${ACCOUNT_LOCK}, hashtext(${slot('accountId')}))`,
);

/** Serialises what counts an account's holds. */
export async function lockAccount(tx: Tx, accountId: string): Promise<void> {
  await LOCK_ACCOUNT(tx, { accountId });
}

const LOCK_BOOK = silently<Pair>(
  (slot) => sql`
    SELECT pg_advisory_xact_lock(${BOOK_LOCK}, book_id) FROM pair
     WHERE gpu_type = ${slot('gpuType')} AND region = ${slot('region')}`,
);

/** Locks the book of one pair; a pair that does not exist has none. A book's id never changes. */
export async function lockBook(tx: Tx, { gpuType, region }: Pair): Promise<void> {
  await LOCK_BOOK(tx, { gpuType, region });
}

const LOCK_ACCOUNT_AND_BOOK = silently<Key & Pair>(
  (slot) => sql`
    SELECT pg_advisory_xact_lock(${ACCOUNT_LOCK}, hashtext(${slot('accountId')})),
           pg_advisory_xact_lock(${BOOK_LOCK}, book_id)
      FROM pair WHERE gpu_type = ${slot('gpuType')} AND region = ${slot('region')}
       AND (SELECT ${keyLocked(slot)})`,
);

/**
 * Locks the account and then the book of a pair, for who holds the idempotency key: nothing while another
 * does, so this may be run together with trying the key; nothing either for a pair that does not exist.
 */
export async function lockAccountAndBook(
  tx: Tx,
  owner: Key,
  { gpuType, region }: Pair,
): Promise<void> {
  await LOCK_ACCOUNT_AND_BOOK(tx, { ...owner, gpuType, region });
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

type Partitions = { readonly partitions: readonly number[] };

/** Those of the listed partitions whose locks are had; true for who holds one already, too. */
export const lockedPartitions = (partitions: RawBuilder<readonly number[]>): RawBuilder<unknown> =>
  sql`(SELECT partition FROM unnest(${partitions}::int[]) AS wanted (partition)
        WHERE pg_try_advisory_xact_lock(${PARTITION_LOCK}, partition) OFFSET 0)`;

const TRY_LOCK_PARTITIONS = statement<Partitions, { readonly partition: number }>(
  (slot) => sql`SELECT partition FROM ${lockedPartitions(slot('partitions'))} locked`,
);

/** Makes the caller the one publisher of partitions until its transaction ends; without those that another is. */
export async function tryLockPartitions(tx: Tx, partitions: readonly number[]): Promise<number[]> {
  const rows = await TRY_LOCK_PARTITIONS(tx, { partitions });
  return rows.map(({ partition }) => partition);
}

/** The only clock that counts: the database's, at this very moment and not at the transaction's start. */
export async function databaseNow(db: Db | Tx): Promise<EpochMs> {
  const { rows } = await sql<{ now: EpochMs }>`SELECT clock_timestamp() AS now`.execute(db);
  const now = rows[0]?.now;
  if (now === undefined) throw new Error('clock_timestamp() returned no row');
  return now;
}
