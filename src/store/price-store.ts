import { sql } from 'kysely';
import type { Pair } from '../domain/catalog.ts';
import type { Micros } from '../domain/money.ts';
import { offerRate, type Offer } from '../domain/offer.ts';
import { lowerMedian } from '../domain/price.ts';
import { toIso, type EpochMs } from '../domain/time.ts';
import type { Tx } from './database.ts';

export interface PairPrice {
  readonly rateMicros: Micros | null;
  readonly multiplierMillionths: bigint;
}

/** The reference price of a pair whose book is locked; null for an unknown pair. */
export async function readPairPrice(tx: Tx, pair: Pair): Promise<PairPrice | null> {
  const row = await tx
    .selectFrom('pair')
    .select(['rate_micros', 'multiplier_millionths'])
    .where('gpu_type', '=', pair.gpuType)
    .where('region', '=', pair.region)
    .executeTakeFirst();
  return row
    ? { rateMicros: row.rate_micros, multiplierMillionths: row.multiplier_millionths }
    : null;
}

/** Median base of the ACTIVE DYNAMIC offers, else of all ACTIVE ones; null without any. */
export async function pairBase(tx: Tx, pair: Pair): Promise<Micros | null> {
  const rows = await tx
    .selectFrom('offer')
    .innerJoin('gpu', 'gpu.id', 'offer.gpu_id')
    .select(['offer.mode', 'offer.base_micros'])
    .where('gpu.gpu_type', '=', pair.gpuType)
    .where('gpu.region', '=', pair.region)
    .where('offer.status', '=', 'ACTIVE')
    .execute();
  const dynamic = rows.filter((row) => row.mode === 'DYNAMIC');
  return lowerMedian((dynamic.length > 0 ? dynamic : rows).map((row) => row.base_micros));
}

/** Sets price and multiplier, raises the version; `heldUntil` keeps the price rule away until then. */
export async function writePairPrice(
  tx: Tx,
  pair: Pair,
  price: { readonly rateMicros: Micros; readonly multiplierMillionths: bigint },
  at: { readonly now: EpochMs; readonly heldUntil: EpochMs | null },
): Promise<void> {
  await tx
    .updateTable('pair')
    .set({
      rate_micros: price.rateMicros,
      multiplier_millionths: price.multiplierMillionths,
      price_updated_at: toIso(at.now),
      ...(at.heldUntil === null ? {} : { price_held_until: toIso(at.heldUntil) }),
      version: sql<number>`version + 1`,
    })
    .where('gpu_type', '=', pair.gpuType)
    .where('region', '=', pair.region)
    .execute();
}

/** Gives every DYNAMIC offer of a pair its new cost; the book's lock is held. Returns the units concerned. */
export async function repriceDynamicOffers(
  tx: Tx,
  pair: Pair,
  multiplierMillionths: bigint,
  now: EpochMs,
): Promise<string[]> {
  const rows = await tx
    .selectFrom('offer')
    .innerJoin('gpu', 'gpu.id', 'offer.gpu_id')
    .select([
      'offer.gpu_id',
      'offer.rate_micros',
      'offer.base_micros',
      'offer.floor_micros',
      'offer.cap_micros',
    ])
    .where('gpu.gpu_type', '=', pair.gpuType)
    .where('gpu.region', '=', pair.region)
    .where('offer.mode', '=', 'DYNAMIC')
    .where('offer.status', '!=', 'WITHDRAWN')
    .orderBy('offer.gpu_id')
    .execute();
  const changed = rows.flatMap((row) => {
    const offer: Pick<Offer, 'mode' | 'baseMicros' | 'floorMicros' | 'capMicros'> = {
      mode: 'DYNAMIC',
      baseMicros: row.base_micros,
      floorMicros: row.floor_micros,
      capMicros: row.cap_micros,
    };
    const rate = offerRate(offer, multiplierMillionths);
    return rate === row.rate_micros ? [] : [{ id: row.gpu_id, rate }];
  });
  if (changed.length > 0) {
    await sql`
      UPDATE offer SET rate_micros = change.rate, version = offer.version + 1, price_changed_at = ${toIso(now)}
        FROM unnest(${changed.map((row) => row.id)}::text[], ${changed.map((row) => String(row.rate))}::bigint[])
          AS change (gpu_id, rate)
       WHERE offer.gpu_id = change.gpu_id`.execute(tx);
  }
  return changed.map((row) => row.id);
}
