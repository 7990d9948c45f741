import { sql, type Kysely } from 'kysely';
import { expect, test } from 'vitest';
import { loadBooks, rebuildLevels } from '../../../src/store/book-store.ts';
import { openPglite } from '../../../src/store/database.ts';
import { up as makeMarket } from '../../../src/store/migrations/0001-market.ts';
import { up as makeFleet } from '../../../src/store/migrations/0002-fleet.ts';
import { up as makeExchange } from '../../../src/store/migrations/0003-exchange.ts';

/** Units that are asked, paused, switched off and booked within the hour, from before there were books. */
const OLD_FLEET = [
  `INSERT INTO region VALUES ('us', 'US', NULL)`,
  `INSERT INTO gpu_type VALUES ('h100', 'H100', 'NVIDIA', 80, 'SXM', NULL, NULL)`,
  `INSERT INTO provider (slug, name, trust_tier) VALUES ('p', 'P', 'VERIFIED')`,
  `INSERT INTO pair (gpu_type, region) VALUES ('h100', 'us')`,
  `INSERT INTO account (id, role, name) VALUES ('a', 'RENTER', 'A')`,
  `INSERT INTO gpu (id, gpu_type, region, provider, source_key, gpu_count, trust_tier, current_status)
   SELECT 'us/h100/000' || n, 'h100', 'us', 'p', n::text, 8, 'VERIFIED',
          CASE n WHEN 4 THEN 'OFFLINE' ELSE 'AVAILABLE' END FROM generate_series(1, 5) n`,
  `INSERT INTO offer (gpu_id, mode, rate_micros, base_micros, floor_micros, cap_micros,
                      min_duration_minutes, max_duration_minutes, status)
   SELECT id, 'FIXED', 2000000, 2000000, 1, 9000000, 60, 600,
          CASE source_key WHEN '3' THEN 'PAUSED' ELSE 'ACTIVE' END FROM gpu`,
  `INSERT INTO booking (id, gpu_id, account_id, status, starts_at, ends_at, rate_micros, gpu_count,
                        total_micros, created_at)
   VALUES (gen_random_uuid(), 'us/h100/0005', 'a', 'CONFIRMED', now() + interval '30 minutes',
           now() + interval '3 hours', 2000000, 8, 1, now())`,
];

test('a fleet that is there already has its book after the migration', async () => {
  const { db, close } = await openPglite(null);
  try {
    const empty = db as unknown as Kysely<unknown>;
    await makeMarket(empty);
    await makeFleet(empty);
    for (const statement of OLD_FLEET) await sql.raw(statement).execute(db);
    await makeExchange(empty);
    const pair = { gpuType: 'h100', region: 'us' };
    const [book] = await loadBooks(db, [pair]);
    const asks = [{ rateMicros: 2_000_000n, gpuCount: 16, orderCount: 2 }];
    expect(book?.value).toMatchObject({ asks, bids: [], sequence: 0n });
    expect(await rebuildLevels(db, pair)).toEqual({ asks, bids: [] });
  } finally {
    await close();
  }
});
