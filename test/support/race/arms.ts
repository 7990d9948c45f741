import { sql } from 'kysely';
import { createNaiveCache } from '../../../bench/cache/naive-cache.ts';
import { priceKey } from '../../../src/domain/cache-key.ts';
import type { Pair } from '../../../src/domain/catalog.ts';
import type { Logger } from '../../../src/domain/logger.ts';
import type { Price } from '../../../src/domain/price.ts';
import { pricingUpdated } from '../../../src/market/event-drafts.ts';
import { createRelay } from '../../../src/market/jobs/relay.ts';
import { createWriteThrough } from '../../../src/market/jobs/write-through.ts';
import { createReads } from '../../../src/market/reads.ts';
import { createUnitOfWork } from '../../../src/market/unit-of-work.ts';
import { loadPrices } from '../../../src/store/catalog-store.ts';
import type { Db, Tx } from '../../../src/store/database.ts';
import { startMarketNode, type MarketNode } from '../market-node.ts';
import { lately, openRaceDatabase, pairOf, readTruth, readVersion } from './race-market.ts';
import type { RaceArm, RaceKey, RaceNodeSettings } from './types.ts';

/** One cache under race, whatever it is made of. Reads and writes speak of versions of a price. */
export interface RaceNode {
  read(key: RaceKey): Promise<number>;
  /** Commits one version more and answers as a mutation would. */
  write(key: RaceKey): Promise<number>;
  truth(): Promise<ReadonlyMap<RaceKey, number>>;
  stop(): Promise<void>;
}

/** Told of every event after it was applied; the lag is null where an event has no time. */
export type OnHeard = (key: RaceKey, version: number, lagMs: number | null) => void;

type StartArm = (settings: RaceNodeSettings, onHeard: OnHeard) => Promise<RaceNode>;

export const START_ARM: Readonly<Record<RaceArm, StartArm>> = {
  edgebook: startEdgebookArm,
  naive: startNaiveArm,
};

const SILENT: Logger = { debug() {}, info() {}, warn() {}, error() {} };
const NAIVE_TTL_MS = 60_000;
const NAIVE_ENTRIES = 2000;
const RATE_STEP = 1000n;

/** The product: cache, bus, outbox and relay of a market node, with a loader that dawdles. */
async function startEdgebookArm(settings: RaceNodeSettings, onHeard: OnHeard): Promise<RaceNode> {
  const { databaseUrl, redisUrl, nodeId } = settings;
  const database = { url: databaseUrl };
  const node = await startMarketNode({ database, redisUrl, nodeId, jobs: true });
  const { db, bus, cache } = node;
  const relay = createRelay({ db, bus, cache, logger: SILENT });
  const prices = cache.collection({
    keyOf: priceKey,
    load: (pairs: readonly Pair[]) => lately(loadPrices(db, pairs)),
    versionOf: (price: Price | null) => price?.version ?? null,
  });
  const reads = {
    ...createReads(cache, db, null),
    prices: (pairs: readonly Pair[]) => prices.getMany(pairs),
  };
  const reporter = { writtenThrough: () => undefined };
  const writeThrough = createWriteThrough({ reads, reporter, logger: SILENT });
  const logger = SILENT;
  const unitOfWork = createUnitOfWork({ db, cache, relay, nodeId, logger, writeThrough });
  void listen(node, onHeard);
  return {
    read: async (key) => {
      cache.touch();
      const { value } = await prices.get(pairOf(key));
      return value?.version ?? 0;
    },
    write: (key) =>
      unitOfWork(async (work) => {
        const { version, rateMicros } = await raisePrice(work.tx, key);
        const draft = pricingUpdated({ ...pairOf(key), rateMicros, previousMicros: null }, []);
        work.emit({ ...draft, version }, Date.now());
        return version;
      }),
    truth: () => readTruth(db),
    stop: async () => {
      await writeThrough.stop();
      await node.stop();
    },
  };
}

/** Follows the node's own feed, told after the cache was, on a stream that goes on after a loss. */
async function listen(node: MarketNode, onHeard: OnHeard): Promise<void> {
  for await (const item of node.live.invalidations({})) {
    if (item.kind !== 'change' || item.change.event.type !== 'PRICING_UPDATED') continue;
    const { resourceId, version, timestamp } = item.change.event;
    onHeard(resourceId, version ?? 0, Date.now() - timestamp);
  }
}

async function startNaiveArm(settings: RaceNodeSettings, onHeard: OnHeard): Promise<RaceNode> {
  const database = await openRaceDatabase(settings.databaseUrl);
  const { db } = database;
  const cache = await createNaiveCache({
    url: settings.redisUrl,
    ttlMs: NAIVE_TTL_MS,
    maxEntries: NAIVE_ENTRIES,
    load: (key) => lately(readVersion(db, key)),
    onInvalidated: (key, version) => onHeard(key, version, null),
  });
  return {
    read: (key) => cache.get(key),
    write: async (key) => {
      const { version } = await db.transaction().execute((tx) => raisePrice(tx, key));
      await cache.invalidate(key, version);
      return version;
    },
    truth: () => readTruth(db),
    stop: async () => {
      cache.stop();
      await database.close();
    },
  };
}

async function raisePrice(
  tx: Tx | Db,
  key: RaceKey,
): Promise<{ readonly version: number; readonly rateMicros: bigint }> {
  const { gpuType, region } = pairOf(key);
  const row = await tx
    .updateTable('pair')
    .set({ rate_micros: sql`rate_micros + ${RATE_STEP}`, version: sql<number>`version + 1` })
    .where('gpu_type', '=', gpuType)
    .where('region', '=', region)
    .returning(['version', 'rate_micros'])
    .executeTakeFirstOrThrow();
  return { version: row.version, rateMicros: row.rate_micros ?? 0n };
}
