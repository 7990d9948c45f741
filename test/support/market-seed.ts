import { sql } from 'kysely';
import type { Pair, ProviderStatus, TrustTier } from '../../src/domain/catalog.ts';
import { unitId, type DeclaredStatus } from '../../src/domain/gpu.ts';
import type { Micros } from '../../src/domain/money.ts';
import { defaultBounds, type OfferStatus, type PricingMode } from '../../src/domain/offer.ts';
import { floorMinute, HOUR_MS, MINUTE_MS, toIso, type Interval } from '../../src/domain/time.ts';
import type { TokenRole, Viewer } from '../../src/domain/viewer.ts';
import { changeBook } from '../../src/store/book-write-store.ts';
import type { Db } from '../../src/store/database.ts';
import { databaseNow, lockBooks } from '../../src/store/locks.ts';

export const USD: Micros = 1_000_000n;

export interface UnitSeed {
  readonly gpuType?: string;
  readonly region?: string;
  readonly provider?: string;
  readonly gpuCount?: number;
  readonly trustTier?: TrustTier;
  readonly declared?: DeclaredStatus;
  /** Null = nobody offers the unit. */
  readonly mode?: PricingMode | null;
  readonly baseMicros?: Micros;
  readonly offerStatus?: OfferStatus;
  readonly minutes?: readonly [min: number, max: number];
}

/** Names that no other seed of this process uses, so that tests share a database in peace. */
export interface MarketSeed {
  /** 80 GB; 2 USD by default. */
  readonly big: string;
  /** 24 GB. */
  readonly small: string;
  readonly home: string;
  readonly away: string;
  readonly provider: string;
  readonly rival: string;
  /** Adds a unit, by default 8 cards of `big` at `home`, FIXED at 2 USD, 60 to 43,200 minutes. */
  unit(options?: UnitSeed): Promise<string>;
}

let seeds = 0;

/** A small market of its own: two types, two regions, two providers, and units as a test asks for them. */
export async function seedMarket(db: Db): Promise<MarketSeed> {
  seeds += 1;
  const [big, small] = [`big-${seeds}`, `small-${seeds}`];
  const [home, away] = [`home-${seeds}`, `away-${seeds}`];
  const [provider, rival] = [`provider-${seeds}`, `rival-${seeds}`];
  await seedTypes(db, { [big]: 80, [small]: 24 });
  const regions = [home, away].map((code) => ({ code, name: code, country: null }));
  await db.insertInto('region').values(regions).execute();
  const providers = [provider, rival].map((slug) => ({
    slug,
    name: slug,
    trust_tier: 'VERIFIED' as const,
    reliability: 0.99,
  }));
  await db.insertInto('provider').values(providers).execute();
  const pairs = [big, small].flatMap((gpu_type) =>
    [home, away].map((region) => ({
      gpu_type,
      region,
      rate_micros: 2n * USD,
      price_updated_at: toIso(Date.now()),
    })),
  );
  await db.insertInto('pair').values(pairs).execute();
  const unit = (options: UnitSeed = {}): Promise<string> =>
    seedUnit(db, { gpuType: big, region: home, provider, ...options });
  return { big, small, home, away, provider, rival, unit };
}

async function seedTypes(db: Db, vramBySlug: Readonly<Record<string, number>>): Promise<void> {
  const types = Object.entries(vramBySlug).map(([slug, vram_gb]) => ({
    slug,
    name: slug,
    vendor: 'NVIDIA' as const,
    vram_gb,
    interconnect: 'SXM' as const,
    fp16_tflops: null,
    reference_micros: null,
  }));
  await db.insertInto('gpu_type').values(types).execute();
}

let units = 0;

