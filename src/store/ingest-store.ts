import { sql } from 'kysely';
import type { Pair, TrustTier } from '../domain/catalog.ts';
import type { GpuStatus } from '../domain/gpu.ts';
import type { Micros } from '../domain/money.ts';
import type { OfferStatus, PricingMode } from '../domain/offer.ts';
import { toIso, type EpochMs } from '../domain/time.ts';
import type { Db, Tx } from './database.ts';

/** A unit with its offer as the database has it, found by the key of its source. */
export interface StoredUnit {
  readonly id: string;
  readonly gpu_type: string;
  readonly region: string;
  readonly provider: string;
  readonly source_key: string;
  readonly gpu_count: number;
  readonly cpu_cores: number | null;
  readonly ram_gb: number | null;
  readonly disk_gb: number | null;
  readonly trust_tier: TrustTier;
  readonly reliability: number | null;
  readonly mode: PricingMode | null;
  readonly base_micros: Micros;
  readonly min_duration_minutes: number;
  readonly max_duration_minutes: number;
  readonly offer_status: OfferStatus | null;
}

/** The columns of a unit that an import may write. */
export interface UnitScalarsRow {
  readonly id: string;
  readonly gpu_count: number;
  readonly cpu_cores: number | null;
  readonly ram_gb: number | null;
  readonly disk_gb: number | null;
  readonly trust_tier: TrustTier;
  readonly reliability: number | null;
}

export interface NewUnitRow extends UnitScalarsRow {
  readonly provider: string;
  readonly source_key: string;
  readonly current_status: GpuStatus;
  readonly created_at: EpochMs;
}

export interface OfferRow {
  readonly gpu_id: string;
  readonly mode: PricingMode;
  readonly rate_micros: Micros;
  readonly base_micros: Micros;
  readonly floor_micros: Micros;
  readonly cap_micros: Micros;
  readonly min_duration_minutes: number;
  readonly max_duration_minutes: number;
  readonly status: OfferStatus;
}

/** Whether there is any unit at all. */
export async function hasUnits(db: Db): Promise<boolean> {
  const row = await db.selectFrom('gpu').select('id').limit(1).executeTakeFirst();
  return row !== undefined;
}

/** The units with these (provider, source key)s, in whichever pair they are. */
export async function findUnitsBySource(
  db: Db,
  sources: readonly { readonly provider: string; readonly sourceKey: string }[],
): Promise<StoredUnit[]> {
  const providers = sources.map((source) => source.provider);
  const keys = sources.map((source) => source.sourceKey);
  const { rows } = await sql<StoredUnit>`
    SELECT g.id, g.gpu_type, g.region, g.provider, g.source_key, g.gpu_count, g.cpu_cores, g.ram_gb,
           g.disk_gb, g.trust_tier, g.reliability, o.mode, o.base_micros, o.min_duration_minutes,
           o.max_duration_minutes, o.status AS offer_status
      FROM unnest(${providers}::text[], ${keys}::text[]) AS s (provider, source_key)
      JOIN gpu g ON g.provider = s.provider AND g.source_key = s.source_key
      LEFT JOIN offer o ON o.gpu_id = g.id
     ORDER BY g.id`.execute(db);
  return rows;
}

/** Sources of the pair's units whose offer is ACTIVE. */
export async function activeSources(
  db: Db,
  pair: Pair,
): Promise<{ readonly provider: string; readonly sourceKey: string }[]> {
  return await db
    .selectFrom('gpu')
    .innerJoin('offer', 'offer.gpu_id', 'gpu.id')
    .select(['gpu.provider', 'gpu.source_key as sourceKey'])
    .where('gpu.gpu_type', '=', pair.gpuType)
    .where('gpu.region', '=', pair.region)
    .where('offer.status', '=', 'ACTIVE')
    .orderBy('gpu.id')
    .execute();
}

