import type { CacheEvent } from '../../../src/domain/cache-event.ts';
import type { Pair } from '../../../src/domain/catalog.ts';
import { createIngest, type Ingest } from '../../../src/market/ingest.ts';
import type { UnitDraft } from '../../../src/market/ingest-draft.ts';
import { openPglite, openPostgres, type Db } from '../../../src/store/database.ts';
import { migrate } from '../../../src/store/migrate.ts';
import { createTestDatabase } from '../../support/postgres.ts';

const LIMITS = { maxConnections: 8, connectTimeoutMs: 5_000, statementTimeoutMs: 20_000 };

async function openEngine(engine: 'pglite' | 'postgres') {
  if (engine === 'pglite') return await openPglite(null);
  const created = await createTestDatabase();
  const database = await openPostgres({ url: created.url, ...LIMITS }, () => {});
  return { ...database, close: () => database.close().then(() => created.drop()) };
}

/** An offer as the tests look at it. */
export interface SeenOffer {
  readonly id: string;
  readonly unitVersion: number;
  readonly status: string;
  readonly rate: bigint;
  readonly version: number;
}

/** A pair that no other test uses, with a provider of its own. */
export interface Place {
  readonly pair: Pair;
  readonly provider: string;
  /** A unit of the provider: 8 cards at 2 USD unless `change` says otherwise. */
  readonly unit: (
    key: string,
    change?: Partial<UnitDraft> & { readonly usd?: number },
  ) => UnitDraft;
}

export interface IngestWorld {
  readonly db: Db;
  readonly ingest: Ingest;
  /** Makes a place's reference data; the outbox is empty afterwards. */
  place(): Promise<Place>;
  refer(place: Place): Promise<void>;
  /** What has been written into the outbox, each event once. */
  events(): Promise<CacheEvent[]>;
  clearEvents(): Promise<void>;
  /** The pair's offers, oldest unit first. */
  offers(place: Place): Promise<SeenOffer[]>;
  close(): Promise<void>;
}

let places = 0;

function newPlace(): Place {
  places += 1;
  const provider = `provider-${places}`;
  return {
    pair: { gpuType: `model-${places}`, region: `region-${places}` },
    provider,
    unit: (sourceKey, { usd = 2, ...change } = {}) => ({
      provider,
      sourceKey,
      gpuCount: 8,
      cpuCores: null,
      ramGb: null,
      diskGb: null,
      trustTier: 'VERIFIED',
      reliability: null,
      offer: {
        mode: 'FIXED',
        baseMicros: BigInt(usd * 1_000_000),
        minDurationMinutes: 60,
        maxDurationMinutes: 600,
      },
      ...change,
    }),
  };
}

/** An importer on an empty, migrated database. */
export async function startIngestWorld(engine: 'pglite' | 'postgres'): Promise<IngestWorld> {
  const database = await openEngine(engine);
  const { db } = database;
  await migrate(db);
  const ingest = createIngest({ db, sourceNode: 'test' });
  const clearEvents = async (): Promise<void> => {
    await db.deleteFrom('outbox').execute();
  };
  const refer = (place: Place): Promise<void> => referTo(ingest, place);
  return {
    db,
    ingest,
    refer,
    clearEvents,
    place: async () => {
      const place = newPlace();
      await refer(place);
      await clearEvents();
      return place;
    },
    events: () => readEvents(db),
    offers: (place) => readOffers(db, place),
    close: () => database.close(),
  };
}

async function referTo(ingest: Ingest, { pair, provider }: Place): Promise<void> {
  const type = { slug: pair.gpuType, name: pair.gpuType, vendor: 'NVIDIA', vramGb: 80 } as const;
  await ingest.references({
    regions: [{ code: pair.region, name: pair.region, country: null }],
    gpuTypes: [{ ...type, interconnect: 'SXM', fp16Tflops: null, referenceMicros: null }],
    providers: [{ slug: provider, name: provider, trustTier: 'VERIFIED', reliability: null }],
    pairs: [pair],
  });
}

async function readEvents(db: Db): Promise<CacheEvent[]> {
  const rows = await db.selectFrom('outbox').select('event').orderBy('id').execute();
  const events = rows.map((row) => row.event as CacheEvent);
  return [...new Map(events.map((event) => [event.eventId, event])).values()];
}

async function readOffers(db: Db, { pair }: Place): Promise<SeenOffer[]> {
  return await db
    .selectFrom('gpu')
    .innerJoin('offer', 'offer.gpu_id', 'gpu.id')
    .select(['gpu.id', 'gpu.version as unitVersion', 'offer.status', 'offer.rate_micros as rate'])
    .select('offer.version')
    .where('gpu_type', '=', pair.gpuType)
    .orderBy('gpu.created_at')
    .execute();
}
