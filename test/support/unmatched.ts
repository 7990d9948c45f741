import { sql } from 'kysely';
import type { Pair } from '../../src/domain/catalog.ts';
import type { Db } from '../../src/store/database.ts';

/** An open order and a unit in the book that could have had each other. */
export interface Unmatched {
  readonly orderId: string;
  readonly gpuId: string;
}

/** Where a tier stands among the tiers, weakest first; 0 for none. */
function tier(column: 'g.trust_tier' | 'o.min_trust_tier') {
  return sql`coalesce(array_position(ARRAY['COMMUNITY', 'VERIFIED', 'DATACENTER'], ${sql.ref(column)}), 0)`;
}

/**
 * What should have been matched and was not, by the rules alone and without the book's own tables; empty
 * after every command that was answered. Without a pair: in all books.
 */
export async function unmatched(db: Db, pair: Pair | null = null): Promise<Unmatched[]> {
  const now = sql`(SELECT clock_timestamp())`;
  const live = sql`b.gpu_id = g.id AND b.status IN ('HELD', 'CONFIRMED', 'ACTIVE')`;
  const { rows } = await sql<Unmatched>`
    SELECT o.id AS "orderId", g.id AS "gpuId"
      FROM market_order o
      JOIN gpu g ON g.gpu_type = o.gpu_type AND g.region = o.region
      JOIN offer f ON f.gpu_id = g.id
     WHERE o.status IN ('OPEN', 'PARTIALLY_FILLED') AND o.filled_quantity < o.quantity
       AND o.starts_at > ${now} AND (o.expires_at IS NULL OR o.expires_at > ${now})
       AND (${pair?.gpuType ?? null}::text IS NULL OR o.gpu_type = ${pair?.gpuType ?? null}::text)
       AND (${pair?.region ?? null}::text IS NULL OR o.region = ${pair?.region ?? null}::text)
       AND f.status = 'ACTIVE' AND g.current_status = 'AVAILABLE' AND g.provider <> o.account_id
       AND f.rate_micros <= o.limit_micros
       AND (o.gpus_per_unit IS NULL OR o.gpus_per_unit = g.gpu_count)
       AND ${tier('g.trust_tier')} >= ${tier('o.min_trust_tier')}
       AND o.ends_at - o.starts_at >= f.min_duration_minutes * interval '1 minute'
       AND o.ends_at - o.starts_at <= f.max_duration_minutes * interval '1 minute'
       AND NOT EXISTS (SELECT FROM booking b WHERE ${live} AND b.period && tstzrange(o.starts_at, o.ends_at))
       AND NOT EXISTS (SELECT FROM booking b
                        WHERE ${live} AND b.period && tstzrange(${now}, ${now} + interval '1 hour'))
     ORDER BY o.id, g.id`.execute(db);
  return rows;
}
