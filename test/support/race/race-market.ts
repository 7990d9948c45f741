import { setTimeout as sleep } from 'node:timers/promises';
import { parsePairKey } from '../../../src/domain/catalog.ts';
import type { Pair } from '../../../src/domain/catalog.ts';
import { toIso } from '../../../src/domain/time.ts';
import { openPostgres, type Database, type Db } from '../../../src/store/database.ts';
import { migrate } from '../../../src/store/migrate.ts';
import type { RaceKey } from './types.ts';

const TYPES = Array.from({ length: 24 }, (_, index) => `race-gpu-${index + 1}`);
const REGIONS = Array.from({ length: 8 }, (_, index) => `race-${index + 1}`);
const START_RATE = 2_000_000n;
const MAX_CONNECTIONS = 8;

/** Everything that races are about: 192 prices in 8 regions, so in several partitions. */
export const RACE_KEYS: readonly RaceKey[] = TYPES.flatMap((gpuType) =>
  REGIONS.map((region) => `${gpuType}@${region}`),
);

/** One of the keys; a fifth of all reads and writes go to six of them. */
export function anyKey(): RaceKey {
  const keys = Math.random() < 0.2 ? RACE_KEYS.slice(0, 6) : RACE_KEYS;
  const key = keys[Math.floor(Math.random() * keys.length)];
  if (key === undefined) throw new Error('there are no keys');
  return key;
}

export function pairOf(key: RaceKey): Pair {
  const pair = parsePairKey(key);
  if (!pair) throw new Error(`${key} names no pair`);
  return pair;
}

export function openRaceDatabase(url: string): Promise<Database> {
  const limits = { connectTimeoutMs: 10_000, statementTimeoutMs: 20_000 };
  return openPostgres({ url, maxConnections: MAX_CONNECTIONS, ...limits }, () => undefined);
}

/** Makes the tables and the prices in an empty database. */
export async function seedRaceMarket(databaseUrl: string): Promise<void> {
  const database = await openRaceDatabase(databaseUrl);
  try {
    await migrate(database.db);
    await seedPairs(database.db);
  } finally {
    await database.close();
  }
}

async function seedPairs(db: Db): Promise<void> {
  const types = TYPES.map((slug) => ({
    slug,
    name: slug,
    vendor: 'NVIDIA' as const,
    vram_gb: 80,
    interconnect: 'SXM' as const,
    fp16_tflops: null,
    reference_micros: null,
  }));
  await db.insertInto('gpu_type').values(types).execute();
  const regions = REGIONS.map((code) => ({ code, name: code, country: null }));
  await db.insertInto('region').values(regions).execute();
  const pairs = RACE_KEYS.map((key) => {
    const { gpuType, region } = pairOf(key);
    const price_updated_at = toIso(Date.now());
    return { gpu_type: gpuType, region, rate_micros: START_RATE, price_updated_at };
  });
  await db.insertInto('pair').values(pairs).execute();
}

/**
 * A loader whose answer comes late, as under load: by up to 20 ms after its snapshot, one in twenty by a
 * quarter of a second. Both arms load like this.
 */
export async function lately<T>(snapshot: Promise<T>): Promise<T> {
  const loaded = await snapshot;
  await sleep(Math.random() < 0.05 ? 250 : Math.random() * 20);
  return loaded;
}

/** What the database holds: the truth that every node must come to. */
export async function readTruth(db: Db): Promise<ReadonlyMap<RaceKey, number>> {
  const rows = await db.selectFrom('pair').select(['gpu_type', 'region', 'version']).execute();
  return new Map(rows.map((row) => [`${row.gpu_type}@${row.region}`, row.version]));
}

/** The version of one price. */
export async function readVersion(db: Db, key: RaceKey): Promise<number> {
  const { gpuType, region } = pairOf(key);
  const row = await db
    .selectFrom('pair')
    .select('version')
    .where('gpu_type', '=', gpuType)
    .where('region', '=', region)
    .executeTakeFirstOrThrow();
  return row.version;
}
