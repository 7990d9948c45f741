import { sql } from 'kysely';
import { interleaved, type Sample } from '../support/measure.ts';
import { percent, spread, times, type BenchResult } from '../support/result.ts';
import { microsOf } from '../../test/support/exchange/scale.ts';
import { cross, rest, slot, startMarketWorld, type MarketWorld } from './market-world.ts';

const SIZES = [10, 100, 1_000, 10_000] as const;
type Size = (typeof SIZES)[number];
const OPERATIONS = 60;
/** Of the rate at the smallest book. */
const AIM = 0.5;

/** (b) How orders/s and fills/s fall as the book grows. */
export async function benchGrowth(): Promise<BenchResult> {
  const worlds: [Size, MarketWorld][] = [];
  try {
    for (const size of SIZES) {
      const world = await startMarketWorld(1);
      worlds.push([size, world]);
      await fillBook(world, size);
    }
    const found = await interleaved(
      worlds.flatMap(([size, world]) => [
        {
          name: `orders ${size}` as const,
          run: oneByOne(
            (number) => rest(world, number),
            (cancel) => cancel(),
          ),
        },
        { name: `fills ${size}` as const, run: oneByOne((number) => cross(world, number)) },
      ]),
    );
    return report(found);
  } finally {
    for (const [, world] of worlds) await world.stop();
  }
}

/** Bids at a hundred prices below the asks, each of an account that rests nothing else. */
async function fillBook({ node: { db }, books }: MarketWorld, size: number): Promise<void> {
  const [pair] = books;
  if (!pair) throw new Error('there is no book');
  const { start, end } = slot(1);
  const cent = String(microsOf(1));
  await sql`INSERT INTO account (id, role, name)
    SELECT 'bidder-' || n, 'RENTER', 'bidder' FROM generate_series(1, ${size}::int) n`.execute(db);
  await sql`INSERT INTO market_order (id, account_id, gpu_type, region, limit_micros, quantity,
      starts_at, ends_at, time_in_force, status, created_at)
    SELECT gen_random_uuid(), 'bidder-' || n, ${pair.gpuType}, ${pair.region},
           ${cent}::bigint * (1 + n % 100), 1, to_timestamp(${start / 1000}::float8),
           to_timestamp(${end / 1000}::float8), 'GTC', 'OPEN', clock_timestamp()
      FROM generate_series(1, ${size}::int) n`.execute(db);
  await sql`INSERT INTO book_level (gpu_type, region, side, rate_micros, gpu_count, order_count)
    SELECT gpu_type, region, 'BID', limit_micros, count(*), count(*)
      FROM market_order GROUP BY gpu_type, region, limit_micros`.execute(db);
  await sql`ANALYZE`.execute(db);
}

/** Operations per second, one after the other: a book has one lock. What rests leaves before the next round. */
function oneByOne<T>(
  operation: (number: number) => Promise<T>,
  undo: (done: T) => Promise<unknown> = async () => undefined,
): () => Promise<number> {
  let next = 0;
  return async () => {
    const done: T[] = [];
    const start = performance.now();
    for (const end = next + OPERATIONS; next < end; next += 1) done.push(await operation(next));
    const tookMs = performance.now() - start;
    for (const each of done) await undo(each);
    return (OPERATIONS * 1000) / tookMs;
  };
}

function report(found: Record<`${'orders' | 'fills'} ${Size}`, Sample>): BenchResult {
  const kept = (kind: 'orders' | 'fills', size: Size): number =>
    found[`${kind} ${size}`].median / found[`${kind} ${SIZES[0]}`].median;
  return {
    title: '(b) Orders and fills as a book grows',
    parameters: `${OPERATIONS} operations per round, one after the other, one book, bids at 100 prices`,
    columns: ['resting orders', 'orders/s', 'against 10', 'fills/s', 'against 10'],
    rows: SIZES.map((size) => [
      size.toLocaleString('en-US'),
      spread(found[`orders ${size}`]),
      times(kept('orders', size), 1),
      spread(found[`fills ${size}`]),
      times(kept('fills', size), 1),
    ]),
    aims: (['orders', 'fills'] as const).map((kind) => ({
      text: `${kind}/s with 10,000 resting orders ≥ ${percent(AIM, 0)} of those with 10: ${percent(kept(kind, 10_000), 0)}`,
      met: kept(kind, 10_000) >= AIM,
    })),
  };
}
