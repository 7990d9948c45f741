import { sql, type RawBuilder } from 'kysely';
import { TRUST_TIERS, type Pair } from '../domain/catalog.ts';
import type { Micros } from '../domain/money.ts';
import type { Order } from '../domain/order.ts';
import { toIso, type EpochMs } from '../domain/time.ts';
import type { Db, Tx } from './database.ts';
import { toOrder } from './order-store.ts';
import { silently, statement, type Slots } from './statement.ts';

const TIERS = sql`ARRAY[${sql.join(TRUST_TIERS.map((tier) => sql.lit(tier)))}]`;

/** Unit `g` is of the size and the tier that order `o` asks for. */
const SUITS = sql<boolean>`
  (o.gpus_per_unit IS NULL OR g.gpu_count = o.gpus_per_unit)
  AND (o.min_trust_tier IS NULL
       OR array_position(${TIERS}, g.trust_tier) >= array_position(${TIERS}, o.min_trust_tier))`;

/** Offer `f` is for periods as long as that of order `o`. */
const LASTS = sql<boolean>`
  extract(epoch FROM o.ends_at - o.starts_at) / 60
    BETWEEN f.min_duration_minutes AND f.max_duration_minutes`;

/** Lowest first, ties by the last price change, then by offer. */
const BEST_ASK_FIRST = sql`rate_micros, price_changed_at, gpu_id`;

/**
 * The period of order `o` is free at unit `ask`: no two live bookings of a unit overlap, so the last that
 * begins before its end decides. Whether the next hour is free, too, is seen under the unit's lock.
 */
const IS_FREE = sql<boolean>`o.starts_at >= coalesce((
  SELECT b.ends_at FROM booking b
   WHERE b.gpu_id = ask.gpu_id AND b.status IN ('HELD', 'CONFIRMED', 'ACTIVE')
     AND b.starts_at < o.ends_at
     AND (b.status <> 'HELD' OR b.hold_expires_at > (SELECT clock_timestamp()))
   ORDER BY b.starts_at DESC LIMIT 1), '-infinity')`;

/** What matching asks of an order. */
type Terms = ReturnType<typeof termsOf>;

function termsOf(order: Order) {
  return { ...order, startsAt: toIso(order.period.start), endsAt: toIso(order.period.end) };
}

/** An order that is not stored yet, as a row named `o`. */
function asRow(slot: Slots<Terms>): RawBuilder<unknown> {
  return sql`(SELECT ${slot('accountId')}::text AS account_id, ${slot('gpuType')}::text AS gpu_type,
    ${slot('region')}::text AS region, ${slot('limitMicros')}::bigint AS limit_micros,
    ${slot('gpusPerUnit')}::int AS gpus_per_unit, ${slot('minTrustTier')}::text AS min_trust_tier,
    ${slot('startsAt')}::timestamptz AS starts_at, ${slot('endsAt')}::timestamptz AS ends_at) o`;
}

interface Search extends Terms {
  readonly limit: number;
  readonly without: readonly string[];
}

const ELIGIBLE = statement<Search, { readonly gpu_id: string }>(
  (slot) => sql`
    SELECT gpu_id
      FROM ${asRow(slot)}, LATERAL (
        SELECT gpu_id, rate_micros, price_changed_at FROM book_ask
         WHERE gpu_type = o.gpu_type AND region = o.region AND rate_micros <= o.limit_micros
           AND NOT match_due AND gpu_id <> ALL(${slot('without')}::text[])
         ORDER BY ${BEST_ASK_FIRST} OFFSET 0) ask
     WHERE ${IS_FREE} AND EXISTS (
       SELECT FROM gpu g JOIN offer f ON f.gpu_id = g.id
        WHERE g.id = ask.gpu_id AND g.provider <> o.account_id AND ${SUITS} AND ${LASTS} OFFSET 0)
     ORDER BY ${BEST_ASK_FIRST} LIMIT ${slot('limit')}`,
);

/**
 * Units that a new order may take now, best ask first, without those named; the book's lock is held.
 * Asks that resting bids are still to be served from are not among them. They are looked at one by one in
 * the order of their index (`OFFSET 0`), no more than the order takes or may not have. Source: design
 * "The market", Order book and matching.
 */
export async function eligibleAsks(
  tx: Tx,
  order: Order,
  page: Pick<Search, 'limit' | 'without'>,
): Promise<string[]> {
  const rows = await ELIGIBLE(tx, { ...termsOf(order), ...page });
  return rows.map((row) => row.gpu_id);
}

/** Improved asks of the pair that resting bids were not served from yet, best first; its lock is held. */
export async function dueAsks(
  tx: Tx,
  { gpuType, region }: Pair,
  limit: number,
): Promise<{ readonly gpuId: string; readonly rateMicros: Micros; readonly gpuCount: number }[]> {
  const rows = await tx
    .selectFrom('book_ask')
    .select(['gpu_id', 'rate_micros', 'gpu_count'])
    .where('gpu_type', '=', gpuType)
    .where('region', '=', region)
    .where('match_due', '=', true)
    .orderBy('rate_micros')
    .orderBy('price_changed_at')
    .orderBy('gpu_id')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    gpuId: row.gpu_id,
    rateMicros: row.rate_micros,
    gpuCount: row.gpu_count,
  }));
}

/** A resting order with its place among the bids of its price. */
export interface RestingBid {
  readonly order: Order;
  readonly number: bigint;
}

/**
 * The next of a pair's bids in the order in which they are served: the best, then the earliest; of those
 * that reach a price and may take a unit of one of the sizes. The book's lock is held.
 */
