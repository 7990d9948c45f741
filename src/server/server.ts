import type { RequestListener } from 'node:http';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import type { CoalescingWindows } from '../domain/live-stream.ts';
import type { Logger, Running } from '../domain/logger.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import type { LiveFeed } from '../live/types.ts';
import { createAdmission } from './admission.ts';
import { createClientAddresses, type AddressRules } from './client-address.ts';
import { createFront } from './front.ts';
import { createGraphiql } from './graphiql.ts';
import { createGraphqlRoute } from './graphql-route.ts';
import { startHttpServer } from './http-server.ts';
import { createLiveGroups } from './live-groups/live-groups.ts';
import { createLiveLimits, type LiveLimitRules } from './live-limits.ts';
import { createErrorMask } from './masking.ts';
import type { Metrics } from './metrics.ts';
import type { OperationSource } from './operation-source.ts';
import { createOperations } from './operations.ts';
import { createOriginCheck } from './origins.ts';
import { createRateLimit } from './rate-limit.ts';
import { startReadiness, type Readiness } from './readiness.ts';
import { createDistinctSse } from './sse-distinct.ts';
import { createSingleSse } from './sse-single.ts';
import { createTokenVerifier, type TokenRules } from './tokens.ts';
import { createWebSocketDoor, type WebSocketDoor } from './websocket.ts';
import { createEngine } from './yoga.ts';

/** Of one address or account; `docs/operations.md` tells them. */
const LIVE_LIMITS = {
  development: { perAddress: 128, perAccount: 128, subscriptions: 1_000 },
  production: { perAddress: 32, perAccount: 64, subscriptions: 1_000 },
} as const;

const NO_LIMITS: LiveLimitRules = { perAddress: null, perAccount: null, subscriptions: null };

export interface ServerOptions extends AddressRules {
  readonly host: string;
  readonly port: number;
  /** Closes introspection, GraphiQL and suggestions. */
  readonly production: boolean;
  /** False lifts the limits of rate, cost and of what may be open at once. */
  readonly limited: boolean;
  readonly allowedOrigins: readonly string[];
  readonly tokens: TokenRules;
  readonly schema: GraphQLSchema;
  readonly contextFor: (source: OperationSource) => GraphqlContext;
  /** Rejects, or does not answer, while the database is away. */
  readonly pingDatabase: () => Promise<unknown>;
  /** The feed that the context's streams are of. */
  readonly live: Pick<LiveFeed, 'join' | 'stop'>;
  /** Whether all viewers of a valid subscription are sent the same. */
  readonly isPublicStream: (document: DocumentNode, schema: GraphQLSchema) => boolean;
  /** What may be open at once; by default what the mode and `limited` say. */
  readonly liveLimits?: LiveLimitRules;
  /** How long results are gathered to be sent together; at once by default. */
  readonly coalescing?: CoalescingWindows;
  readonly metrics: Metrics;
  readonly log: Logger;
}

export interface GraphqlServer extends Running {
  readonly url: string;
  /** Says that the whole node is up: `/readyz` answers 200 from now on. */
  ready(): void;
}

interface Doors {
  readonly front: RequestListener;
  readonly webSockets: WebSocketDoor;
  /** Ends every live stream. */
  readonly endStreams: () => void;
  readonly onDropped: () => void;
}

/** What every door asks before it lets an operation in. */
function createGuards(options: ServerOptions) {
  const { production, limited, metrics, log } = options;
  const usual = limited ? LIVE_LIMITS[production ? 'production' : 'development'] : NO_LIMITS;
  return {
    limited,
    metrics,
    limits: createLiveLimits(options.liveLimits ?? usual, metrics),
    rateLimit: createRateLimit({ enabled: limited }),
    mask: createErrorMask({ hideSuggestions: production, log }),
    verify: createTokenVerifier(options.tokens),
    addresses: createClientAddresses(options),
    isAllowedOrigin: createOriginCheck(options.allowedOrigins),
  };
}

/** The ways in, around one engine and one set of live groups. */
function createDoors(options: ServerOptions, readiness: Readiness): Doors {
  const { schema, contextFor, production, live: feed, isPublicStream, metrics, log } = options;
  const { coalescing = {} } = options;
  const guards = createGuards(options);
  const introspection = !production;
  const engine = createEngine({ ...guards, schema, contextFor, introspection });
  const live = createLiveGroups({ ...guards, engine, feed, coalescing });
  const prepare = createOperations({ ...guards, engine, isPublicStream });
  const admission = createAdmission(guards);
  const single = createSingleSse({ ...guards, prepare, live, admission });
  const sse = createDistinctSse({ ...guards, prepare, live });
  return {
    webSockets: createWebSocketDoor({ ...guards, prepare, live, readiness, log }),
    front: createFront({
      addresses: guards.addresses,
      readiness,
      registry: metrics.registry,
      graphiql: production ? null : createGraphiql(),
      graphql: createGraphqlRoute({ engine, admission, sse }),
      stream: single.route,
      log,
    }),
    onDropped: () => metrics.refused('http', 'node'),
    endStreams: () => {
      live.stop();
      single.stop();
      feed.stop();
    },
  };
}

/** All the doors around one schema: one way in and one set of limits for HTTP, SSE and WebSocket. */
export async function startServer(options: ServerOptions): Promise<GraphqlServer> {
  const { host, port } = options;
  const readiness = startReadiness(options.pingDatabase);
  const doors = createDoors(options, readiness);
  const http = await startHttpServer({ host, port, ...doors }).catch(async (error: unknown) => {
    await readiness.stop();
    throw error;
  });
  return {
    url: http.url,
    ready: () => readiness.started(),
    stop: async () => {
      readiness.draining();
      await http.stop();
      await readiness.stop();
    },
  };
}
