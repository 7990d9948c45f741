import { sql } from 'kysely';
import type { Unit } from '../domain/gpu.ts';
import { toIso, type Interval } from '../domain/time.ts';
import type { Db } from './database.ts';
import { loadUnits } from './unit-store.ts';

/**
 * Units that could be booked instead of `gpuId` in this very period, best first: the same type in the
 * same region up to 1.2 times the price, the same type elsewhere, then other types with at least the
 * memory up to 1.5 times; cheapest first. Each has at least as many cards, is offered for that long
 * and is free. Source: design "The market", Bookings.
 */
export async function findAlternatives(
  db: Db,
  gpuId: string,
  period: Interval,
  limit: number,
): Promise<readonly Unit[]> {
  const [start, end] = [toIso(period.start), toIso(period.end)];
  const minutes = Math.round((period.end - period.start) / 60_000);
  const { rows } = await sql<{ id: string }>`
    WITH wanted AS (
      SELECT g.id, g.gpu_type, g.region, g.gpu_count, t.vram_gb, o.rate_micros
        FROM gpu g JOIN gpu_type t ON t.slug = g.gpu_type LEFT JOIN offer o ON o.gpu_id = g.id
       WHERE g.id = ${gpuId}
    ), candidate AS (
      SELECT g.id, g.gpu_count, o.rate_micros,
             CASE WHEN g.gpu_type <> w.gpu_type THEN 3 WHEN g.region <> w.region THEN 2 ELSE 1 END AS rank,
             o.rate_micros::numeric / NULLIF(w.rate_micros, 0) AS price_ratio,
             t.vram_gb >= w.vram_gb AS enough_memory
        FROM wanted w
        JOIN gpu g ON g.id <> w.id AND g.gpu_count >= w.gpu_count
        JOIN gpu_type t ON t.slug = g.gpu_type
        JOIN offer o ON o.gpu_id = g.id AND o.status = 'ACTIVE'
       WHERE g.current_status NOT IN ('OFFLINE', 'MAINTENANCE')
         AND ${minutes} BETWEEN o.min_duration_minutes AND o.max_duration_minutes
    )
    SELECT c.id FROM candidate c
     WHERE (c.rank = 2
            OR (c.rank = 1 AND coalesce(c.price_ratio, 0) <= 1.2)
            OR (c.rank = 3 AND coalesce(c.price_ratio, 0) <= 1.5 AND c.enough_memory))
       AND NOT EXISTS (
         SELECT FROM booking b
          WHERE b.gpu_id = c.id AND b.status IN ('HELD', 'CONFIRMED', 'ACTIVE')
            AND b.starts_at < ${end}::timestamptz AND b.ends_at > ${start}::timestamptz)
     ORDER BY c.rank, c.rate_micros, c.gpu_count, c.id
     LIMIT ${limit}`.execute(db);
  if (rows.length === 0) return [];
  const units = await loadUnits(
    db,
    rows.map((row) => row.id),
  );
  return units.flatMap((snapshot) => snapshot.value ?? []);
}
