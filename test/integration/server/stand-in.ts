import { setImmediate as turn } from 'node:timers/promises';
import { GraphQLScalarType, print } from 'graphql';
import { createSchema } from 'graphql-yoga';
import { BoundedQueue } from '../../../src/live/bounded-queue.ts';
import type { GraphqlContext } from '../../../src/graphql/context.ts';
import { createMetrics, type Metrics } from '../../../src/server/metrics.ts';
import type { OperationSource } from '../../../src/server/operation-source.ts';
import { startServer, type GraphqlServer, type ServerOptions } from '../../../src/server/server.ts';
import { signToken } from '../../../src/server/tokens.ts';
import type { TokenRole } from '../../../src/domain/viewer.ts';
import { StandInHub, type Emission } from './stand-in-hub.ts';

/** A small world behind the real doors: what is tested is how anything at all gets in and out. */
export interface StandIn {
  readonly server: GraphqlServer;
  readonly metrics: Metrics;
  /** What the server logged. */
  readonly logged: object[];
  /** What its streams are told by. */
  readonly hub: StandInHub;
  databaseAnswers: boolean;
  post(
    body: unknown,
    headers?: Record<string, string>,
    signal?: AbortSignal | null,
  ): Promise<Response>;
  /** A metric's value as `/metrics` tells it, 0 while it has none. */
  metric(name: string, labels?: string): Promise<number>;
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
  scalar Unprintable
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
    "A value that no JSON can hold."
    unprintable: Unprintable
    items(first: Int = 20): [Item!]!
    rateLimit: RateLimit!
  }
  type Mutation {
    touch: Int!
  }
  type Subscription {
    "Public, and quiet until the test says something. Its opening is empty."
    ticks(after: String, every: Int): Int!
    "Every number ever said behind this one; negative ones fail. It takes its time, as a database does."
    numbers(after: Int): Int!
    "The viewer's own."
    mine: String!
    "Its opening is the latest number: who missed one is sent that again."
    orderBookUpdated: Int!
    "Throws after its first event."
    broken: Int!
    "Throws before any."
    refused: Int!
  }
`;

/** Fails behind its first event. */
function failingSource(): AsyncIterableIterator<{ broken: number }> {
  const queue = new BoundedQueue<{ broken: number }>({ limit: 5 });
  queue.push({ broken: 1 });
  queue.end(new Error('secret detail of the source'));
  return queue;
}

const query = {
  hello: (_root: unknown, { name }: { name?: string }) => `hello ${name ?? 'world'}`,
  whoami: (_root: unknown, _args: unknown, { viewer }: GraphqlContext) =>
    viewer && `${viewer.role} ${viewer.accountId}`,
  crash: () => {
    throw new Error('secret detail of a bug');
  },
  unprintable: () => 1,
  items: () => [],
  rateLimit: (_root: unknown, _args: unknown, context: GraphqlContext) => context.rateLimit(),
};

type Resolve<T> = (item: Emission, args: unknown, context: GraphqlContext) => T;

function standInSchema(hub: StandInHub): ServerOptions['schema'] {
  const counted =
    <T>(resolve: Resolve<T>): Resolve<T> =>
    (...args) => {
      hub.executed += 1;
      return resolve(...args);
    };
  const quiet = (_root: unknown, _args: unknown, context: GraphqlContext) =>
    hub.stream(context, []);
  return createSchema<GraphqlContext>({
    typeDefs: TYPE_DEFS,
    resolvers: {
      Query: query,
      Unprintable: new GraphQLScalarType({ name: 'Unprintable', serialize: () => 1n }),
      Mutation: { touch: () => 1 },
      Subscription: {
        ticks: {
          subscribe: (_root: unknown, { after }: { after?: string }, context: GraphqlContext) =>
            hub.stream(context, after === undefined ? [] : [Number(after)]),
          resolve: counted(({ value }) => value),
        },
        numbers: {
          subscribe: async (_root: unknown, { after = 0 }: { after?: number }, context) => {
            await turn();
            if (after < 0) throw new Error('there is no such position');
            return hub.stream(context, hub.missedSince(after, context));
          },
          resolve: counted(({ value }) => turn(value)),
        },
        mine: {
          subscribe: quiet,
          resolve: counted(({ value }, _args, { viewer }) => `${viewer?.accountId} ${value}`),
        },
        orderBookUpdated: {
          subscribe: (_root: unknown, _args: unknown, context: GraphqlContext) =>
            hub.stream(context, [hub.latest]),
          resolve: counted(({ value }) => value),
        },
        broken: {
          subscribe: (_root: unknown, _args: unknown, context: GraphqlContext) =>
            context.live.part === 'tail' ? failingSource() : hub.stream(context, []),
        },
        refused: {
          subscribe: () => {
            throw new Error('secret detail of a refusal');
          },
        },
      },
    },
  });
}

/** Starts the real server around the small world; the caller stops it. */
export async function startStandIn(options: Partial<ServerOptions> = {}): Promise<StandIn> {
  const hub = new StandInHub();
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
    schema: standInSchema(hub),
    contextFor: (source) => contextOf(source, hub),
    pingDatabase: () =>
      state.databaseAnswers ? Promise.resolve() : Promise.reject(new Error('away')),
    live: { join: () => hub.feed.join(), stop: () => hub.stop() },
    isPublicStream: (document) => !print(document).includes('mine'),
    metrics,
    log: { debug: log, info: log, warn: log, error: log },
    ...options,
  });
  server.ready();
  return Object.assign(state, {
    server,
    metrics,
    logged,
    hub,
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
    metric: (name: string, labels = '') => readMetric(metrics, name, labels),
    subscriptions: (transport: string) =>
      readMetric(metrics, 'live_subscriptions', `{transport="${transport}"}`),
    token: (role: TokenRole, account = 'dev', expiresInMs = 60_000) =>
      signToken(TOKEN_RULES, { account, role, expiresInMs }),
  });
}

/** The small world's resolvers know the viewer and the rate limit, nothing else. */
function contextOf(source: OperationSource, { feed }: StandInHub): GraphqlContext {
  const { viewer } = source;
  const known = { viewer, live: feed, nodeId: 'test', rateLimit: () => source.charge };
  return known as unknown as GraphqlContext;
}

async function readMetric({ registry }: Metrics, name: string, labels: string): Promise<number> {
  const text = await registry.getSingleMetricAsString(`edgebook_${name}`);
  const line = text.split('\n').find((each) => each.startsWith(`edgebook_${name}${labels} `));
  return Number(line?.split(' ')[1] ?? 0);
}
