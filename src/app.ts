import type { TieredCache } from './cache/types.ts';
import { unusable, type Config } from './config.ts';
import { DEMO_PROVIDER } from './demo/catalogue.ts';
import { seedDemo } from './demo/seed-demo.ts';
import { startDemo } from './demo/start-demo.ts';
import type { Logger, Running } from './domain/logger.ts';
import type { TokenRole } from './domain/viewer.ts';
import { startFleet } from './fleet.ts';
import { createLoaders } from './graphql/loaders.ts';
import { isPublicStream } from './graphql/public-streams.ts';
import { schema } from './graphql/schema.ts';
import type { LiveFeed } from './live/types.ts';
import type { Fleet } from './market/fleet/types.ts';
import { createMarket } from './market/create-market.ts';
import { createIngest } from './market/ingest.ts';
import { createChecker } from './market/jobs/checker.ts';
import { startGuardL2 } from './market/jobs/guard-l2.ts';
import { matchDue, startMatching } from './market/jobs/match.ts';
import { startPriceRule } from './market/jobs/price-rule.ts';
import { createRelay } from './market/jobs/relay.ts';
import { startRetention } from './market/jobs/retention.ts';
import { settleDue, startScheduler } from './market/jobs/scheduler.ts';
import { startSettlePending } from './market/jobs/settle-pending.ts';
import { createWriteThrough } from './market/jobs/write-through.ts';
import { createReads } from './market/reads.ts';
import { createMatcher } from './market/matching/matcher.ts';
import type { Market } from './market/types.ts';
import { createUnitOfWork } from './market/unit-of-work.ts';
import { warmUp } from './market/warm-up.ts';
import { bothOf } from './market/written.ts';
import { startPipes, type Pipes } from './pipes.ts';
import { createLogger } from './server/logger.ts';
import { createMetrics, type Metrics } from './server/metrics.ts';
import { startServer, type GraphqlServer } from './server/server.ts';
import { startUpText } from './server/start-up-text.ts';
import { signToken } from './server/tokens.ts';
import type { Database } from './store/database.ts';
import { databaseNow } from './store/locks.ts';
import { migrate } from './store/migrate.ts';
import { openDatabase } from './store/open-database.ts';

/** For the commands that work on the database without a server. */
export { openDatabase };

export interface App extends Running {
  /** `http://127.0.0.1:4000` */
  readonly url: string;
  /** What to show to the person who started it. */
  readonly text: string;
}

/** What every part of a node is told or tells. */
interface Common {
  readonly config: Config;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** What has started, to be stopped in reverse. */
  readonly started: AsyncDisposableStack;
}

/**
 * Starts a node: config → database → migrate → bus → caches → market → live → settle what is due →
 * listen → warm the cache → ready. A start that fails half-way stops what it had started. `stop` is idempotent.
 */
export async function startApp(config: Config): Promise<App> {
  const logger = createLogger({ production: config.production, nodeId: config.node.id });
  const started = new AsyncDisposableStack();
  const common = { config, logger, metrics: createMetrics(), started };
  try {
    const { url, text } = await start(common);
    let stopping: Promise<void> | null = null;
    return { url, text, stop: () => (stopping ??= started.disposeAsync()) };
  } catch (error) {
    await started.disposeAsync();
    throw error;
  }
}

async function start(common: Common): Promise<{ url: string; text: string }> {
  const { config, logger, started } = common;
  if (!config.rateLimit) logger.warn({}, 'RATE_LIMIT=off: no limit of rate, cost and connections');
  const database = await startDatabase(common);
  const pipes = await startPipes(common);
  const market = await startMarket(common, database, pipes);
  const subscribers = (): number => common.metrics.subscriptions();
  const fleet = await startFleet({ ...common, ...pipes, db: database.db, subscribers });
  const server = await startDoors(common, { database, ...pipes, market, fleet });
  if (config.demoMarket) {
    const demo = startDemo({ market, logger, nodeId: config.node.id });
    started.defer(() => demo.stop());
  }
  await warmUp(market.reads, { maxEntries: config.cache.l1Entries, logger });
  server.ready();
  return { url: server.url, text: await textOf(config, database, market, server.url) };
}

