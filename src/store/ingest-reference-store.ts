import { sql } from 'kysely';
import type { GpuType, Pair, ProviderStatus, Region, TrustTier } from '../domain/catalog.ts';
import type { Tx } from './database.ts';

/** A provider that may not be there yet. */
export interface NewProvider {
  readonly slug: string;
  readonly name: string;
  readonly trustTier: TrustTier;
  readonly reliability: number | null;
}

/** Adds the regions that are missing; returns their codes. */
export async function addRegions(tx: Tx, regions: readonly Region[]): Promise<string[]> {
  if (regions.length === 0) return [];
  const added = await tx
    .insertInto('region')
    .values(regions.map(({ code, name, country }) => ({ code, name, country })))
    .onConflict((conflict) => conflict.column('code').doNothing())
    .returning('code')
    .execute();
  return added.map((row) => row.code);
}

/** Adds or completes GPU types; what is unknown never overwrites what is known. Returns the changed slugs. */
export async function mergeGpuTypes(tx: Tx, types: readonly GpuType[]): Promise<string[]> {
  if (types.length === 0) return [];
  const rows = types.map((type) => ({
    slug: type.slug,
    name: type.name,
    vendor: type.vendor,
    vram_gb: type.vramGb,
    interconnect: type.interconnect,
    fp16_tflops: type.fp16Tflops,
    reference_micros: type.referenceMicros === null ? null : type.referenceMicros.toString(),
  }));
  const { rows: changed } = await sql<{ slug: string }>`
    INSERT INTO gpu_type AS t
           (slug, name, vendor, vram_gb, interconnect, fp16_tflops, reference_micros)
    SELECT slug, name, vendor, vram_gb, interconnect, fp16_tflops, reference_micros
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS v
           (slug text, name text, vendor text, vram_gb integer, interconnect text,
            fp16_tflops double precision, reference_micros bigint)
     ORDER BY slug
    ON CONFLICT (slug) DO UPDATE SET
      vendor = coalesce(nullif(excluded.vendor, 'OTHER'), t.vendor),
      vram_gb = coalesce(nullif(excluded.vram_gb, 0), t.vram_gb),
      interconnect = coalesce(nullif(excluded.interconnect, 'UNKNOWN'), t.interconnect),
      fp16_tflops = coalesce(excluded.fp16_tflops, t.fp16_tflops),
      reference_micros = coalesce(excluded.reference_micros, t.reference_micros)
    WHERE (coalesce(nullif(excluded.vendor, 'OTHER'), t.vendor),
           coalesce(nullif(excluded.vram_gb, 0), t.vram_gb),
           coalesce(nullif(excluded.interconnect, 'UNKNOWN'), t.interconnect),
           coalesce(excluded.fp16_tflops, t.fp16_tflops),
           coalesce(excluded.reference_micros, t.reference_micros))
          IS DISTINCT FROM
          (t.vendor, t.vram_gb, t.interconnect, t.fp16_tflops, t.reference_micros)
    RETURNING slug`.execute(tx);
  return changed.map((row) => row.slug);
}

/** Adds the providers that are missing, ONLINE; returns their slugs. */
export async function addProviders(tx: Tx, providers: readonly NewProvider[]): Promise<string[]> {
  if (providers.length === 0) return [];
  const added = await tx
    .insertInto('provider')
    .values(
      providers.map(({ slug, name, trustTier, reliability }) => ({
        slug,
        name,
        trust_tier: trustTier,
        reliability,
        last_seen_at: sql<string>`clock_timestamp()`,
      })),
    )
    .onConflict((conflict) => conflict.column('slug').doNothing())
    .returning('slug')
    .execute();
  return added.map((row) => row.slug);
}

/** Adds the pairs that are missing; returns how many those were. */
export async function addPairs(tx: Tx, pairs: readonly Pair[]): Promise<number> {
  if (pairs.length === 0) return 0;
  const added = await tx
    .insertInto('pair')
    .values(pairs.map(({ gpuType, region }) => ({ gpu_type: gpuType, region })))
    .onConflict((conflict) => conflict.columns(['gpu_type', 'region']).doNothing())
    .returning('book_id')
    .execute();
  return added.length;
}

/** Status by slug; a provider that does not exist is absent. */
export async function readProviderStatuses(
  tx: Tx,
  slugs: readonly string[],
): Promise<Map<string, ProviderStatus>> {
  if (slugs.length === 0) return new Map();
  const rows = await tx
    .selectFrom('provider')
    .select(['slug', 'status'])
    .where('slug', 'in', [...slugs])
    .execute();
  return new Map(rows.map((row) => [row.slug, row.status]));
}