async function seedUnit(
  db: Db,
  options: UnitSeed & { readonly gpuType: string; readonly region: string; provider: string },
): Promise<string> {
  units += 1;
  const { gpuType, region, provider, gpuCount = 8, declared = 'AVAILABLE' } = options;
  const id = unitId({ gpuType, region }, units);
  const row = {
    id,
    gpu_type: gpuType,
    region,
    provider,
    source_key: id,
    gpu_count: gpuCount,
    cpu_cores: null,
    ram_gb: null,
    disk_gb: null,
    trust_tier: options.trustTier ?? ('VERIFIED' as const),
    reliability: 0.99,
    declared_status: declared,
    current_status: declared,
  };
  await db.insertInto('gpu').values(row).execute();
  if (options.mode !== null) await seedOffer(db, id, options);
  await seedAsk(db, { gpuType, region }, id);
  return id;
}

/** The unit's ask in its pair's book, of which nothing is told. */
function seedAsk(db: Db, pair: Pair, id: string): Promise<void> {
  return db.transaction().execute(async (tx) => {
    await lockBooks(tx, [pair]);
    const now = await databaseNow(tx);
    await changeBook(tx, pair, { ids: [id], freer: [], bids: [], demand: false }, now);
  });
}

async function seedOffer(db: Db, gpuId: string, options: UnitSeed): Promise<void> {
  const { mode = 'FIXED', baseMicros = 2n * USD, minutes = [60, 43_200] } = options;
  const { floorMicros, capMicros } = defaultBounds(baseMicros);
  const row = {
    gpu_id: gpuId,
    mode: mode ?? 'FIXED',
    rate_micros: baseMicros,
    base_micros: baseMicros,
    floor_micros: floorMicros,
    cap_micros: capMicros,
    min_duration_minutes: minutes[0],
    max_duration_minutes: minutes[1],
    status: options.offerStatus ?? ('ACTIVE' as const),
  };
  await db.insertInto('offer').values(row).execute();
}

/** Adds so many units of `big` at `home` in one statement; nobody offers them. */
export async function addUnits(db: Db, seed: MarketSeed, count: number): Promise<void> {
  const { big, home, provider } = seed;
  await sql`
    INSERT INTO gpu (id, gpu_type, region, provider, source_key, gpu_count, trust_tier)
    SELECT ${home}::text || '/' || ${big}::text || '/' || lpad(n::text, 8, '0'), ${big}, ${home},
           ${provider}, n::text, 1, 'VERIFIED'
      FROM generate_series(1, ${count}::int) AS n`.execute(db);
}

let viewers = 0;

/** Somebody new, or the named account. */
export function viewer(role: TokenRole, accountId?: string): Viewer {
  viewers += 1;
  return { role, accountId: accountId ?? `account-${viewers}`, expiresAt: Date.now() + HOUR_MS };
}

let keys = 0;

/** An idempotency key that nothing else uses. */
export function freshKey(): string {
  keys += 1;
  return `key-${keys}`;
}

/** One for the whole run of a test file, so that equal calls give equal periods. */
const NEXT_HOUR = Math.ceil(Date.now() / HOUR_MS) * HOUR_MS;

/** A period of whole hours that begins the given number of hours after the next full one; at least 1. */
export function inHours(from: number, hours = 2): Interval {
  const start = NEXT_HOUR + from * HOUR_MS;
  return { start, end: start + hours * HOUR_MS };
}

/** A period of whole hours that begins with the minute under way. */
export function fromNow(hours = 2): Interval {
  const start = floorMinute(Date.now());
  return { start, end: start + hours * HOUR_MS };
}

/** A period of whole hours that begins in half an hour: whoever books it leaves the book. */
export function soon(hours = 2): Interval {
  const start = floorMinute(Date.now()) + 30 * MINUTE_MS;
  return { start, end: start + hours * HOUR_MS };
}

/** Writes a provider's status behind the market's back, as a crash half-way through telling it would. */
export async function writeProviderStatus(
  db: Db,
  slug: string,
  status: ProviderStatus,
): Promise<void> {
  await db.updateTable('provider').set({ status }).where('slug', '=', slug).execute();
}