/** Signs a bearer token as the server would accept it; fails where only an issuer can (AUTH_JWKS_URL). */
export function issueToken(
  config: Config,
  claims: { readonly account: string; readonly role: TokenRole; readonly expiresInMs: number },
): Promise<string> {
  return signToken(config.auth, claims);
}

async function startDatabase({ config, logger, started }: Common): Promise<Database> {
  const onPoolError = (err: Error): void => logger.warn({ err }, 'a connection was lost');
  const database = await openDatabase(config, onPoolError);
  started.defer(() => database.close());
  try {
    await migrate(database.db);
  } catch (error) {
    throw config.databaseUrl === null ? error : unusable('DATABASE_URL: Postgres', error);
  }
  return database;
}

async function startMarket(
  { config, logger, metrics, started }: Common,
  { db }: Database,
  { cache, bus, redis, reporter }: Pipes,
): Promise<Market> {
  const relay = createRelay({ db, bus, cache, logger });
  const nodeId = config.node.id;
  const reads = createReads(cache, db, null);
  // A single node has nobody to load anything for.
  const writeThrough = redis && createWriteThrough({ reads, reporter, logger });
  started.defer(() => writeThrough?.stop());
  const works = { db, cache, relay, nodeId, logger, writeThrough };
  const matcher = createMatcher(createUnitOfWork(works));
  const unitOfWork = createUnitOfWork({ ...works, matcher });
  const onBooking = (result: string): void => metrics.booking(result);
  const onOrder = (result: string): void => metrics.order(result);
  const guard = startGuardL2(db, cache, logger);
  started.defer(() => guard.stop());
  const onInconsistent = (): void => metrics.inconsistency();
  const checker = createChecker({ logger, onInconsistent, isBehind: () => guard.isBehind() });
  started.defer(() => checker.stop());
  const market = createMarket({
    db,
    cache,
    relay,
    unitOfWork,
    logger,
    onBooking,
    onOrder,
    checker,
  });
  if (config.demoMarket) await seedDemo(createIngest({ db, sourceNode: nodeId }));
  await relay.drain();
  await settleDue({ db, unitOfWork, logger });
  await matchDue({ db, unitOfWork, matcher, logger });
  const jobs = [
    startRetention(db, logger),
    relay.start(),
    startScheduler({ db, unitOfWork, logger }),
    startPriceRule({ db, unitOfWork, logger }),
    startMatching({ db, unitOfWork, matcher, logger }),
    startSettlePending(db, cache, logger),
  ];
  for (const job of jobs) started.defer(() => job.stop());
  return market;
}

interface Rooms {
  readonly database: Database;
  readonly cache: TieredCache;
  readonly market: Market;
  readonly live: LiveFeed;
  readonly fleet: Fleet;
}

async function startDoors(
  { config, logger, metrics, started }: Common,
  rooms: Rooms,
): Promise<GraphqlServer> {
  const { database, cache, market, live, fleet } = rooms;
  const server = await startServer({
    ...config,
    limited: config.rateLimit,
    tokens: config.auth,
    schema,
    metrics,
    log: logger,
    contextFor: (source) => {
      cache.touch();
      const { viewer } = source;
      const loaders = createLoaders(market, source.atLeast);
      return {
        market,
        live,
        fleet,
        viewer,
        loaders,
        nodeId: config.node.id,
        rateLimit: () => source.charge,
        wrote: (token) => {
          source.written = bothOf(source.written, token);
        },
      };
    },
    pingDatabase: () => databaseNow(database.db),
    live,
    isPublicStream,
  }).catch((error: unknown) => {
    throw unusable(`HOST, PORT: ${config.host}:${config.port}`, error);
  });
  started.defer(() => server.stop());
  return server;
}

async function textOf(
  config: Config,
  database: Database,
  market: Market,
  url: string,
): Promise<string> {
  const { value: slugs } = await market.reads.providerSlugs();
  return startUpText({
    ...config,
    url,
    database: database.kind,
    redis: config.redis !== null,
    rules: config.auth,
    provider: slugs.includes(DEMO_PROVIDER) ? DEMO_PROVIDER : (slugs[0] ?? null),
  });
}
