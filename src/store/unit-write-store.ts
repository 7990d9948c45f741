import { sql } from 'kysely';
import type { ProviderStatus } from '../domain/catalog.ts';
import type { DeclaredStatus, GpuStatus, Unit } from '../domain/gpu.ts';
import type { Offer } from '../domain/offer.ts';
import { toIso, type EpochMs } from '../domain/time.ts';
import type { Db, Tx } from './database.ts';
import { silently, statement } from './statement.ts';
import { selectUnits, toUnit, type UnitRow } from './unit-store.ts';

/** A unit with what its status follows from. */
export interface UnitState {
  readonly unit: Unit;
  readonly declared: DeclaredStatus;
  readonly providerStatus: ProviderStatus;
  /** The database's clock at the read: the time that every rule of this transaction uses. */
  readonly now: EpochMs;
}

type Ids = { readonly ids: readonly string[] };

const LOCK_ROWS = silently<Ids>(
  (slot) => sql`SELECT FROM gpu WHERE id = ANY(${slot('ids')}::text[]) ORDER BY id FOR UPDATE`,
);

/** Locks rows of `gpu` in the order of their ids, a statement of its own: it reads nothing. */
export async function lockUnitRows(tx: Tx, ids: readonly string[]): Promise<void> {
  await LOCK_ROWS(tx, { ids });
}

const READ_STATES = statement<Ids, UnitRow & { readonly now: EpochMs }>(
  (slot) => sql`
    SELECT (SELECT clock_timestamp()) AS now, unit.*
      FROM (${selectUnits(sql`g.id = ANY(${slot('ids')}::text[])`)}) unit`,
);

/**
 * Reads units in the order of the ids, without those that do not exist; after their locks, where they are
 * to be changed: a join with the locking statement would read from before the wait.
 */
export async function readUnitStates(tx: Tx, ids: readonly string[]): Promise<UnitState[]> {
  const rows = await READ_STATES(tx, { ids });
  const states = rows.map((row) => ({
    unit: toUnit(row),
    declared: row.declared_status,
    providerStatus: row.provider_status,
    now: row.now,
  }));
  const byId = new Map(states.map((state) => [state.unit.id, state]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

interface UnitChange {
  readonly id: string;
  readonly status: GpuStatus;
  readonly declared: DeclaredStatus;
  readonly version: number;
}

const UPDATE = silently<UnitChange>((slot, db) =>
  db
    .updateTable('gpu')
    .set({
      current_status: slot('status'),
      declared_status: slot('declared'),
      version: slot('version'),
    })
    .where('id', '=', slot('id')),
);

/** Writes the two stored statuses and the raised version of a locked unit. */
export async function updateUnit(tx: Tx, change: UnitChange): Promise<void> {
  await UPDATE(tx, change);
}

/** Inserts or replaces a unit's offer under its lock; the version is the caller's. */
export async function putOffer(tx: Tx, offer: Offer, now: EpochMs): Promise<void> {
  const values = {
    mode: offer.mode,
    rate_micros: offer.rateMicros,
    base_micros: offer.baseMicros,
    floor_micros: offer.floorMicros,
    cap_micros: offer.capMicros,
    min_duration_minutes: offer.minDurationMinutes,
    max_duration_minutes: offer.maxDurationMinutes,
    status: offer.status,
    version: offer.version,
  };
  await tx
    .insertInto('offer')
    .values({ gpu_id: offer.gpuId, ...values, price_changed_at: toIso(now) })
    .onConflict((conflict) =>
      conflict.column('gpu_id').doUpdateSet({
        ...values,
        price_changed_at: sql<string>`CASE WHEN offer.rate_micros = excluded.rate_micros
          THEN offer.price_changed_at ELSE excluded.price_changed_at END`,
      }),
    )
    .execute();
}

/** Units of a provider whose stored status contradicts the provider's, read without locks. */
export async function unitsOutOfStep(db: Db, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT g.id FROM gpu g JOIN provider p ON p.slug = g.provider
     WHERE (p.status IN ('OFFLINE', 'SUSPENDED')) <> (g.current_status = 'OFFLINE')
       AND NOT (g.current_status = 'OFFLINE' AND g.declared_status = 'OFFLINE')
     ORDER BY g.id LIMIT ${limit}`.execute(db);
  return rows.map((row) => row.id);
}

/** The ids of a provider's units, ascending. */
export async function unitIdsOfProvider(db: Db, provider: string): Promise<string[]> {
  const rows = await db
    .selectFrom('gpu')
    .select('id')
    .where('provider', '=', provider)
    .orderBy('id')
    .execute();
  return rows.map((row) => row.id);
}
