import { sql, type RawBuilder } from 'kysely';
import type { Pair } from '../domain/catalog.ts';
import type { Micros } from '../domain/money.ts';
import { PRICE_TRIGGER_MS, type PriceState } from '../domain/price-rule.ts';
import { toIso, type EpochMs } from '../domain/time.ts';
import type { Db, Tx } from './database.ts';

/** Pairs that the price rule is to look at now, the longest due first; read without locks. */
export async function pairsToPrice(db: Db, limit: number): Promise<Pair[]> {
  const rows = await db
    .selectFrom('pair')
    .select(['gpu_type', 'region'])
    .where('price_due_at', '<=', sql<number>`clock_timestamp()`)
    .orderBy('price_due_at')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ gpuType: row.gpu_type, region: row.region }));
}

/** What the rule needs to know of a pair whose book is locked. */
export interface PricePosition {
  readonly dueAt: EpochMs;
  /** An operator's price stands until then. */
  readonly heldUntil: EpochMs | null;
  /** Null for a pair without a price or without an ACTIVE DYNAMIC offer: there is nothing to move. */
  readonly state: PriceState | null;
}

interface PositionRow {
  price_due_at: EpochMs;
  price_held_until: EpochMs | null;
  rate_micros: Micros | null;
  utilisation_smoothed: number | null;
  booked: bigint;
  rentable: bigint;
  base: Micros | null;
  floor: Micros | null;
  cap: Micros | null;
}

/** Base, floor and cap are lower medians, so that each is a price that some offer names. */
export async function readPricePosition(tx: Tx, pair: Pair): Promise<PricePosition | null> {
  const { gpuType, region } = pair;
  const { rows } = await sql<PositionRow>`
    SELECT pair.price_due_at, pair.price_held_until, pair.rate_micros, pair.utilisation_smoothed,
           units.*, offers.*
      FROM pair,
           (SELECT count(*) FILTER (WHERE current_status = 'BOOKED') AS booked,
                   count(*) FILTER (WHERE current_status NOT IN ('OFFLINE', 'MAINTENANCE')) AS rentable
              FROM gpu WHERE gpu_type = ${gpuType} AND region = ${region}) AS units,
           (SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY o.base_micros) AS base,
                   percentile_disc(0.5) WITHIN GROUP (ORDER BY o.floor_micros) AS floor,
                   percentile_disc(0.5) WITHIN GROUP (ORDER BY o.cap_micros) AS cap
              FROM offer o JOIN gpu g ON g.id = o.gpu_id
             WHERE g.gpu_type = ${gpuType} AND g.region = ${region}
               AND o.status = 'ACTIVE' AND o.mode = 'DYNAMIC') AS offers
     WHERE pair.gpu_type = ${gpuType} AND pair.region = ${region}`.execute(tx);
  const row = rows[0];
  if (!row) return null;
  return { dueAt: row.price_due_at, heldUntil: row.price_held_until, state: stateOf(row) };
}

function stateOf(row: PositionRow): PriceState | null {
  const { rate_micros: rateMicros, base, floor, cap } = row;
  // A base of 0 (an import may bring free offers) has no multiples to choose among.
  if (rateMicros === null || base === null || floor === null || cap === null || base === 0n)
    return null;
  return {
    rateMicros,
    baseMicros: base,
    floorMicros: floor,
    capMicros: cap,
    utilisation: row.rentable === 0n ? 0 : Number(row.booked) / Number(row.rentable),
    smoothed: row.utilisation_smoothed,
  };
}

/** The rule has looked at a pair, and when it is to look again. */
export async function writePriceLook(
  tx: Tx,
  pair: Pair,
  look: { readonly smoothed: number; readonly ranAt: EpochMs; readonly dueAt: EpochMs },
): Promise<void> {
  await tx
    .updateTable('pair')
    .set({
      utilisation_smoothed: look.smoothed,
      price_ran_at: toIso(look.ranAt),
      price_due_at: toIso(look.dueAt),
    })
    .where('gpu_type', '=', pair.gpuType)
    .where('region', '=', pair.region)
    .execute();
}

/** The rule leaves a pair alone until then. */
export async function postponePriceLook(tx: Tx, pair: Pair, dueAt: EpochMs): Promise<void> {
  await tx
    .updateTable('pair')
    .set({ price_due_at: toIso(dueAt) })
    .where('gpu_type', '=', pair.gpuType)
    .where('region', '=', pair.region)
    .execute();
}

/**
 * When the rule is to look at a pair again once its demand has changed, in terms of its row: soon, so
 * that many changes make one look.
 */
export function soonAfter(now: RawBuilder<unknown>): RawBuilder<unknown> {
  const pause = sql.lit(`${PRICE_TRIGGER_MS} milliseconds`);
  return sql`greatest(${now}, price_ran_at + ${pause}::interval)`;
}
