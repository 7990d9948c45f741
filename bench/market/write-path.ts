import { sql } from 'kysely';
import { Pool } from 'pg';
import type { Db } from '../../src/store/database.ts';
import { interleaved, type Sample } from '../support/measure.ts';
import { percent, spread, times, type BenchResult } from '../support/result.ts';
import { book, cross, rest, startMarketWorld, type MarketWorld } from './market-world.ts';
import { rawBook, rawCross, rawRest, seedRawAccounts, type OutboxRowCopy } from './raw-writes.ts';

const BOOKS = 16;
const AT_ONCE = 16;
const OPERATIONS = 160;
const AIM = 0.5;

const OURS = { orders: rest, bookings: book, fills: cross } as const;
const RAW = { orders: rawRest, bookings: rawBook, fills: rawCross } as const;
const WHAT = {
  orders: 'orders/s (resting GTC)',
  bookings: 'bookings/s (createBooking)',
  fills: 'fills/s (IOC that crosses)',
} as const;
type Kind = keyof typeof WHAT;
const KINDS = Object.keys(WHAT) as Kind[];

/** (a) What the market's rules cost on top of the rows that they write. */
export async function benchWritePath(): Promise<BenchResult> {
  const [world, bare] = [await startMarketWorld(BOOKS), await startMarketWorld(BOOKS)];
  const pool = new Pool({ connectionString: bare.postgres.url, max: AT_ONCE });
  // Its connections may still be closing when their server stops.
  pool.on('error', () => undefined);
  try {
    await seedRawAccounts(pool);
    const copies = await copyOutbox(world);
    const raw = (kind: Kind) => (number: number) => RAW[kind](pool, bare, copies[kind], number);
    const found = await interleaved(
      KINDS.flatMap((kind) => [
        { name: `${kind} edgebook` as const, run: rounds((number) => OURS[kind](world, number)) },
        { name: `${kind} raw` as const, run: rounds(raw(kind)) },
      ]),
    );
    return report(found);
  } finally {
    await pool.end();
    await bare.stop();
    await world.stop();
  }
}

/** Operations per second; no operation of any round gets a number twice. */
function rounds(operation: (number: number) => Promise<unknown>): () => Promise<number> {
  let next = BOOKS;
  return async () => {
    const end = next + OPERATIONS;
    const start = performance.now();
    const work = async (): Promise<void> => {
      while (next < end) {
        next += 1;
        await operation(next - 1);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return (OPERATIONS * 1000) / (performance.now() - start);
  };
}

/** Does each operation once per book and keeps what the last one left in the outbox. */
async function copyOutbox(world: MarketWorld): Promise<Record<Kind, OutboxRowCopy[]>> {
  const found: Record<Kind, OutboxRowCopy[]> = { orders: [], bookings: [], fills: [] };
  for (const kind of KINDS) {
    for (let number = 0; number < BOOKS; number += 1) {
      await sql`DELETE FROM outbox`.execute(world.node.db);
      await OURS[kind](world, number);
    }
    found[kind] = await readOutbox(world.node.db);
  }
  return found;
}

async function readOutbox(db: Db): Promise<OutboxRowCopy[]> {
  const rows = await db.selectFrom('outbox').selectAll().orderBy('id').execute();
  return rows.map((row) => ({
    partition: row.partition,
    priority: row.priority,
    event: JSON.stringify(row.event),
    home: row.home,
    debounceKey: row.debounce_key,
  }));
}

function report(found: Record<`${Kind} ${'edgebook' | 'raw'}`, Sample>): BenchResult {
  const share = (kind: Kind): number =>
    found[`${kind} edgebook`].median / found[`${kind} raw`].median;
  return {
    title: '(a) Orders, bookings and fills, beside the bare rows that they write',
    parameters:
      `${OPERATIONS} operations per round, ${AT_ONCE} at once, ${BOOKS} books; edgebook = locks, rules, rows, ` +
      'events published and marked; raw = the same rows, not published, one prepared statement and round trip per table, one transaction; ' +
      'both on PostgreSQL without fsync',
    columns: ['', 'edgebook', 'raw', 'ratio'],
    rows: KINDS.map((kind) => [
      WHAT[kind],
      spread(found[`${kind} edgebook`]),
      spread(found[`${kind} raw`]),
      times(found[`${kind} edgebook`].median, found[`${kind} raw`].median),
    ]),
    aims: KINDS.map((kind) => ({
      text: `${WHAT[kind]} ≥ ${percent(AIM, 0)} of the raw rate: ${percent(share(kind), 0)}`,
      met: share(kind) >= AIM,
    })),
  };
}
