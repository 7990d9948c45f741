import { isDeepStrictEqual } from 'node:util';
import { sql, type RawBuilder } from 'kysely';
import { pairKey, type Pair } from '../../../src/domain/catalog.ts';
import type { OrderBook } from '../../../src/domain/order-book.ts';
import { loadBooks, rebuildLevels } from '../../../src/store/book-store.ts';
import type { Db } from '../../../src/store/database.ts';
import { bookEvents, replayBook } from './event-log.ts';

/** Rows that break a rule, by the rule; asked of the database itself, of every book in it. */
const FORBIDDEN: Readonly<Record<string, RawBuilder<unknown>>> = {
  'two bookings share an instant of a unit': sql`
    FROM booking a JOIN booking b ON a.gpu_id = b.gpu_id AND a.id < b.id AND a.period && b.period
   WHERE a.status IN ('HELD', 'CONFIRMED', 'ACTIVE') AND b.status IN ('HELD', 'CONFIRMED', 'ACTIVE')`,
  'an order has more or fewer fills than it says, or more than it wanted': sql`
    FROM market_order o WHERE filled_quantity > quantity OR
      filled_quantity <> (SELECT count(*) FROM fill f WHERE f.order_id = o.id)`,
  'a fill is dearer than its limit': sql`
    FROM fill f JOIN market_order o ON o.id = f.order_id WHERE f.rate_micros > o.limit_micros`,
  'a fill and its booking differ': sql`
    FROM fill f JOIN booking b ON b.id = f.booking_id
   WHERE (b.order_id, b.rate_micros, b.gpu_count, extract(epoch FROM b.ends_at - b.starts_at) * 1000)
      IS DISTINCT FROM (f.order_id, f.rate_micros, f.gpu_count, f.duration_ms::numeric)`,
  'an order has a booking without a fill': sql`
    FROM booking b WHERE order_id IS NOT NULL AND NOT EXISTS (
      SELECT FROM fill f WHERE f.booking_id = b.id)`,
  'a booking costs other than rate × GPUs × time, half-up': sql`
    FROM booking WHERE total_micros <> floor(rate_micros::numeric * gpu_count
      * extract(epoch FROM ends_at - starts_at) / 3600 + 0.5)`,
  'a fill is of another size, tier, period or its own provider': sql`
    FROM fill f JOIN market_order o ON o.id = f.order_id JOIN booking b ON b.id = f.booking_id
      JOIN gpu g ON g.id = b.gpu_id
   WHERE g.gpu_count <> coalesce(o.gpus_per_unit, g.gpu_count) OR g.provider = o.account_id
      OR (b.starts_at, b.ends_at) <> (o.starts_at, o.ends_at)
      OR (g.gpu_type, g.region) <> (o.gpu_type, o.region)
      OR array_position(ARRAY['COMMUNITY', 'VERIFIED', 'DATACENTER'], g.trust_tier)
       < array_position(ARRAY['COMMUNITY', 'VERIFIED', 'DATACENTER'], o.min_trust_tier)`,
  'a FOK order was filled in part': sql`
    FROM market_order WHERE time_in_force = 'FOK' AND filled_quantity NOT IN (0, quantity)`,
  'an order that must not rest does': sql`
    FROM market_order WHERE time_in_force <> 'GTC' AND status IN ('OPEN', 'PARTIALLY_FILLED')`,
  'an order is not what its fills make it': sql`
    FROM market_order WHERE (status = 'FILLED') <> (filled_quantity = quantity)
      OR (status = 'OPEN' AND filled_quantity > 0)
      OR (status = 'PARTIALLY_FILLED' AND filled_quantity = 0)`,
};

/** What two books and their event logs have been through, and everything that is wrong with them. */
export interface Audit {
  readonly wrong: readonly string[];
  readonly fills: number;
  readonly levelChanges: number;
}

/** Checks every rule that can be told afterwards, over all rows; `starts` are the books before the first event. */
export async function audit(db: Db, starts: readonly OrderBook[]): Promise<Audit> {
  const wrong: string[] = [];
  for (const [rule, rows] of Object.entries(FORBIDDEN)) {
    const found = await sql<{ count: bigint }>`SELECT count(*) ${rows}`.execute(db);
    const count = found.rows[0]?.count ?? 0n;
    if (count > 0n) wrong.push(`${rule}: ${count}`);
  }
  let [fills, levelChanges] = [0, 0];
  for (const start of starts) {
    const replayed = await auditBook(db, start);
    wrong.push(...replayed.wrong);
    fills += replayed.fills;
    levelChanges += replayed.levelChanges;
  }
  return { wrong, fills, levelChanges };
}

async function auditBook(db: Db, start: OrderBook): Promise<Audit> {
  const pair = { gpuType: start.gpuType, region: start.region };
  const book = await readOrderBook(db, pair);
  const levels = { bids: book.bids, asks: book.asks };
  const replayed = replayBook(start, await bookEvents(db, pair, 0n));
  const wrong = replayed.breaks.slice(0, 3);
  if (!isDeepStrictEqual(await rebuildLevels(db, pair), levels)) wrong.push('not as rebuilt');
  if (!isDeepStrictEqual(replayed.levels, levels)) wrong.push('not as replayed');
  if (replayed.sequence !== book.sequence) wrong.push('the sequence is not that of the last event');
  const volumes = await fillVolumes(db, pair);
  if (replayed.fills !== Number.parseInt(volumes[0] ?? '0', 10))
    wrong.push('the events tell of other fills than there are');
  if (!isDeepStrictEqual(await candleVolumes(db, pair), volumes))
    wrong.push('the candles of an interval do not add up to the fills');
  const told = wrong.map((text) => `${pairKey(pair)}: ${text}`);
  return { wrong: told, fills: replayed.fills, levelChanges: replayed.changes };
}

export async function readOrderBook(db: Db, pair: Pair): Promise<OrderBook> {
  const [found] = await loadBooks(db, [pair]);
  if (!found?.value) throw new Error(`${pairKey(pair)} has no book`);
  return found.value;
}

/** `trades and GPU-ms`, of each interval once: they are all made of the same fills. */
async function candleVolumes(db: Db, { gpuType, region }: Pair): Promise<string[]> {
  const { rows } = await sql<{ volume: string }>`
    SELECT DISTINCT sum(trades) || ' and ' || sum(gpu_ms) AS volume FROM candle
     WHERE gpu_type = ${gpuType} AND region = ${region} AND trades > 0 GROUP BY interval`.execute(
    db,
  );
  return rows.map(({ volume }) => volume);
}

async function fillVolumes(db: Db, { gpuType, region }: Pair): Promise<string[]> {
  const { rows } = await sql<{ volume: string }>`
    SELECT count(*) || ' and ' || sum(gpu_count * duration_ms) AS volume FROM fill
     WHERE gpu_type = ${gpuType} AND region = ${region} HAVING count(*) > 0`.execute(db);
  return rows.map(({ volume }) => volume);
}
