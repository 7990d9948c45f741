import { sql, type RawBuilder } from 'kysely';
import type { MarketStats, StatsScope } from '../domain/market-stats.ts';
import type { Micros } from '../domain/money.ts';
import { DAY_MS, toIso, type EpochMs } from '../domain/time.ts';
import type { Snapshot } from './catalog-store.ts';
import type { Db } from './database.ts';
import { databaseNow } from './locks.ts';

interface StatsRow {
  number: number;
  total: bigint;
  available: bigint;
  booked: bigint;
  rentable: bigint;
  running: bigint;
  p10: Micros | null;
  median: Micros | null;
  p90: Micros | null;
  volume: bigint;
  turnover: bigint;
}

/**
 * Statistics of each scope, in order, by one statement. Percentiles are prices that an ACTIVE offer
 * really asks (`percentile_disc`). Volume and turnover count bookings by when they were made.
 */
export async function loadMarketStats(
  db: Db,
  scopes: readonly StatsScope[],
): Promise<Snapshot<MarketStats>[]> {
  const asOf = await databaseNow(db);
  const parts = scopes.map((scope, number) => statsOf(scope, number, asOf));
  const { rows } = await sql<StatsRow>`${sql.join(parts, sql` UNION ALL `)}`.execute(db);
  const byNumber = new Map(rows.map((row) => [row.number, row]));
  return scopes.map((scope, number) => {
    const row = byNumber.get(number);
    if (!row) throw new Error('an aggregate without groups has one row');
    return { value: toStats(scope, row), asOf };
  });
}

/** Written out per scope, so that each is answered by the index that fits it. */
function statsOf(scope: StatsScope, number: number, now: EpochMs): RawBuilder<StatsRow> {
  const inScope = unitsIn(scope);
  return sql<StatsRow>`
    (SELECT ${sql.lit(number)} AS number, units.*, asks.*, made.*,
            (SELECT count(*) FROM booking b JOIN gpu g ON g.id = b.gpu_id
              WHERE b.status IN ('CONFIRMED', 'ACTIVE') AND b.period @> ${toIso(now)}::timestamptz
                AND ${inScope}) AS running
       FROM (SELECT count(*) AS total,
                    count(*) FILTER (WHERE g.current_status = 'AVAILABLE') AS available,
                    count(*) FILTER (WHERE g.current_status = 'BOOKED') AS booked,
                    count(*) FILTER (WHERE g.current_status NOT IN ('OFFLINE', 'MAINTENANCE'))
                      AS rentable
               FROM gpu g WHERE ${inScope}) AS units,
            (SELECT percentile_disc(0.1) WITHIN GROUP (ORDER BY o.rate_micros) AS p10,
                    percentile_disc(0.5) WITHIN GROUP (ORDER BY o.rate_micros) AS median,
                    percentile_disc(0.9) WITHIN GROUP (ORDER BY o.rate_micros) AS p90
               FROM offer o JOIN gpu g ON g.id = o.gpu_id
              WHERE o.status = 'ACTIVE' AND ${inScope}) AS asks,
            (SELECT coalesce(sum(b.gpu_count *
                      (extract(epoch FROM b.ends_at - b.starts_at) * 1000)::bigint), 0)::bigint AS volume,
                    coalesce(sum(b.total_micros), 0)::bigint AS turnover
               FROM booking b JOIN gpu g ON g.id = b.gpu_id
              WHERE b.created_at > ${toIso(now - DAY_MS)}::timestamptz
                AND b.status NOT IN ('HELD', 'CANCELLED', 'EXPIRED') AND ${inScope}) AS made)`;
}

function unitsIn({ gpuType, region }: StatsScope): RawBuilder<boolean> {
  const conditions = [
    ...(gpuType === null ? [] : [sql`g.gpu_type = ${gpuType}`]),
    ...(region === null ? [] : [sql`g.region = ${region}`]),
  ];
  return conditions.length === 0
    ? sql<boolean>`true`
    : sql<boolean>`${sql.join(conditions, sql` AND `)}`;
}

function toStats({ gpuType, region }: StatsScope, row: StatsRow): MarketStats {
  return {
    gpuType,
    region,
    totalGpus: Number(row.total),
    availableGpus: Number(row.available),
    utilisation: row.rentable === 0n ? 0 : Number(row.booked) / Number(row.rentable),
    activeBookings: Number(row.running),
    medianMicros: row.median,
    p10Micros: row.p10,
    p90Micros: row.p90,
    volume24hGpuMs: row.volume,
    turnover24hMicros: row.turnover,
  };
}
