import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { CANDLE_INTERVALS } from '../../src/domain/candle.ts';
import { HOUR_MS, MINUTE_MS, toIso } from '../../src/domain/time.ts';
import { microsOf } from '../../test/support/exchange/scale.ts';
import { ASK_CENTS, RENTERS, directly, placeOf, type MarketWorld } from './market-world.ts';

/**
 * The same rows without a market: what an operation writes in its transaction, one statement per table
 * and one round trip per statement, each statement prepared, rows of as many accounts. Nothing is
 * locked, read or published: the outbox's rows stay unmarked.
 */

type Statement = readonly [text: string, values: readonly unknown[]];

/** Rows of the outbox that one real operation wrote. */
export interface OutboxRowCopy {
  readonly partition: number;
  readonly priority: number;
  readonly event: string;
  readonly home: boolean;
  /** Of MARKET_STATS_UPDATED, which touches the row that waits already. */
  readonly debounceKey: string | null;
}

const MICROS = String(microsOf(ASK_CENTS));
const accountOf = (number: number): string => `raw-${number % RENTERS}`;

/** Whoever the raw rows belong to. */
export async function seedRawAccounts(pool: Pool): Promise<void> {
  for (let number = 0; number < RENTERS; number += 1) {
    const account = [accountOf(number)];
    await pool.query(`INSERT INTO account (id, role, name) VALUES ($1, 'RENTER', $1)`, account);
  }
}

const names = new Map<string, string>();

/** Under which a connection prepares the statement. */
function nameOf(text: string): string {
  const name = names.get(text) ?? `raw_${names.size}`;
  names.set(text, name);
  return name;
}

/** BEGIN, the statements, COMMIT, on one connection. */
async function inOneTransaction(pool: Pool, statements: readonly Statement[]): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    for (const [text, values] of statements)
      await client.query({ name: nameOf(text), text, values: [...values] });
    await client.query('COMMIT');
  } finally {
    client.release();
  }
}

type World = Pick<MarketWorld, 'books'>;

/** A resting bid: the order, its level, the book's sequence, the event, the answer. */
export function rawRest(
  pool: Pool,
  world: World,
  outbox: readonly OutboxRowCopy[],
  number: number,
): Promise<void> {
  const { pair } = placeOf(world, number);
  const key = [pair.gpuType, pair.region];
  return inOneTransaction(pool, [
    orderRow(randomUUID(), world, number, 'OPEN'),
    [
      `INSERT INTO book_level (gpu_type, region, side, rate_micros, gpu_count, order_count)
       VALUES ($1, $2, 'BID', $3, 1, 1) ON CONFLICT (gpu_type, region, side, rate_micros)
       DO UPDATE SET gpu_count = book_level.gpu_count + 1, order_count = book_level.order_count + 1`,
      [...key, String(microsOf(1 + (number % 100)))],
    ],
    ['UPDATE pair SET book_sequence = book_sequence + 1 WHERE gpu_type = $1 AND region = $2', key],
    idempotencyRow(number),
    ...outboxRows(outbox),
  ]);
}

/** A direct booking: the booking, its unit, the events, the answer. */
export function rawBook(
  pool: Pool,
  world: World,
  outbox: readonly OutboxRowCopy[],
  number: number,
): Promise<void> {
  return inOneTransaction(pool, [
    bookingRow(randomUUID(), null, world, number),
    unitRow(world, number),
    idempotencyRow(number),
    ...outboxRows(outbox),
  ]);
}

/** A crossing order: the order, its booking and fill, unit and candles, the events, the answer. */
export function rawCross(
  pool: Pool,
  world: World,
  outbox: readonly OutboxRowCopy[],
  number: number,
): Promise<void> {
  const { pair } = placeOf(world, number);
  const [order, booking] = [randomUUID(), randomUUID()];
  return inOneTransaction(pool, [
    orderRow(order, world, number, 'FILLED'),
    bookingRow(booking, order, world, number),
    [
      `INSERT INTO fill (id, order_id, booking_id, gpu_type, region, rate_micros, gpu_count,
         duration_ms, at) VALUES ($1, $2, $3, $4, $5, $6, 8, $7, clock_timestamp())`,
      [randomUUID(), order, booking, pair.gpuType, pair.region, MICROS, HOUR_MS],
    ],
    unitRow(world, number),
    candleRows(pair.gpuType, pair.region),
    idempotencyRow(number),
    ...outboxRows(outbox),
  ]);
}