export async function nextBids(
  tx: Tx,
  { gpuType, region }: Pair,
  wanted: { readonly atLeastMicros: Micros; readonly sizes: readonly number[] },
  page: { readonly after: RestingBid | null; readonly limit: number },
): Promise<RestingBid[]> {
  let rows = tx
    .selectFrom('market_order')
    .selectAll()
    .where('gpu_type', '=', gpuType)
    .where('region', '=', region)
    .where(sql<boolean>`status IN ('OPEN', 'PARTIALLY_FILLED')`)
    .where(sql<boolean>`LEAST(expires_at, starts_at) > (SELECT clock_timestamp())`)
    .where(
      sql<boolean>`(gpus_per_unit IS NULL OR gpus_per_unit = ANY(${[...wanted.sizes]}::int[]))`,
    )
    .where('limit_micros', '>=', wanted.atLeastMicros);
  if (page.after) {
    const { number, order } = page.after;
    const { limitMicros } = order;
    rows = rows
      .where('limit_micros', '<=', limitMicros)
      .where((eb) => eb.or([eb('limit_micros', '<', limitMicros), eb('number', '>', number)]));
  }
  const found = await rows
    .orderBy('limit_micros', 'desc')
    .orderBy('number')
    .limit(page.limit)
    .execute();
  return found.map((row) => ({ order: toOrder(row), number: row.number }));
}

const CLEAR = silently<{ readonly gpuIds: readonly string[] }>(
  (slot) => sql`
    UPDATE book_ask SET match_due = false WHERE gpu_id = ANY(${slot('gpuIds')}::text[])`,
);

/** Nothing that rests may take these asks any more; the book's lock is held. */
export async function clearMatchDue(tx: Tx, gpuIds: readonly string[]): Promise<void> {
  await CLEAR(tx, { gpuIds });
}

/** Pairs with improved asks that resting bids were not served from yet, read without locks. */
export async function pairsWithMatchDue(db: Db, limit: number): Promise<Pair[]> {
  const rows = await db
    .selectFrom('book_ask')
    .select(['gpu_type', 'region'])
    .distinct()
    .where('match_due', '=', true)
    .orderBy('gpu_type')
    .orderBy('region')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ gpuType: row.gpu_type, region: row.region }));
}

/** What decides whether an order may be placed at all. */
export interface Placement {
  /** Whether there is such a pair. */
  readonly known: boolean;
  readonly now: EpochMs;
  /** Open orders of the account, in any book. */
  readonly openOrders: number;
  /** Whether resting bids are to be served first. */
  readonly matchDue: boolean;
  /** The pair's lowest ask; null where nothing is asked. */
  readonly bestAskMicros: Micros | null;
  /** Whether an ACTIVE offer of its size and tier is for that long. */
  readonly lasts: boolean;
}

const ACTIVE_OFFERS = sql`
  gpu g JOIN offer f ON f.gpu_id = g.id AND f.status = 'ACTIVE'
    AND g.gpu_type = o.gpu_type AND g.region = o.region AND ${SUITS}`;

interface PlacementRow {
  readonly known: boolean;
  readonly now: EpochMs;
  readonly open_orders: bigint;
  readonly match_due: boolean;
  readonly best_ask: Micros | null;
  readonly lasts: boolean;
}

const PLACEMENT = statement<Terms, PlacementRow>(
  (slot) => sql`
    SELECT EXISTS (SELECT FROM pair WHERE gpu_type = o.gpu_type AND region = o.region) AS known,
           clock_timestamp() AS now,
           (SELECT count(*) FROM market_order
             WHERE account_id = o.account_id AND status IN ('OPEN', 'PARTIALLY_FILLED')
               AND LEAST(expires_at, starts_at) > (SELECT clock_timestamp())) AS open_orders,
           EXISTS (SELECT FROM book_ask
                    WHERE gpu_type = o.gpu_type AND region = o.region AND match_due) AS match_due,
           (SELECT min(rate_micros) FROM book_ask
             WHERE gpu_type = o.gpu_type AND region = o.region) AS best_ask,
           EXISTS (SELECT FROM ${ACTIVE_OFFERS} WHERE ${LASTS}) AS lasts
      FROM ${asRow(slot)}`,
);

/** Read under the locks of the account and the book. */
export async function readPlacement(tx: Tx, order: Order): Promise<Placement> {
  const [row] = await PLACEMENT(tx, termsOf(order));
  if (!row) throw new Error('a select without tables returned no row');
  return {
    known: row.known,
    now: row.now,
    openOrders: Number(row.open_orders),
    matchDue: row.match_due,
    bestAskMicros: row.best_ask,
    lasts: row.lasts,
  };
}

const WIDEST = statement<Terms, { readonly min: number; readonly max: number }>(
  (slot) => sql`
    SELECT f.min_duration_minutes AS min, f.max_duration_minutes AS max
      FROM ${asRow(slot)} CROSS JOIN LATERAL (SELECT f.* FROM ${ACTIVE_OFFERS}) f
     ORDER BY f.max_duration_minutes - f.min_duration_minutes DESC, f.min_duration_minutes
     LIMIT 1`,
);

/** The widest range of minutes that an ACTIVE offer of the order's size and tier allows; null without any. */
export async function widestDuration(
  tx: Tx,
  order: Order,
): Promise<readonly [min: number, max: number] | null> {
  const [row] = await WIDEST(tx, termsOf(order));
  return row ? [row.min, row.max] : null;
}
