import { startCoarseClock } from '../../src/cache/coarse-clock.ts';
import { createRedisL2 } from '../../src/cache/redis-l2.ts';
import { createTieredCache } from '../../src/cache/tiered-cache.ts';
import type { TieredCache } from '../../src/cache/types.ts';
import type { CacheNamespace } from '../../src/domain/cache-namespace.ts';
import type { Logger } from '../../src/domain/logger.ts';
import { createInProcessBus } from '../../src/events/in-process-bus.ts';
import { createRedisBus } from '../../src/events/redis-bus.ts';
import type { EventBus } from '../../src/events/types.ts';
import { createLiveFeed } from '../../src/live/live-feed.ts';
import type { LiveFeed } from '../../src/live/types.ts';
import { createApplyEvent } from '../../src/market/apply-event.ts';
import { createMarket } from '../../src/market/create-market.ts';
import { matchDue, startMatching } from '../../src/market/jobs/match.ts';
import { priceDue, startPriceRule } from '../../src/market/jobs/price-rule.ts';
import { createRelay } from '../../src/market/jobs/relay.ts';
import { settleDue, startScheduler } from '../../src/market/jobs/scheduler.ts';
import { createWriteThrough, type WriteThrough } from '../../src/market/jobs/write-through.ts';
import { createReads } from '../../src/market/reads.ts';
import { createMatcher } from '../../src/market/matching/matcher.ts';
import type { Market } from '../../src/market/types.ts';
import { createUnitOfWork } from '../../src/market/unit-of-work.ts';
import { connectRedis } from '../../src/redis.ts';
import { openPglite, openPostgres, type Db } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';

export interface MarketNodeOptions {
  /** A Postgres connection string, or the embedded database's folder. */
  readonly database: { readonly url: string } | { readonly path: string };
  /** The fleet's Redis; without it the node is alone. */
  readonly redisUrl?: string;
  /** The fleet's secret that signs events. */
  readonly eventToken?: string;
  readonly nodeId?: string;
  /** Whether relay and scheduler poll by themselves, as in a server; a test may rather call them. */
  readonly jobs?: boolean;
}

/** The market of one node with everything under it, put together as a server does, without a server. */
export interface MarketNode {
  readonly market: Market;
  readonly db: Db;
  readonly cache: TieredCache;
  readonly live: LiveFeed;
  readonly bus: EventBus;
  /** What was told of attempts to book, in order. */
  readonly bookingResults: readonly string[];
  /** The namespaces of entities that were loaded anew after a change, in order. */
  readonly writtenThrough: readonly CacheNamespace[];
  /** One round of the scheduler and of what looks after the books. */
  settleDue(): Promise<void>;
  /** One round of the price rule. */
  priceDue(): Promise<void>;
  /** Once; what is still running has ended afterwards. */
  stop(): Promise<void>;
}

const MAX_ENTRIES = 2000;

const SILENT: Logger = { debug() {}, info() {}, warn() {}, error() {} };

type Closing = () => unknown;

function openDatabase({ database }: MarketNodeOptions) {
  if ('path' in database) return openPglite(database.path);
  const limits = { maxConnections: 20, connectTimeoutMs: 10_000, statementTimeoutMs: 20_000 };
  return openPostgres({ url: database.url, ...limits }, () => {});
}

function openBus({ redisUrl, eventToken }: MarketNodeOptions, closing: Closing[]) {
  if (redisUrl === undefined) return { bus: createInProcessBus({ logger: SILENT }), l2: null };
  const redis = connectRedis({ url: redisUrl }, SILENT);
  closing.push(() => redis.close());
  const { commands, subscriber } = redis;
  const bus = createRedisBus({
    commands,
    subscriber,
    logger: SILENT,
    ...(eventToken !== undefined && { eventToken }),
  });
  return { bus, l2: createRedisL2(commands) };
}

/** Starts a node on a migrated database; the caller stops it. */
export async function startMarketNode(options: MarketNodeOptions): Promise<MarketNode> {
  const closing: Closing[] = [];
  const stop = async (): Promise<void> => {
    for (const close of closing.splice(0).toReversed()) await close();
  };
  try {
    return { ...(await compose(options, closing)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function compose(
  options: MarketNodeOptions,
  closing: Closing[],
): Promise<Omit<MarketNode, 'stop'>> {
  const database = await openDatabase(options);
  closing.push(() => database.close());
  const { db } = database;
  await migrate(db);
  const { bus, l2 } = openBus(options, closing);
  const clock = startCoarseClock();
  const cache = createTieredCache({ l2, clock, maxEntries: MAX_ENTRIES });
  const live = createLiveFeed({ replay: bus.replay });
  closing.push(
    () => clock.stop(),
    () => live.stop(),
    () => bus.stop(),
  );
  await bus.start({
    onEvent: createApplyEvent(cache, live),
    onCaughtUp: (partition, position, sentAtMs) => {
      cache.confirm(partition, position, sentAtMs);
      live.reach(partition, position);
    },
    onLost: (partition, position) => {
      cache.lose(partition, position);
      live.lose(partition, position);
    },
    onConnected: () => undefined,
    onDisconnected: () => cache.distrust(),
  });
  const logger = SILENT;
  const relay = createRelay({ db, bus, cache, logger });
  const nodeId = options.nodeId ?? 'test-node';
  const writtenThrough: CacheNamespace[] = [];
  const writeThrough = l2 && writingThrough(cache, db, writtenThrough);
  closing.push(() => writeThrough?.stop());
  const works = { db, cache, relay, nodeId, logger, writeThrough };
  const matcher = createMatcher(createUnitOfWork(works));
  const unitOfWork = createUnitOfWork({ ...works, matcher });
  const bookingResults: string[] = [];
  const onBooking = (result: string): unknown => bookingResults.push(result);
  const market = createMarket({ db, cache, relay, unitOfWork, logger, onBooking });
  if (options.jobs === true) {
    const jobs = [
      relay.start(),
      startScheduler({ db, unitOfWork, logger }),
      startPriceRule({ db, unitOfWork, logger }),
      startMatching({ db, unitOfWork, matcher, logger }),
    ];
    closing.push(() => Promise.all(jobs.map((job) => job.stop())));
  }
  const settle = async (): Promise<void> => {
    await settleDue({ db, unitOfWork, logger });
    await matchDue({ db, unitOfWork, matcher, logger });
  };
  const price = (): Promise<void> => priceDue({ db, unitOfWork, logger });
  const told = { bookingResults, writtenThrough };
  return { market, db, cache, live, bus, ...told, settleDue: settle, priceDue: price };
}

function writingThrough(cache: TieredCache, db: Db, told: CacheNamespace[]): WriteThrough {
  const reporter = { writtenThrough: (namespace: CacheNamespace) => void told.push(namespace) };
  return createWriteThrough({ reads: createReads(cache, db, null), reporter, logger: SILENT });
}
