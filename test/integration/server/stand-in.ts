import { createSchema } from 'graphql-yoga';
import { BoundedQueue } from '../../../src/live/bounded-queue.ts';
import type { GraphqlContext } from '../../../src/graphql/context.ts';
import { createMetrics, type Metrics } from '../../../src/server/metrics.ts';
import type { OperationSource } from '../../../src/server/operation-source.ts';
import { startServer, type GraphqlServer, type ServerOptions } from '../../../src/server/server.ts';
import { signToken } from '../../../src/server/tokens.ts';
import type { TokenRole } from '../../../src/domain/viewer.ts';

/** A small world behind the real doors: what is tested is how anything at all gets in and out. */
export interface StandIn {
  readonly server: GraphqlServer;
  readonly metrics: Metrics;
  /** What the server logged. */
  readonly logged: object[];
  /** Open `ticks` subscriptions. */
  readonly ticks: Set<BoundedQueue<{ ticks: number }>>;
  databaseAnswers: boolean;
  post(
    body: unknown,
    headers?: Record<string, string>,
    signal?: AbortSignal | null,
  ): Promise<Response>;
  /** `live_subscriptions` as `/metrics` tells it. */
  subscriptions(transport: string): Promise<number>;
  token(role: TokenRole, account?: string, expiresInMs?: number): Promise<string>;
}

export const TOKEN_RULES = {
  secret: 'a-secret-of-the-tests-that-is-long-enough',
  jwksUrl: null,
  issuer: 'edgebook',
  audience: 'edgebook',
};

const TYPE_DEFS = /* GraphQL */ `
  enum Colour {
    RED
  }
  type RateLimit {
    limit: Int!
    cost: Int!
    remaining: Int!
  }
  type Item {
    name: String!
    items(first: Int = 20): [Item!]!
  }
  type Query {
    hello(name: String, count: Int, colour: Colour): String!
    whoami: String
    crash: String
    items(first: Int = 20): [Item!]!
    rateLimit: RateLimit!
  }
  type Mutation {
    touch: Int!
  }
  type Subscription {
    "Quiet until the test says something."
    ticks: Int!
    "Throws after its first event."
    broken: Int!
  }
`;

function failingSource(): AsyncIterableIterator<{ broken: number }> {
  const queue = new BoundedQueue<{ broken: number }>({ limit: 5 });
  queue.push({ broken: 1 });
  queue.end(new Error('secret detail of the source'));
  return queue;
}

function standInSchema(ticks: StandIn['ticks']): ServerOptions['schema'] {
  return createSchema<GraphqlContext>({
    typeDefs: TYPE_DEFS,
    resolvers: {
      Query: {
        hello: (_root, { name }: { name?: string }) => `hello ${name ?? 'world'}`,
        whoami: (_root, _args, { viewer }) => viewer && `${viewer.role} ${viewer.accountId}`,
        crash: () => {
          throw new Error('secret detail of a bug');
        },
        items: () => [],
        rateLimit: (_root, _args, context) => context.rateLimit(),
      },
      Mutation: { touch: () => 1 },
      Subscription: {
        ticks: {
          subscribe: () => {
            const queue = new BoundedQueue<{ ticks: number }>({
              limit: 5,
              onClose: () => ticks.delete(queue),
            });
            ticks.add(queue);
            return queue;
          },
        },
        broken: { subscribe: failingSource },
      },
    },
  });
}

/** Starts the real server around the small world; the caller stops it. */
export async function startStandIn(options: Partial<ServerOptions> = {}): Promise<StandIn> {
  const ticks: StandIn['ticks'] = new Set();
  const metrics = createMetrics();
  const logged: object[] = [];
  const log = (fields: object): void => void logged.push(fields);
  const state = { databaseAnswers: true };
  const server = await startServer({
    host: '127.0.0.1',
    port: 0,
    production: false,
    limited: true,
    allowedOrigins: [],
    trustedProxies: [],
    ipAllowlist: [],
    tokens: TOKEN_RULES,
    schema: standInSchema(ticks),
    contextFor: contextOf,
    pingDatabase: () =>
      state.databaseAnswers ? Promise.resolve() : Promise.reject(new Error('away')),
    endStreams: () => {
      for (const queue of ticks) queue.end();
    },
    metrics,
    log: { debug: log, info: log, warn: log, error: log },
    ...options,
  });
  server.ready();
  return Object.assign(state, {
    server,
    metrics,
    logged,
    ticks,
    post: (
      body: unknown,
      headers: Record<string, string> = {},
      signal: AbortSignal | null = null,
    ) =>
      fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
        signal,
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    subscriptions: async (transport: string) => {
      const text = await metrics.registry.getSingleMetricAsString('edgebook_live_subscriptions');
      return Number(new RegExp(`transport="${transport}"} (\\d+)`).exec(text)?.[1]);
    },
    token: (role: TokenRole, account = 'dev', expiresInMs = 60_000) =>
      signToken(TOKEN_RULES, { account, role, expiresInMs }),
  });
}

/** The small world's resolvers know the viewer and the rate limit, nothing else. */
function contextOf(source: OperationSource): GraphqlContext {
  const known = { viewer: source.viewer, nodeId: 'test', rateLimit: () => source.charge };
  return known as unknown as GraphqlContext;
}
