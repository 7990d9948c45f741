import { sql } from 'kysely';
import type { Pair } from '../../../src/domain/catalog.ts';
import { unitId } from '../../../src/domain/gpu.ts';
import { toIso } from '../../../src/domain/time.ts';
import type { Db } from '../../../src/store/database.ts';
import { DYNAMIC_BASE_CENTS, PROVIDERS, type UnitTerms } from './commands.ts';
import { microsOf } from './scale.ts';

const GPU_TYPE = 'proof-gpu';

/** The pair of one story; stories share a database and nothing else. */
export function pairOfStory(name: string): Pair {
  return { gpuType: GPU_TYPE, region: name };
}

/** Renters and providers belong to one story too. */
export function accountOf(name: string, pair: Pair): string {
  return `${name}-${pair.region}`;
}

/** Writes a pair with its units, offers and asks, as an import would have; its sequence begins at 0. */
export async function seedStory(
  db: Db,
  pair: Pair,
  units: readonly UnitTerms[],
): Promise<readonly string[]> {
  const { gpuType, region } = pair;
  const rows = units.map((unit, index) => ({ ...unit, id: unitId(pair, index + 1), index }));
  await db.transaction().execute(async (tx) => {
    await sql`INSERT INTO gpu_type (slug, name, vendor, vram_gb, interconnect)
      VALUES (${gpuType}, ${gpuType}, 'NVIDIA', 80, 'SXM') ON CONFLICT DO NOTHING`.execute(tx);
    await tx.insertInto('region').values({ code: region, name: region, country: null }).execute();
    const slugs = PROVIDERS.map((name) => accountOf(name, pair));
    await tx
      .insertInto('provider')
      .values(slugs.map((slug) => ({ slug, name: slug, trust_tier: 'VERIFIED' as const })))
      .execute();
    const rate_micros = microsOf(DYNAMIC_BASE_CENTS);
    const price_updated_at = toIso(Date.now());
    await tx
      .insertInto('pair')
      .values({ gpu_type: gpuType, region, rate_micros, price_updated_at })
      .execute();
    const gpus = rows.map((row) => gpuRow(pair, row));
    await tx.insertInto('gpu').values(gpus).execute();
    await tx.insertInto('offer').values(rows.map(offerRow)).execute();
    await sql`INSERT INTO book_ask (gpu_id, gpu_type, region, rate_micros, price_changed_at, gpu_count)
      SELECT g.id, g.gpu_type, g.region, o.rate_micros, o.price_changed_at, g.gpu_count
        FROM gpu g JOIN offer o ON o.gpu_id = g.id WHERE g.region = ${region}`.execute(tx);
    await sql`INSERT INTO book_level (gpu_type, region, side, rate_micros, gpu_count, order_count)
      SELECT gpu_type, region, 'ASK', rate_micros, sum(gpu_count), count(*)
        FROM book_ask WHERE region = ${region} GROUP BY gpu_type, region, rate_micros`.execute(tx);
  });
  return rows.map(({ id }) => id);
}

type SeedRow = UnitTerms & { readonly id: string; readonly index: number };

function gpuRow({ gpuType, region }: Pair, unit: SeedRow) {
  return {
    id: unit.id,
    gpu_type: gpuType,
    region,
    provider: accountOf(unit.provider, { gpuType, region }),
    source_key: unit.id,
    gpu_count: unit.gpuCount,
    cpu_cores: null,
    ram_gb: null,
    disk_gb: null,
    trust_tier: unit.trustTier,
    reliability: null,
  };
}

/** Each offer has had its price a second longer than the next one. */
function offerRow(unit: SeedRow) {
  const base = microsOf(unit.cents);
  return {
    gpu_id: unit.id,
    mode: unit.dynamic ? ('DYNAMIC' as const) : ('FIXED' as const),
    rate_micros: base,
    base_micros: base,
    floor_micros: base / 2n,
    cap_micros: 3n * base,
    min_duration_minutes: unit.durations[0],
    max_duration_minutes: unit.durations[1],
    status: 'ACTIVE' as const,
    price_changed_at: toIso(Date.now() - 3_600_000 + unit.index * 1000),
  };
}
