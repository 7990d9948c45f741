import { setTimeout as sleep } from 'node:timers/promises';
import {
  CacheEventLogDocument,
  CacheInvalidatedDocument,
  PriceDocument,
  PricesDocument,
  UpdatePricingDocument,
} from '../../src/client/generated/graphql.ts';
import { createGraphqlClient, type GraphqlClient } from '../../src/client/graphql-client.ts';
import { startEdgebook, type TestEdgebook } from './edgebook.ts';
import { createSeededDatabase } from './seeded-database.ts';

export interface PriceRead {
  readonly usd: number;
  readonly servedFrom: string;
}

/** A node as a client knows it: the connections of one are kept open and used again. */
export interface FaultNode {
  readonly process: TestEdgebook;
  /** What the one price that is ever written is here. */
  read(): Promise<PriceRead>;
  /** Sets a price that nobody has seen yet; gives what was answered. */
  write(): Promise<number>;
  /** Prices whose events are pushed from here, from when the stream stands until `signal`. */
  follow(signal: AbortSignal): ReadonlySet<number>;
}

/** Two real nodes on one Postgres and the Redis of the test, and one price that only grows. */
export interface FaultFleet {
  readonly writer: FaultNode;
  readonly reader: FaultNode;
  /** Whose price it is. */
  readonly pair: Pair;
  /** Another node of the same fleet, with more or other variables; it is stopped with the others. */
  join(more?: Environment): Promise<FaultNode>;
  /** Reads all the while, at both nodes, until it is stopped. */
  watch(): Watch;
  stop(): Promise<void>;
}

export interface WatchReport {
  readonly reads: number;
  /** Answers older than one before them from the same node, or than the longest that trust lasts. */
  readonly stale: readonly string[];
}

export interface Watch {
  stop(): Promise<WatchReport>;
}

/** The blind lease of 3 s, and what a busy machine needs to say so. */
const KNOWN_AFTER_MS = 3_500;
const READ_EVERY_MS = 25;

type Environment = Readonly<Record<string, string>>;
export type Pair = { readonly gpuType: string; readonly region: string };

interface Market {
  readonly pair: Pair;
  /** When each price was answered to its writer, oldest first. */
  readonly written: { readonly usd: number; readonly atMs: number }[];
}

/** Starts both nodes on a catalogue that stands still; `env` tells them of Redis. */
export async function startFaultFleet(env: Environment): Promise<FaultFleet> {
  const database = await createSeededDatabase();
  const processes: TestEdgebook[] = [];
  const start = async (more: Environment = {}): Promise<TestEdgebook> => {
    const common = { DATABASE_URL: database.url, RATE_LIMIT: 'off' };
    const node = await startEdgebook({ ...common, ...env, ...more });
    processes.push(node);
    return node;
  };
  const [one, other] = await Promise.all([start(), start()]);
  const market: Market = { pair: await firstPair(clientOf(one)), written: [] };
  const [writer, reader] = [nodeOf(one, market), nodeOf(other, market)];
  return {
    writer,
    reader,
    pair: market.pair,
    join: async (more) => nodeOf(await start(more), market),
    watch: () => watch([writer, reader], market),
    stop: async () => {
      await Promise.all(processes.map((node) => node.stop()));
      await database.drop();
    },
  };
}

function clientOf(node: TestEdgebook): GraphqlClient {
  return createGraphqlClient({ url: `${node.origin}/graphql`, token: node.devToken('OPERATOR') });
}

async function firstPair(client: GraphqlClient): Promise<Pair> {
  const { prices } = await client.execute(PricesDocument, {});
  const [first] = prices;
  return { gpuType: first?.gpuType.slug ?? '', region: first?.region.code ?? '' };
}

const FIRST_CENTS = 300;
/** More than are written in one test. */
const KEPT_EVENTS = 100;

function nodeOf(node: TestEdgebook, { pair, written }: Market): FaultNode {
  const client = clientOf(node);
  return {
    process: node,
    read: async () => {
      const { price } = await client.execute(PriceDocument, pair);
      return { usd: Number(price?.usdPerGpuHour), servedFrom: price?.freshness.servedFrom ?? '' };
    },
    write: async () => {
      const usd = (FIRST_CENTS + written.length) / 100;
      const input = { ...pair, usdPerGpuHour: usd.toFixed(2), reason: 'a fault is tried' };
      const { updatePricing } = await client.execute(UpdatePricingDocument, { input });
      if (updatePricing.__typename !== 'UpdatePricingSuccess')
        throw new Error(`The write was refused: ${updatePricing.__typename}`);
      written.push({ usd, atMs: performance.now() });
      return usd;
    },
    follow: (signal) => follow(client, signal),
  };
}

function follow(client: GraphqlClient, signal: AbortSignal): ReadonlySet<number> {
  const pushed = new Set<number>();
  const ids = new Set<string>();
  const stream = client.subscribe(CacheInvalidatedDocument, {}, signal);
  const listen = async (): Promise<void> => {
    for await (const { cacheInvalidated: push } of stream) {
      if (push.__typename !== 'Invalidation' || push.eventType !== 'PRICING_UPDATED') continue;
      ids.add(push.eventId);
      for (const { eventId, usd } of await pricingEvents(client))
        if (ids.has(eventId)) pushed.add(usd);
    }
  };
  // It ends with the signal.
  listen().catch(() => undefined);
  return pushed;
}

/** What the node has heard of: a push names an event and not its price. */
async function pricingEvents(
  client: GraphqlClient,
): Promise<{ readonly eventId: string; readonly usd: number }[]> {
  const { cacheEventLog } = await client.execute(CacheEventLogDocument, {
    first: KEPT_EVENTS,
    types: ['PRICING_UPDATED'],
  });
  return cacheEventLog.map(({ eventId, data }) => ({
    eventId,
    usd: Number((data as { readonly usdPerGpuHour: string }).usdPerGpuHour),
  }));
}

function watch(nodes: readonly FaultNode[], market: Market): Watch {
  const report = { reads: 0, stale: [] as string[] };
  let watching = true;
  const readOn = async (node: FaultNode, name: string): Promise<void> => {
    let last = 0;
    while (watching) {
      const askedAtMs = performance.now();
      // What is known for as long as trust can last, and what this very node has shown.
      const known = market.written.findLast(({ atMs }) => atMs < askedAtMs - KNOWN_AFTER_MS);
      const least = Math.max(last, known?.usd ?? 0);
      const { usd, servedFrom } = await node.read();
      report.reads += 1;
      if (usd < least) report.stale.push(`${name}: ${usd} from ${servedFrom}, after ${least}`);
      last = Math.max(last, usd);
      await sleep(READ_EVERY_MS);
    }
  };
  const following = Promise.all(nodes.map((node, index) => readOn(node, `node ${index + 1}`)));
  // Told by `stop`.
  following.catch(() => undefined);
  return {
    stop: async () => {
      watching = false;
      await following;
      return report;
    },
  };
}