/** Takes `count` unit numbers of the pair; returns the first. The caller holds the book's lock. */
export async function takeUnitNumbers(tx: Tx, pair: Pair, count: number): Promise<number> {
  const { next } = await tx
    .updateTable('pair')
    .set((eb) => ({ next_unit_number: eb('next_unit_number', '+', count) }))
    .where('gpu_type', '=', pair.gpuType)
    .where('region', '=', pair.region)
    .returning('next_unit_number as next')
    .executeTakeFirstOrThrow();
  return next - count;
}

export async function insertUnits(tx: Tx, pair: Pair, units: readonly NewUnitRow[]): Promise<void> {
  if (units.length === 0) return;
  const { gpuType: gpu_type, region } = pair;
  await tx
    .insertInto('gpu')
    .values(
      units.map((unit) => ({ ...unit, gpu_type, region, created_at: toIso(unit.created_at) })),
    )
    .execute();
}

/** Writes what a source says of known units; their versions rise. The caller holds the rows' locks. */
export async function updateUnits(tx: Tx, units: readonly UnitScalarsRow[]): Promise<void> {
  if (units.length === 0) return;
  await sql`
    UPDATE gpu SET gpu_count = v.gpu_count, cpu_cores = v.cpu_cores, ram_gb = v.ram_gb,
                   disk_gb = v.disk_gb, trust_tier = v.trust_tier, reliability = v.reliability,
                   version = gpu.version + 1
      FROM jsonb_to_recordset(${JSON.stringify(units)}::jsonb) AS v
           (id text, gpu_count integer, cpu_cores integer, ram_gb integer, disk_gb integer,
            trust_tier text, reliability double precision)
     WHERE gpu.id = v.id`.execute(tx);
}

/** Adds or replaces offers; a replaced one's version rises. The caller holds the units' locks. */
export async function putOffers(tx: Tx, offers: readonly OfferRow[]): Promise<void> {
  if (offers.length === 0) return;
  await tx
    .insertInto('offer')
    .values([...offers])
    .onConflict((conflict) =>
      conflict.column('gpu_id').doUpdateSet({
        mode: (eb) => eb.ref('excluded.mode'),
        rate_micros: (eb) => eb.ref('excluded.rate_micros'),
        base_micros: (eb) => eb.ref('excluded.base_micros'),
        floor_micros: (eb) => eb.ref('excluded.floor_micros'),
        cap_micros: (eb) => eb.ref('excluded.cap_micros'),
        min_duration_minutes: (eb) => eb.ref('excluded.min_duration_minutes'),
        max_duration_minutes: (eb) => eb.ref('excluded.max_duration_minutes'),
        status: (eb) => eb.ref('excluded.status'),
        version: sql<number>`offer.version + 1`,
        price_changed_at: sql<string>`CASE WHEN offer.rate_micros = excluded.rate_micros
          THEN offer.price_changed_at ELSE date_trunc('milliseconds', clock_timestamp()) END`,
      }),
    )
    .execute();
}

/** Takes offers off the market without losing them. */
export async function pauseOffers(tx: Tx, unitIds: readonly string[]): Promise<void> {
  if (unitIds.length === 0) return;
  await tx
    .updateTable('offer')
    .set({ status: 'PAUSED', version: sql<number>`version + 1` })
    .where('gpu_id', 'in', [...unitIds])
    .where('status', '=', 'ACTIVE')
    .execute();
}

/** What the pair's ACTIVE offers ask now. */
export async function activeRates(tx: Tx, pair: Pair): Promise<Micros[]> {
  const rows = await tx
    .selectFrom('offer')
    .innerJoin('gpu', 'gpu.id', 'offer.gpu_id')
    .select('offer.rate_micros')
    .where('gpu.gpu_type', '=', pair.gpuType)
    .where('gpu.region', '=', pair.region)
    .where('offer.status', '=', 'ACTIVE')
    .execute();
  return rows.map((row) => row.rate_micros);
}
