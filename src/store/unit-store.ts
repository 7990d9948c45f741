import { sql, type RawBuilder } from 'kysely';
import type { AvailabilitySummary } from '../domain/availability.ts';
import type { Snapshot } from './catalog-store.ts';
import { pairKey, type Pair, type ProviderStatus, type TrustTier } from '../domain/catalog.ts';
import type { DeclaredStatus, GpuStatus, Unit } from '../domain/gpu.ts';
import type { Micros } from '../domain/money.ts';
import type { OfferStatus, PricingMode } from '../domain/offer.ts';
import type { EpochMs } from '../domain/time.ts';
import type { Db } from './database.ts';
import { databaseNow } from './locks.ts';

export interface UnitRow {
  id: string;
  gpu_type: string;
  region: string;
  provider: string;
  gpu_count: number;
  cpu_cores: number | null;
  ram_gb: number | null;
  disk_gb: number | null;
  trust_tier: TrustTier;
  reliability: number | null;
  declared_status: DeclaredStatus;
  current_status: GpuStatus;
  provider_status: ProviderStatus;
  version: number;
  created_at: EpochMs;
  mode: PricingMode | null;
  rate_micros: Micros;
  base_micros: Micros;
  floor_micros: Micros;
  cap_micros: Micros;
  min_duration_minutes: number;
  max_duration_minutes: number;
  offer_status: OfferStatus;
  offer_version: number;
  busy: readonly (readonly [EpochMs, EpochMs])[];
}

/** One statement, so that unit, offer and busy intervals are of one snapshot. */
export function selectUnits(where: RawBuilder<unknown>): RawBuilder<UnitRow> {
  return sql<UnitRow>`
    SELECT g.id, g.gpu_type, g.region, g.provider, g.gpu_count, g.cpu_cores, g.ram_gb, g.disk_gb,
           g.trust_tier, g.reliability, g.declared_status, g.current_status,
           p.status AS provider_status, g.version, g.created_at,
           o.mode, o.rate_micros, o.base_micros, o.floor_micros, o.cap_micros,
           o.min_duration_minutes, o.max_duration_minutes,
           o.status AS offer_status, o.version AS offer_version,
           coalesce((
             SELECT json_agg(json_build_array(
                      (extract(epoch FROM b.starts_at) * 1000)::bigint,
                      (extract(epoch FROM b.ends_at) * 1000)::bigint) ORDER BY b.starts_at)
               FROM booking b
              WHERE b.gpu_id = g.id AND b.status IN ('HELD', 'CONFIRMED', 'ACTIVE')), '[]') AS busy
      FROM gpu g JOIN provider p ON p.slug = g.provider LEFT JOIN offer o ON o.gpu_id = g.id
     WHERE ${where}
     ORDER BY g.id`;
}

export function toUnit(row: UnitRow): Unit {
  return {
    id: row.id,
    gpuType: row.gpu_type,
    region: row.region,
    provider: row.provider,
    gpuCount: row.gpu_count,
    cpuCores: row.cpu_cores,
    ramGb: row.ram_gb,
    diskGb: row.disk_gb,
    trustTier: row.trust_tier,
    reliability: row.reliability,
    status: row.current_status,
    version: row.version,
    createdAt: row.created_at,
    offer: row.mode && {
      gpuId: row.id,
      mode: row.mode,
      rateMicros: row.rate_micros,
      baseMicros: row.base_micros,
      floorMicros: row.floor_micros,
      capMicros: row.cap_micros,
      minDurationMinutes: row.min_duration_minutes,
      maxDurationMinutes: row.max_duration_minutes,
      status: row.offer_status,
      version: row.offer_version,
    },
    busy: row.busy.map(([start, end]) => ({ start, end })),
  };
}

/** One result per id, in order; null where there is no such unit. */
export async function loadUnits(db: Db, ids: readonly string[]): Promise<Snapshot<Unit | null>[]> {
  const asOf = await databaseNow(db);
  const { rows } = await selectUnits(sql`g.id = ANY(${[...ids]}::text[])`).execute(db);
  const byId = new Map(rows.map((row) => [row.id, toUnit(row)]));
  return ids.map((id) => ({ value: byId.get(id) ?? null, asOf }));
}

/** All units of each pair, in the order of their ids. */
export async function loadUnitLists(
  db: Db,
  pairs: readonly Pair[],
): Promise<Snapshot<readonly Unit[]>[]> {
  const asOf = await databaseNow(db);
  const { rows } = await selectUnits(inPairs(pairs, sql`g.gpu_type`, sql`g.region`)).execute(db);
  const units = Map.groupBy(rows.map(toUnit), pairKey);
  return pairs.map((pair) => ({ value: units.get(pairKey(pair)) ?? [], asOf }));
}

/** Units of each pair counted by status; a pair without units counts zero. */
export async function loadSummaries(
  db: Db,
  pairs: readonly Pair[],
): Promise<Snapshot<AvailabilitySummary>[]> {
  const asOf = await databaseNow(db);
  const rows = await db
    .selectFrom('gpu')
    .select(({ fn }) => ['gpu_type', 'region', 'current_status', fn.countAll<bigint>().as('units')])
    .where(inPairs(pairs, sql`gpu_type`, sql`region`))
    .groupBy(['gpu_type', 'region', 'current_status'])
    .execute();
  const counts = new Map(
    rows.map((row) => [
      `${pairKey({ gpuType: row.gpu_type, region: row.region })}:${row.current_status}`,
      Number(row.units),
    ]),
  );
  return pairs.map((pair) => {
    const count = (status: GpuStatus): number => counts.get(`${pairKey(pair)}:${status}`) ?? 0;
    const [available, held, booked] = [count('AVAILABLE'), count('HELD'), count('BOOKED')];
    const offline = count('OFFLINE') + count('MAINTENANCE');
    const total = available + held + booked + offline;
    return { value: { ...pair, total, available, held, booked, offline }, asOf };
  });
}

/** Whether a row's two columns name one of the pairs. */
export function inPairs(
  pairs: readonly Pair[],
  type: RawBuilder<unknown>,
  region: RawBuilder<unknown>,
): RawBuilder<boolean> {
  const types = pairs.map((pair) => pair.gpuType);
  const regions = pairs.map((pair) => pair.region);
  return sql<boolean>`(${type}, ${region}) IN (SELECT * FROM unnest(${types}::text[], ${regions}::text[]))`;
}