function orderRow(id: string, world: World, number: number, status: 'OPEN' | 'FILLED'): Statement {
  const { pair, period } = placeOf(world, number);
  const filled = status === 'FILLED' ? 1 : 0;
  const limit = status === 'FILLED' ? MICROS : String(microsOf(1 + (number % 100)));
  const times = [toIso(period.start), toIso(period.end)];
  return [
    `INSERT INTO market_order (id, account_id, gpu_type, region, limit_micros, quantity,
       filled_quantity, starts_at, ends_at, time_in_force, status, version, created_at)
     VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8, 'GTC', $9, 1, clock_timestamp())`,
    [id, accountOf(number), pair.gpuType, pair.region, limit, filled, ...times, status],
  ];
}

function bookingRow(id: string, order: string | null, world: World, number: number): Statement {
  const { unit, period: slot } = placeOf(world, number);
  const period = order === null ? directly(slot) : slot;
  return [
    `INSERT INTO booking (id, gpu_id, account_id, status, starts_at, ends_at, rate_micros, gpu_count,
       total_micros, created_at, order_id)
     VALUES ($1, $2, $3, 'CONFIRMED', $4, $5, $6, 8, $7, clock_timestamp(), $8)`,
    [
      id,
      unit,
      accountOf(number),
      toIso(period.start),
      toIso(period.end),
      MICROS,
      `${8n * BigInt(MICROS)}`,
      order,
    ],
  ];
}

function unitRow(world: World, number: number): Statement {
  const { unit } = placeOf(world, number);
  return ['UPDATE gpu SET version = version + 1 WHERE id = $1', [unit]];
}

function candleRows(gpuType: string, region: string): Statement {
  const minute = toIso(Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS);
  return [
    `INSERT INTO candle (gpu_type, region, interval, open_time, open_micros, high_micros, low_micros,
       close_micros, gpu_ms, trades, first_at, last_at)
     SELECT $1, $2, unnest($3::text[]), $4, $5, $5, $5, $5, $6, 1, clock_timestamp(),
            clock_timestamp()
     ON CONFLICT (gpu_type, region, interval, open_time) DO UPDATE
        SET gpu_ms = candle.gpu_ms + excluded.gpu_ms, trades = candle.trades + 1,
            last_at = excluded.last_at`,
    [gpuType, region, [...CANDLE_INTERVALS], minute, MICROS, 8 * HOUR_MS],
  ];
}

function idempotencyRow(number: number): Statement {
  return [
    `INSERT INTO idempotency (account_id, key, request, answer, created_at)
     VALUES ($1, $2, $3, $4, clock_timestamp())`,
    [accountOf(number), randomUUID(), 'x'.repeat(300), JSON.stringify({ id: randomUUID() })],
  ];
}

function outboxRows(copies: readonly OutboxRowCopy[]): Statement[] {
  const immediate = copies.filter(({ debounceKey }) => debounceKey === null);
  const columns = `event_id, partition, priority, event, home, debounce_key, not_before, created_at`;
  const insert = (rows: readonly OutboxRowCopy[], rest: string): Statement => [
    `INSERT INTO outbox (${columns})
     SELECT gen_random_uuid(), partition, priority, event::jsonb, home, debounce_key,
            clock_timestamp(), clock_timestamp()
       FROM unnest($1::int[], $2::int[], $3::text[], $4::bool[], $5::text[])
         AS copy (partition, priority, event, home, debounce_key) ${rest}`,
    [
      rows.map(({ partition }) => partition),
      rows.map(({ priority }) => priority),
      rows.map(({ event }) => event),
      rows.map(({ home }) => home),
      rows.map(({ debounceKey }) => debounceKey),
    ],
  ];
  const touch = `ON CONFLICT (partition, debounce_key)
     WHERE published_at IS NULL AND debounce_key IS NOT NULL
     DO UPDATE SET created_at = excluded.created_at`;
  return [
    insert(immediate, ''),
    ...copies.filter(({ debounceKey }) => debounceKey !== null).map((row) => insert([row], touch)),
  ];
}
