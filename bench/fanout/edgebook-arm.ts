import type { Logger } from '../../src/domain/logger.ts';
import { partitionOf } from '../../src/domain/partition.ts';
import { createLoaders } from '../../src/graphql/loaders.ts';
import { isPublicStream } from '../../src/graphql/public-streams.ts';
import { schema } from '../../src/graphql/schema.ts';
import type { Fleet } from '../../src/market/fleet/types.ts';
import { createMetrics } from '../../src/server/metrics.ts';
import { startServer, type GraphqlServer } from '../../src/server/server.ts';
import { databaseNow } from '../../src/store/locks.ts';
import { startMarketNode, type MarketNode } from '../../test/support/market-node.ts';
import { nextEvent } from './payload.ts';
import type { Arm } from './raw-arms.ts';
import { REGION } from './doors.ts';

const SILENT: Logger = { debug() {}, info() {}, warn() {}, error() {} };
const TOKENS = {
  secret: 'a-secret-of-the-bench-that-is-long-enough',
  jwksUrl: null,
  issuer: 'edgebook',
  audience: 'edgebook',
};

/** A node as `startApp` puts it together, whose bus the bench may publish to as the relay does. */
export async function startEdgebookArm(): Promise<Arm> {
  const node = await startMarketNode({ database: { path: 'memory://' } });
  const server = await startDoors(node);
  return {
    port: Number(new URL(server.url).port),
    publish: (stamp) => node.bus.publish(partitionOf(REGION), [nextEvent(stamp)]),
  };
}

async function startDoors({ market, live, cache, db }: MarketNode): Promise<GraphqlServer> {
  // No stream asks the fleet anything.
  const fleet = {} as Fleet;
  const server = await startServer({
    host: '127.0.0.1',
    port: 0,
    production: true,
    limited: false,
    allowedOrigins: [],
    trustedProxies: [],
    ipAllowlist: [],
    tokens: TOKENS,
    schema,
    contextFor: (source) => {
      cache.touch();
      const { viewer, atLeast } = source;
      const loaders = createLoaders(market, atLeast);
      const rateLimit = (): typeof source.charge => source.charge;
      return { market, live, fleet, viewer, loaders, nodeId: 'bench', rateLimit, wrote: () => {} };
    },
    pingDatabase: () => databaseNow(db),
    live,
    isPublicStream,
    metrics: createMetrics(),
    log: SILENT,
  });
  server.ready();
  return server;
}
