import type { GraphQLSchema } from 'graphql';
import { createYoga, type YogaServerInstance } from 'graphql-yoga';
import type { GraphqlContext } from '../graphql/context.ts';
import { chargePlugin } from './charge-plugin.ts';
import { consistencyPlugin } from './consistency.ts';
import { documentPlugin } from './document-plugin.ts';
import type { MaskError } from './masking.ts';
import type { Metrics } from './metrics.ts';
import { metricsPlugin } from './metrics-plugin.ts';
import type { OperationSource, SourceContext } from './operation-source.ts';
import type { RateLimit } from './rate-limit.ts';
import { streamsElsewherePlugin } from './streams-elsewhere.ts';

export interface EngineOptions {
  readonly schema: GraphQLSchema;
  /** Makes the context of one operation. */
  readonly contextFor: (source: OperationSource) => GraphqlContext;
  readonly introspection: boolean;
  readonly limited: boolean;
  readonly rateLimit: RateLimit;
  readonly mask: MaskError;
  readonly metrics: Metrics;
}

export type Engine = YogaServerInstance<SourceContext, GraphqlContext>;

/**
 * GraphQL behind every door: requests through Yoga's handler, streams and sockets through its
 * envelope. The front has read and checked the request already, so Yoga's own doors (body limit,
 * CORS, landing page, GraphiQL, health) are shut.
 */
export function createEngine(options: EngineOptions): Engine {
  const { schema, contextFor, introspection, limited, rateLimit, mask, metrics } = options;
  return createYoga<SourceContext, GraphqlContext>({
    schema,
    context: ({ source }) => partialContext(contextFor(source), source),
    maskedErrors: { maskError: mask },
    logging: false,
    maxRequestBodySize: false,
    batching: false,
    multipart: false,
    cors: false,
    graphiql: false,
    landingPage: false,
    plugins: [
      metricsPlugin(metrics),
      documentPlugin({ introspection, mask, metrics }),
      chargePlugin({ rateLimit, limited, mask }),
      consistencyPlugin(),
      streamsElsewherePlugin(),
      { onResponse: ({ response }) => response.headers.set('cache-control', 'no-store') },
    ],
  });
}

/** A resolver subscribes to the part of the feed that is run, without knowing of it. */
function partialContext(context: GraphqlContext, { partOf }: OperationSource): GraphqlContext {
  return partOf ? { ...context, live: partOf(context.live) } : context;
}
