import { sql, type RawBuilder } from 'kysely';
import type { Catalog, Provider } from '../domain/catalog.ts';
import type { Micros } from '../domain/money.ts';
import type { OrderSide } from '../domain/order-book.ts';
import type { Price } from '../domain/price.ts';
import { pairKey, type Pair } from '../domain/catalog.ts';
import { DAY_MS, toIso, type EpochMs } from '../domain/time.ts';
import { closeAt } from './candle-store.ts';
import type { Db } from './database.ts';
import { databaseNow } from './locks.ts';

/** What was read and when, by the database's clock; the snapshot is not older than `asOf`. */
export interface Snapshot<V> {
  readonly value: V;
  readonly asOf: EpochMs;
}

/** GPU types, regions and pairs, each sorted by their natural key. */
export async function loadCatalog(db: Db): Promise<Snapshot<Catalog>> {
  const asOf = await databaseNow(db);
  const types = await db.selectFrom('gpu_type').selectAll().orderBy('slug').execute();
  const regions = await db.selectFrom('region').selectAll().orderBy('code').execute();
  const pairs = await db
    .selectFrom('pair')
    .select(['gpu_type', 'region'])
    .orderBy('gpu_type')
    .orderBy('region')
    .execute();
  const value: Catalog = {
    gpuTypes: types.map((row) => ({
      slug: row.slug,
      name: row.name,
      vendor: row.vendor,
      vramGb: row.vram_gb,
      interconnect: row.interconnect,
      fp16Tflops: row.fp16_tflops,
      referenceMicros: row.reference_micros,
    })),
    regions: regions.map((row) => ({ code: row.code, name: row.name, country: row.country })),
    pairs: pairs.map((row) => ({ gpuType: row.gpu_type, region: row.region })),
  };
  return { value, asOf };
}

/** One result per slug, in order; null where there is no such provider. */
export async function loadProviders(
  db: Db,
  slugs: readonly string[],
): Promise<Snapshot<Provider | null>[]> {
  const asOf = await databaseNow(db);
  const rows = await db
    .selectFrom('provider')
    .selectAll()
    .select(
      sql<
        string[]
      >`ARRAY(SELECT DISTINCT g.region FROM gpu g WHERE g.provider = provider.slug ORDER BY g.region)`.as(
        'regions',
      ),
    )
    .where('slug', 'in', [...slugs])
    .execute();
  const bySlug = new Map(
    rows.map((row): [string, Provider] => [
      row.slug,
      {
        slug: row.slug,
        name: row.name,
        status: row.status,
        regions: row.regions,
        trustTier: row.trust_tier,
        reliability: row.reliability,
        lastSeenAt: row.last_seen_at,
        version: row.version,
      },
    ]),
  );
  return slugs.map((slug) => ({ value: bySlug.get(slug) ?? null, asOf }));
}

/** The slugs of all providers, sorted. */
export async function loadProviderSlugs(db: Db): Promise<Snapshot<readonly string[]>> {
  const asOf = await databaseNow(db);
  const rows = await db.selectFrom('provider').select('slug').orderBy('slug').execute();
  return { value: rows.map((row) => row.slug), asOf };
}

/** One result per pair, in order; null for a pair that has no price. */
export async function loadPrices(
  db: Db,
  pairs: readonly Pair[],
): Promise<Snapshot<Price | null>[]> {
  const asOf = await databaseNow(db);
  const rows = await db
    .selectFrom('pair')
    .selectAll()
    .select([bestLevel('ASK').as('best_ask'), bestLevel('BID').as('best_bid')])
    .select(rateAt(asOf - DAY_MS).as('rate_day_ago'))
    .where((eb) =>
      eb.or(pairs.map((pair) => eb.and({ gpu_type: pair.gpuType, region: pair.region }))),
    )
    .execute();
  const byPair = new Map<string, Price>();
  for (const row of rows) {
    const pair = { gpuType: row.gpu_type, region: row.region };
    if (row.rate_micros === null || row.price_updated_at === null) continue;
    byPair.set(pairKey(pair), {
      ...pair,
      rateMicros: row.rate_micros,
      multiplierMillionths: row.multiplier_millionths,
      updatedAt: row.price_updated_at,
      bestAskMicros: row.best_ask,
      bestBidMicros: row.best_bid,
      rate24hAgoMicros: row.rate_day_ago,
      version: row.version,
    });
  }
  return pairs.map((pair) => ({ value: byPair.get(pairKey(pair)) ?? null, asOf }));
}

function bestLevel(side: OrderSide): RawBuilder<Micros | null> {
  const best = side === 'ASK' ? sql`min` : sql`max`;
  return sql<Micros | null>`(
    SELECT ${best}(level.rate_micros) FROM book_level level
     WHERE level.gpu_type = pair.gpu_type AND level.region = pair.region AND level.side = ${side})`;
}

/** What the pair cost at that instant, to the minute; null where history does not reach back that far. */
function rateAt(at: EpochMs): RawBuilder<Micros | null> {
  const close = closeAt(
    sql.ref('pair.gpu_type'),
    sql.ref('pair.region'),
    sql`${toIso(at)}::timestamptz`,
  );
  return sql<Micros | null>`(${close})`;
}
