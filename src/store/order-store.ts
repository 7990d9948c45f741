import { sql } from 'kysely';
import type { Pair } from '../domain/catalog.ts';
import { isUuid } from '../domain/ids.ts';
import type { Order, OrderStatus } from '../domain/order.ts';
import { toIso } from '../domain/time.ts';
import type { Db, Tx } from './database.ts';
import { olderThan, type PagePosition } from './page-position.ts';
import type { MarketOrderRow } from './exchange-schema.ts';
import { silently } from './statement.ts';

export function toOrder(row: MarketOrderRow): Order {
  return {
    id: row.id,
    accountId: row.account_id,
    gpuType: row.gpu_type,
    region: row.region,
    limitMicros: row.limit_micros,
    quantity: row.quantity,
    gpusPerUnit: row.gpus_per_unit,
    filledQuantity: row.filled_quantity,
    period: { start: row.starts_at, end: row.ends_at },
    timeInForce: row.time_in_force,
    status: row.status,
    expiresAt: row.expires_at,
    minTrustTier: row.min_trust_tier,
    version: row.version,
    createdAt: row.created_at,
  };
}

/** An order as its row takes it. */
function orderValues(order: Order) {
  return {
    ...order,
    startsAt: toIso(order.period.start),
    endsAt: toIso(order.period.end),
    expiresAt: order.expiresAt === null ? null : toIso(order.expiresAt),
    createdAt: toIso(order.createdAt),
  };
}

type OrderValues = ReturnType<typeof orderValues>;

const INSERT = silently<OrderValues>((slot, db) =>
  db.insertInto('market_order').values({
    id: slot('id'),
    account_id: slot('accountId'),
    gpu_type: slot('gpuType'),
    region: slot('region'),
    limit_micros: slot('limitMicros'),
    quantity: slot('quantity'),
    gpus_per_unit: slot('gpusPerUnit'),
    filled_quantity: slot('filledQuantity'),
    starts_at: slot('startsAt'),
    ends_at: slot('endsAt'),
    time_in_force: slot('timeInForce'),
    status: slot('status'),
    expires_at: slot('expiresAt'),
    min_trust_tier: slot('minTrustTier'),
    created_at: slot('createdAt'),
  }),
);

/** The book's lock is held, so that its number, its time priority, follows those of the book's others. */
export async function insertOrder(tx: Tx, order: Order): Promise<void> {
  await INSERT(tx, orderValues(order));
}

const UPDATE = silently<Order>((slot, db) =>
  db
    .updateTable('market_order')
    .set({
      filled_quantity: slot('filledQuantity'),
      status: slot('status'),
      version: slot('version'),
    })
    .where('id', '=', slot('id')),
);

/** Writes what may change about an order; its version must already be raised. */
export async function updateOrder(tx: Tx, order: Order): Promise<void> {
  await UPDATE(tx, order);
}

/** Null for an unknown id, a malformed one included. */
export async function findOrder(db: Db | Tx, id: string): Promise<Order | null> {
  if (!isUuid(id)) return null;
  const row = await db
    .selectFrom('market_order')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  return row ? toOrder(row) : null;
}

/** An open order rests until its own end or the start of its period, whichever comes first. */
const IS_DUE = sql<boolean>`status IN ('OPEN', 'PARTIALLY_FILLED')
  AND LEAST(expires_at, starts_at) <= (SELECT clock_timestamp())`;

/** Pairs with open orders whose time has come, read without locks; whoever expires them looks again. */
export async function pairsWithDueOrders(db: Db, limit: number): Promise<Pair[]> {
  const rows = await db
    .selectFrom('market_order')
    .select(['gpu_type', 'region'])
    .distinct()
    .where(IS_DUE)
    .orderBy('gpu_type')
    .orderBy('region')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ gpuType: row.gpu_type, region: row.region }));
}

/** Expires open orders of a locked book whose time has come, oldest first. Returns them as they are now. */
export async function expireDueOrders(tx: Tx, pair: Pair, limit: number): Promise<Order[]> {
  const rows = await tx
    .updateTable('market_order')
    .set({ status: 'EXPIRED', version: sql<number>`version + 1` })
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('market_order')
        .select('id')
        .where('gpu_type', '=', pair.gpuType)
        .where('region', '=', pair.region)
        .where(IS_DUE)
        .orderBy('number')
        .limit(limit),
    )
    .returningAll()
    .execute();
  return rows.toSorted((a, b) => Number(a.number - b.number)).map(toOrder);
}

export interface OrderQuery {
  /** Null = anybody's. */
  readonly accountId: string | null;
  readonly status: readonly OrderStatus[] | null;
}

function matching(db: Db, query: OrderQuery) {
  let rows = db.selectFrom('market_order');
  if (query.accountId !== null) rows = rows.where('account_id', '=', query.accountId);
  if (query.status !== null) rows = rows.where('status', 'in', [...query.status]);
  return rows;
}

/** Newest first, strictly after the given position. */
export async function pageOrders(
  db: Db,
  query: OrderQuery,
  after: PagePosition | null,
  limit: number,
): Promise<Order[]> {
  if (query.status?.length === 0 || (after && !isUuid(after.id))) return [];
  let rows = matching(db, query)
    .selectAll()
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit);
  if (after) rows = rows.where(olderThan(after));
  return (await rows.execute()).map(toOrder);
}

export async function countOrders(db: Db, query: OrderQuery): Promise<number> {
  if (query.status?.length === 0) return 0;
  const row = await matching(db, query)
    .select(({ fn }) => fn.countAll<bigint>().as('orders'))
    .executeTakeFirstOrThrow();
  return Number(row.orders);
}
