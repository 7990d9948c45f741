import { sql } from 'kysely';
import { toIso, type EpochMs } from '../../src/domain/time.ts';
import type { Db } from '../../src/store/database.ts';

/** Only the database's clock counts and nobody can turn it, so tests move the instants instead. */

interface Moves {
  readonly start?: EpochMs;
  readonly end?: EpochMs;
  readonly createdAt?: EpochMs;
  readonly holdExpiresAt?: EpochMs;
}

export async function moveBooking(db: Db, id: string, moves: Moves): Promise<void> {
  const { start, end, createdAt, holdExpiresAt } = moves;
  await db
    .updateTable('booking')
    .set({
      ...(start === undefined ? {} : { starts_at: toIso(start) }),
      ...(end === undefined ? {} : { ends_at: toIso(end) }),
      ...(createdAt === undefined ? {} : { created_at: toIso(createdAt) }),
      ...(holdExpiresAt === undefined ? {} : { hold_expires_at: toIso(holdExpiresAt) }),
    })
    .where('id', '=', id)
    .execute();
}

/** Lets a hold run out without settling it. */
export function runOut(db: Db, holdId: string): Promise<void> {
  return moveBooking(db, holdId, { holdExpiresAt: Date.now() - 1000 });
}

/** Ends a quote's promise. */
export async function expireQuote(db: Db, quoteId: string): Promise<void> {
  const past = sql<string>`clock_timestamp() - interval '1 second'`;
  await db.updateTable('quote').set({ valid_until: past }).where('id', '=', quoteId).execute();
}

/** Moves the end of an order's patience, or the start of its period. */
export async function moveOrder(
  db: Db,
  id: string,
  moves: { readonly expiresAt?: EpochMs; readonly start?: EpochMs },
): Promise<void> {
  const { expiresAt, start } = moves;
  await db
    .updateTable('market_order')
    .set({
      ...(expiresAt === undefined ? {} : { expires_at: toIso(expiresAt) }),
      ...(start === undefined ? {} : { starts_at: toIso(start) }),
    })
    .where('id', '=', id)
    .execute();
}
