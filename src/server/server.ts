import type { GraphQLSchema } from 'graphql';
import type { Logger, Running } from '../domain/logger.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import { createClientAddresses, type AddressRules } from './client-address.ts';
import { createConnectionCounter } from './connections.ts';
import { createFront } from './front.ts';
import { createGraphiql } from './graphiql.ts';
import { createGraphqlRoute } from './graphql-route.ts';
import { startHttpServer } from './http-server.ts';
import { createErrorMask } from './masking.ts';
import type { Metrics } from './metrics.ts';
import type { OperationSource } from './operation-source.ts';
import { createOriginCheck } from './origins.ts';
import { createRateLimit } from './rate-limit.ts';
import { startReadiness } from './readiness.ts';
import { createTokenVerifier, type TokenRules } from './tokens.ts';
import { createWebSocketDoor } from './websocket.ts';
import { createEngine } from './yoga.ts';

/** Sockets and streams of one address, per door. */
const CONNECTIONS_PER_ADDRESS = { development: 128, production: 32 } as const;

export interface ServerOptions extends AddressRules {
  readonly host: string;
  readonly port: number;
  /** Closes introspection, GraphiQL and suggestions. */
  readonly production: boolean;
  /** False lifts rate, cost and per-address limits. */
  readonly limited: boolean;
  readonly allowedOrigins: readonly string[];
  readonly tokens: TokenRules;
  readonly schema: GraphQLSchema;
  readonly contextFor: (source: OperationSource) => GraphqlContext;
  /** Rejects, or does not answer, while the database is away. */
  readonly pingDatabase: () => Promise<unknown>;
  /** Ends every live stream. */
  readonly endStreams: () => void;
  readonly metrics: Metrics;
  readonly log: Logger;
}

export interface GraphqlServer extends Running {
  readonly url: string;
  /** Says that the whole node is up: `/readyz` answers 200 from now on. */
  ready(): void;
}

/** All the doors around one schema: one way in and one set of limits for HTTP, SSE and WebSocket. */
export async function startServer(options: ServerOptions): Promise<GraphqlServer> {
  const { production, limited, metrics, log } = options;
  const readiness = startReadiness(options.pingDatabase);
  const perAddress = CONNECTIONS_PER_ADDRESS[production ? 'production' : 'development'];
  const connections = createConnectionCounter(limited ? perAddress : null);
  const rateLimit = createRateLimit({ enabled: limited });
  const mask = createErrorMask({ hideSuggestions: production, log });
  const verify = createTokenVerifier(options.tokens);
  const addresses = createClientAddresses(options);
  const isAllowedOrigin = createOriginCheck(options.allowedOrigins);
  const { schema, contextFor } = options;
  const engine = createEngine({
    schema,
    contextFor,
    introspection: !production,
    limited,
    rateLimit,
    connections,
    mask,
    metrics,
  });
  const webSockets = createWebSocketDoor({
    engine,
    verify,
    rateLimit,
    mask,
    addresses,
    isAllowedOrigin,
    connections,
    readiness,
    limited,
    log,
  });
  const front = createFront({
    addresses,
    readiness,
    registry: metrics.registry,
    graphiql: production ? null : createGraphiql(),
    graphql: createGraphqlRoute({ engine, verify, isAllowedOrigin, rateLimit }),
    log,
  });
  const { host, port, endStreams } = options;
  const http = await startHttpServer({ host, port, front, webSockets, endStreams }).catch(
    async (error: unknown) => {
      await readiness.stop();
      throw error;
    },
  );
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
